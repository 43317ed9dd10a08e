"""Capabilities of third parties: a decorated Python function becomes a declaration and an effect.

`capability` reads the signature, the type hints and the docstring; nothing is registered by
importing. The function itself runs only as the write of `plugin.<name>`, after resolve and policy
(`plugin_driver.py`). `load_plugins` finds packages by the entry point group
`edgewise.capabilities`; one that is broken is reported and left out.

A plug-in runs in this process and is trusted as installed code is; what its functions return is
labelled TOOL. It has no effect but its own target; what writes the car's signals is a function with
a `resolve` (`act/function.py`), which the device's maker adds.
"""

import inspect
import logging
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated, Any, Literal, cast

from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from edgewise.errors import UserError

GROUP = "edgewise.capabilities"
TIME_LIMIT_S = 10.0

_log = logging.getLogger(__name__)

ExampleText = str | tuple[str, Mapping[str, JsonValue]] | Example


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number argument, both allowed, and its unit."""

    minimum: float
    maximum: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A decorated function with its declaration; calling it calls the function."""

    capability: Capability
    function: Callable[..., Any]
    time_limit_s: float = TIME_LIMIT_S

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)


def capability(
    name: str,
    *,
    risk: Risk = Risk.DISRUPTIVE,
    words: Words | None = None,
    en: Iterable[ExampleText] = (),
    zh: Iterable[ExampleText] = (),
    done: Words | None = None,
    private: bool = False,
    time_limit_s: float = TIME_LIMIT_S,
) -> Callable[[Callable[..., Any]], Plugin]:
    """Turns a plain typed function, sync or async, into a capability called `name`.

    Arguments come from the signature: `bool`, `int`, `float`, `str`, `Zone`, an Enum, a Literal,
    `list` of the last three, or `dict`; `Annotated[float, Range(16, 30), "words"]` adds limits and
    what it is called. A parameter without default is required. `risk` is disruptive unless said
    otherwise, so the policy asks rather than guesses. Without `done` the text that it returns is
    the answer. Raises UserError naming the parameter that has no known type.
    """

    def declare(function: Callable[..., Any]) -> Plugin:
        doc = (inspect.getdoc(function) or name).strip().partition("\n")[0]
        made = Capability(
            name,
            words or Words(doc, doc),
            risk,
            _arguments(function, name),
            actuators=(f"plugin.{name}",),
            en=tuple(_example(text) for text in en),
            zh=tuple(_example(text) for text in zh),
            done=done,
            private=private,
            content=OriginKind.TOOL,
            readback_s=time_limit_s,
            provider=function.__module__.partition(".")[0],
        )
        _check(made)
        return Plugin(made, function, time_limit_s)

    return declare


def functions_of(plugins: Iterable[Plugin]) -> list[Function]:
    """The functions for a catalogue; each resolves to one effect on `plugin.<name>`."""
    return [Function(plugin.capability, _resolver(plugin.capability)) for plugin in plugins]


def load_plugins(
    found: Iterable[EntryPoint] | None = None,
) -> tuple[list[Plugin], list[str]]:
    """The plug-ins of all installed packages, and one line for each that could not be used."""
    plugins: list[Plugin] = []
    problems: list[str] = []
    taken: dict[str, str] = {}
    for entry in entry_points(group=GROUP) if found is None else found:
        try:
            loaded = _plugins_in(entry.load())
        except Exception as error:  # noqa: BLE001 a stranger's import may raise anything
            _log.warning("plug-in %s failed", entry.value, exc_info=error)
            problems.append(
                f"plug-in {entry.name} ({entry.value}) is left out:"
                f" {type(error).__name__}: {error}; correct or uninstall it"
            )
            continue
        if not loaded:
            problems.append(
                f"plug-in {entry.name} ({entry.value}) has no function decorated with `capability`"
            )
        for plugin in loaded:
            name = plugin.capability.name
            if name in taken:
                problems.append(
                    f"plug-in {entry.name}: {name} is already provided by {taken[name]}; left out"
                )
                continue
            taken[name] = entry.name
            plugins.append(plugin)
    return plugins, problems


