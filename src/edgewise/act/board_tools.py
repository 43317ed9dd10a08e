"""A voice device by its own tools: what it can do, and which tool does it.

The standard tools of the firmware serve capabilities that every device understands
(`board_abilities.py`); every other tool becomes a capability `board.<name>` by its name and schema
alone. Its description is a stranger's text and is never read; what it answers is labelled TOOL, a
camera's answer IMAGE. How bad a tool may be (`board_risk.py`) is part of its target. Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from edgewise.act.board_abilities import CANNOT, builtin_functions
from edgewise.act.board_risk import RISKS, sort_of
from edgewise.act.board_sentences import Own, with_sentences
from edgewise.act.board_status import BRIGHTNESS, DARK_MODE, VOLUME
from edgewise.act.board_things import speaks_of
from edgewise.act.board_unsaid import unsaid
from edgewise.act.board_words import Named, named
from edgewise.act.function import Function
from edgewise.act.mcp_tool import Hints, declaration, plain_name
from edgewise.core.call import Call, Effect, Impossible, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, Snapshot, as_list
from edgewise.core.words import Words
from edgewise.errors import UserError

CALL_S = 10.0
"""How long a tool may take: a servo, or a model behind a camera, takes seconds."""
MOST_TOOLS = 128
LONGEST_NAME = 100
STATUS_TOOL = "self.get_device_status"
CAMERA_TOOL = "self.camera.take_photo"
LOOK = "board.look.camera"


class Tool(Protocol):
    """A tool as the device lists it; see `talk.xiaozhi.tools.BoardTool`."""

    @property
    def name(self) -> str: ...
    @property
    def input_schema(self) -> Mapping[str, Any]: ...
    @property
    def annotations(self) -> Hints | None: ...
    @property
    def is_for_users(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Use:
    """How a target is written: the tool, and the argument that takes the value. Without one the
    value is all arguments. `either` are the names of no and yes where the tool wants a name."""

    tool: str
    argument: str = ""
    either: tuple[str, str] | None = None

    def arguments(self, value: JsonValue) -> dict[str, JsonValue]:
        """The arguments of the call that writes `value`."""
        if not self.argument:
            return dict(value or {})
        return {self.argument: self.either[bool(value)] if self.either else value}


@dataclass(frozen=True, slots=True)
class Board:
    """A device by its tools. `uses` is the tool of each target that can be written; `status` the
    tool that tells its state, empty without one; `problems` says what was left out and why."""

    functions: tuple[Function, ...]
    uses: Mapping[str, Use]
    status: str
    problems: tuple[str, ...]

    @property
    def sayable(self) -> tuple[Capability, ...]:
        """What words may mean: all but its own tools that cannot be undone."""
        capabilities = (function.capability for function in self.functions)
        return tuple(
            c for c in capabilities if c.provider != PROVIDER or c.risk is not Risk.IRREVERSIBLE
        )


PROVIDER = "board"


def board_of(tools: Sequence[Tool], *, beside: Collection[str] = ()) -> Board:
    """What a device with these tools can do. Tools for its owner's own hand are not among them, nor
    is one that cannot be declared; `beside` are prefixes of drivers that the host has besides."""
    found: dict[str, Tool] = {}
    for tool in tools:
        if tool.name and len(tool.name) <= LONGEST_NAME and not tool.is_for_users:
            found.setdefault(tool.name, tool)
    kept = list(found.values())[:MOST_TOOLS]
    uses = {target: use for tool in kept for target, use in _standard(tool).items()}
    status = next((tool.name for tool in kept if _tells_status(tool)), "")
    standing = {status, *(use.tool for use in uses.values())}
    builtin = builtin_functions(tuple(uses), tells=bool(status), beside=beside)
    own, problems = _own_tools([tool for tool in kept if tool.name not in standing], uses)
    said = with_sentences(own, [function.capability for function in builtin])
    stops = tuple(target for target in uses if target.startswith("board.stop."))
    hidden = [tool for tool in own if tool.capability.risk is Risk.IRREVERSIBLE]
    functions = [
        *(_stopping(function, stops) for function in builtin),
        *(_function(declared, tool.name) for declared, tool in zip(said, own, strict=True)),
        *map(unsaid, hidden),
    ]
    return Board(tuple(functions), uses, status, tuple(problems))


def _standard(tool: Tool) -> dict[str, Use]:
    """The target that a standard tool writes, if its schema is the standard one."""
    target = _STANDARD.get(tool.name)
    if target is None:
        return {}
    use = _USES[target]
    try:
        arguments = declaration(target, PROVIDER, tool).arguments
    except UserError:
        return {}
    taken = next((a for a in arguments if a.name == use.argument), None)
    others = any(a.required for a in arguments if a is not taken)
    return {} if taken is None or others or not _fits(taken, use) else {target: use}


def _fits(taken: Argument, use: Use) -> bool:
    if use.either is not None:
        offered = {choice.value for choice in taken.choices}
        return taken.kind is Kind.TEXT or set(use.either) <= offered
    percent = taken.minimum in (None, 0, 1) and taken.maximum in (None, 100)
    return taken.kind in (Kind.INTEGER, Kind.NUMBER) and percent


def _tells_status(tool: Tool) -> bool:
    return tool.name == STATUS_TOOL and not as_list(tool.input_schema.get("required"))


def _own_tools(tools: Sequence[Tool], uses: dict[str, Use]) -> tuple[list[Own], list[str]]:
    """The declarations of tools that are not standard; their targets are added to `uses`."""
    own: list[Own] = []
    problems: list[str] = []
    for tool in tools:
        if tool.name == CAMERA_TOOL and _takes_question(tool):
            own.append(Own(_LOOKING, named("")))
            uses[LOOK] = Use(tool.name)
            continue
        short, name = _free(plain_name(tool.name.removeprefix("self.")), own), named(tool.name)
        try:
            declared = declaration(f"board.{short}", PROVIDER, tool)
        except UserError as error:
            problems.append(f"a tool of the device is left out: {error}")
            continue
        sort = sort_of(tool.name, name, declared)
        target = f"board.{sort}.{short}"
        uses[target] = Use(tool.name)
        own.append(Own(_as_declared(declared, target, sort), name))
    return own, problems


def _takes_question(tool: Tool) -> bool:
    try:
        arguments = declaration(LOOK, PROVIDER, tool).arguments
    except UserError:
        return False
    return [(a.name, a.kind) for a in arguments] == [("question", Kind.TEXT)]


def _as_declared(declared: Capability, target: str, sort: str) -> Capability:
    done = Words("Done.", "好了。")
    return msgspec.structs.replace(
        declared,
        risk=RISKS[sort],
        actuators=(target,),
        readback_s=CALL_S,
        time_to_live_s=CALL_S + 5.0,
        done=done,
        tells=Words("{data.text}", "{data.text}") if sort == "read" else done,
        provider=PROVIDER,
    )


def _free(short: str, own: Sequence[Own]) -> str:
    taken = {tool.capability.name for tool in own}
    number, name = 1, short
    while f"board.{name}" in taken:
        number += 1
        name = f"{short[:56]}_{number}"
    return name


def _function(declared: Capability, name: Named) -> Function:
    """Its one effect is the call of the tool, with the arguments as value; none where the words
    that it was read from name another thing. What answers a question about an argument names none.
    """
    (target,) = declared.actuators
    kind = declared.content or OriginKind.TOOL

    def resolve(call: Call, _snapshot: Snapshot) -> Resolution:
        if call.clause and not call.asked and not speaks_of(call.clause, name):
            return Impossible("unavailable", CANNOT)
        arguments = dict(call.arguments)
        if target == LOOK:
            arguments = {"question": arguments.get("question") or call.clause or _WHAT}
        return Resolved((Effect(target, arguments),), label=label_of(kind, declared.name))

    return Function(declared, resolve)


def _stopping(function: Function, stops: tuple[str, ...]) -> Function:
    """The dialogue, in which "stop" also stops the device's own body; else `function`."""
    if function.capability.name != "dialog.control" or not stops:
        return function

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        resolution = function.resolve(call, snapshot)
        if call.arguments.get("action") != "stop" or not isinstance(resolution, Resolved):
            return resolution
        halts = tuple(Effect(target, {}) for target in stops)
        return msgspec.structs.replace(resolution, effects=(*resolution.effects, *halts))

    actuators = (*function.capability.actuators, *stops)
    declared = msgspec.structs.replace(function.capability, actuators=actuators)
    return Function(declared, resolve, function.reads)