def _plugins_in(loaded: Any) -> list[Plugin]:
    if isinstance(loaded, Plugin):
        return [loaded]
    if isinstance(loaded, types.ModuleType):
        return [value for value in vars(loaded).values() if isinstance(value, Plugin)]
    if not isinstance(loaded, Iterable):
        raise TypeError(f"{loaded!r} is no module and no list of decorated functions")
    plugins = list(cast(Iterable[Any], loaded))
    for value in plugins:
        if not isinstance(value, Plugin):
            raise TypeError(f"{value!r} is not decorated with `capability`")
    return plugins


def _resolver(declared: Capability) -> Callable[[Call, Snapshot], Resolution]:
    target = f"plugin.{declared.name}"

    def resolve(call: Call, _snapshot: Snapshot) -> Resolution:
        label = label_of(OriginKind.TOOL, declared.name)
        return Resolved((Effect(target, dict(call.arguments)),), label=label)

    return resolve


def _arguments(function: Callable[..., Any], name: str) -> tuple[Argument, ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    made: list[Argument] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise UserError(f"{name}: *{parameter.name} can not be declared; name each argument")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise UserError(f"{name}: {parameter.name} is positional only; remove the /")
        required = parameter.default is parameter.empty
        hint = hints.get(parameter.name)
        made.append(_argument(name, parameter.name, hint, required, parameter.default))
    return tuple(made)


def _argument(function: str, name: str, hint: Any, required: bool, default: Any) -> Argument:
    extras: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        hint, *extras_list = typing.get_args(hint)
        extras = tuple(extras_list)
    kind, choices = _kind(_without_none(hint))
    if kind is None:
        raise UserError(
            f"{function}: the type of {name!r} is {hint!r}; use bool, int, float, str, dict, Zone,"
            " an Enum, a Literal, or a list of the last three"
        )
    limits = next((extra for extra in extras if isinstance(extra, Range)), None)
    said = next((extra for extra in extras if isinstance(extra, Words)), None)
    text = next((extra for extra in extras if isinstance(extra, str)), name.replace("_", " "))
    plain = default.value if isinstance(default, Enum) else default
    return Argument(
        name,
        kind,
        said or Words(text, text),
        required,
        choices,
        limits.minimum if limits else None,
        limits.maximum if limits else None,
        limits.unit if limits else "",
        None if required else plain,
    )


def _kind(hint: Any) -> tuple[Kind | None, tuple[Choice, ...]]:
    if hint is Zone:
        return Kind.ZONE, ()
    if typing.get_origin(hint) is Literal:
        return Kind.CHOICE, tuple(_choice(str(value)) for value in typing.get_args(hint))
    if typing.get_origin(hint) is list:
        kind, choices = _kind(typing.get_args(hint)[0])
        several = {Kind.ZONE: Kind.ZONES, Kind.CHOICE: Kind.CHOICES}
        return (several.get(kind) if kind else None), choices
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Kind.CHOICE, tuple(_choice(str(member.value)) for member in hint)
    kinds: dict[Any, Kind] = {
        bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.NUMBER, str: Kind.TEXT,
        dict: Kind.OBJECT,
    }  # fmt: skip
    return kinds.get(typing.get_origin(hint) or hint), ()


def _choice(value: str) -> Choice:
    text = value.replace("_", " ")
    return Choice(value, Words(text, text), (text,), (text,))


def _without_none(hint: Any) -> Any:
    """`X` of `X | None`."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def _example(text: ExampleText) -> Example:
    match text:
        case Example():
            return text
        case str():
            return Example(text)
        case (sentence, arguments):
            return Example(sentence, dict(arguments))


def _check(made: Capability) -> None:
    family, _, verb = made.name.rpartition(".")
    if not family or not verb or not all(c.isalnum() or c in "._" for c in made.name):
        raise UserError(
            f"{made.name!r} is no capability name; use family.verb of letters, digits and _"
        )
    for example in (*made.en, *made.zh):
        for name in example.arguments:
            if made.argument(name) is None:
                raise UserError(f"{made.name}: the example {example.text!r} names {name!r},"
                                " which is no argument")  # fmt: skip