_USES = {
    VOLUME: Use("self.audio_speaker.set_volume", "volume"),
    BRIGHTNESS: Use("self.screen.set_brightness", "brightness"),
    DARK_MODE: Use("self.screen.set_theme", "theme", ("light", "dark")),
}
_STANDARD = {use.tool: target for target, use in _USES.items()}
_WHAT = "What is in the picture?"
_LOOKING = Capability(
    "board.look",
    Words("look through the camera and tell what is there", "用摄像头看一看并告诉你"),
    Risk.READ,
    (Argument("question", Kind.TEXT, Words("question", "问题"), maximum=500),),
    actuators=(LOOK,),
    time_to_live_s=CALL_S + 5.0,
    readback_s=CALL_S,
    rules=(33, 34),
    private=True,
    content=OriginKind.IMAGE,
    tells=Words("{data.text}", "{data.text}"),
    provider=PROVIDER,
    en=tuple(
        map(
            Example,
            (
                "what do you see",
                "what can you see",
                "can you see this",
                "look around",
                "look at this",
                "take a photo",
                "take a picture",
                "what am I holding",
                "describe what you see",
            ),
        )
    ),
    zh=tuple(
        map(
            Example,
            (
                "你看到了什么",
                "你能看到什么",
                "你看见什么了",
                "这是什么",
                "看看这是什么",
                "看一下这个",
                "拍张照片",
                "帮我拍照",
                "我手里拿的是什么",
                "描述一下你看到的",
                "看看周围",
            ),
        )
    ),
)
