"""Reading the fields that both dialects have: a struct from JSON, tools, voices, turns, amounts."""

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from edgewise.talk.mind import Tool
from edgewise.talk.realtime.problem import Problem, bad_value, not_here
from edgewise.talk.realtime.session import BY_HAND, Session
from edgewise.talk.settings import Settings, TurnEnd, Turns

MOST_TOOLS = 128
INSTRUCTIONS_CHARACTERS = 65_536
ToolName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.\-]{1,128}$")]
Instructions = Annotated[str, Meta(max_length=INSTRUCTIONS_CHARACTERS)]
Tokens = Annotated[int, Meta(ge=1)] | Literal["inf"] | None
OTHERS_VOICES = frozenset(
    (
        *("alloy", "ash", "ballad", "coral", "echo", "fable", "marin", "cedar"),
        *("nova", "onyx", "sage", "shimmer", "verse"),
    )
)
"""OpenAI's: a client that names one by habit is answered in the service's own voice."""
Read = TypeVar("Read")


class Fields(Struct, frozen=True, forbid_unknown_fields=True):
    """Fields of a client; one that it does not name is refused."""


class NamedFunction(Fields, frozen=True):
    """A function as chat completions and StepFun write it."""

    name: ToolName
    description: str = ""
    parameters: dict[str, Any] = {}
    strict: bool | None = None


class ToolFields(Struct, frozen=True):
    """A tool of the client, in OpenAI's realtime words or with `function` apart."""

    type: str = "function"
    name: ToolName | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    function: NamedFunction | None = None


class ToolChoice(Struct, frozen=True):
    """The function that must be called."""

    type: str = "function"
    name: ToolName | None = None
    function: NamedFunction | None = None


class VoiceId(Fields, frozen=True):
    """A voice by its id."""

    id: str


class TurnDetection(Fields, frozen=True):
    """How the server tells turns apart, in the words of both dialects."""

    type: Literal["server_vad", "semantic_vad"] = "server_vad"
    threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    prefix_padding_ms: Annotated[int, Meta(ge=0, le=5_000)] | None = None
    silence_duration_ms: Annotated[int, Meta(ge=20, le=10_000)] | None = None
    create_response: bool | None = None
    interrupt_response: bool | None = None
    idle_timeout_ms: int | None = None
    eagerness: Literal["low", "medium", "high", "auto"] | None = None
    energy_awakeness_threshold: Annotated[float, Meta(ge=0, le=5_000)] | None = None


LONGEST_MS = {"low": 4_000, "medium": 2_500, "auto": 1_500, "high": 800}
"""How long a pause within a thought may last, by how eager the client wants the answer."""


def read(given: Any, kind: type[Read], place: str) -> Read:
    """`given` as that struct. Raises Problem with the path of the field that does not fit."""
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        said, _, at = str(error).partition(" - at ")
        path = at.strip("`").removeprefix("$")
        if "unknown field" in said:
            name = said.rpartition("field `")[2].rstrip("`")
            param = f"{place}{path}.{name}".lstrip(".")
            known = f"there is no such field here ({', '.join(names_of(kind))})"
            raise Problem("unknown_parameter", f"{param}: {known}", param) from error
        if "missing required field" in said:
            path += "." + said.rpartition("field `")[2].rstrip("`")
        param = f"{place}{path}".lstrip(".")
        raise bad_value(param, said) from error


def names_of(kind: Any) -> tuple[str, ...]:
    """The fields that a struct has, for who named another."""
    return getattr(kind, "__struct_encode_fields__", ())


def tools_of(given: list[ToolFields] | None, session: Session, place: str) -> tuple[Tool, ...]:
    """The client's functions. Raises Problem: for kinds that are not there, and where the service
    can ask none."""
    given = given or []
    if given and not session.offer.tools:
        raise not_here(place, session.offer.no_tools)
    if len(given) > MOST_TOOLS:
        raise bad_value(place, f"{len(given)} tools; {MOST_TOOLS} at most")
    found: dict[str, Tool] = {}
    for number, tool in enumerate(given):
        at = f"{place}[{number}]"
        if tool.type != "function":
            said = f"{tool.type[:40]!r}; functions alone are run, by the client: send 'function'"
            raise not_here(f"{at}.type", said)
        name = tool.function.name if tool.function is not None else tool.name
        if not name:
            raise bad_value(f"{at}.name", "it is missing")
        if name in ("auto", "none", "required"):
            raise bad_value(f"{at}.name", f"{name!r} is a word of tool_choice; choose another")
        if name in found:
            raise bad_value(f"{at}.name", f"{name!r} is given twice")
        if tool.function is not None:
            found[name] = Tool(name, tool.function.description, tool.function.parameters)
        else:
            found[name] = Tool(name, tool.description or "", tool.parameters or {})
    return tuple(found.values())


def check_speaks(session: Session, place: str) -> None:
    """Raises Problem where answers can not be spoken."""
    if session.offer.no_voice:
        raise not_here(place, session.offer.no_voice)


def instructed(settings: Settings, given: str | UnsetType | None, session: Session) -> Settings:
    """The settings with a client's instructions, where they count for anything."""
    if isinstance(given, UnsetType) or not session.offer.instructs:
        return settings
    return replace(settings, instructions=given or "")


def choice_of(
    given: str | ToolChoice | UnsetType | None, tools: tuple[Tool, ...], place: str
) -> str:
    """`auto`, `none`, `required`, or the name of the function that must be called."""
    if given is None or given is UNSET or given in ("auto", "none"):
        return given if isinstance(given, str) else "auto"
    names = [tool.name for tool in tools]
    if isinstance(given, ToolChoice):
        name = (given.function.name if given.function is not None else given.name) or ""
    else:
        name = str(given)
    if name == "required" and tools:
        return name
    if name not in names:
        there = ", ".join(names) or "none"
        raise bad_value(
            place, f"{name[:80]!r}; send auto, none, required or a tool's name (there are: {there})"
        )
    return name


def voice_of(given: str | VoiceId | None, session: Session, place: str, *, strict: bool) -> str:
    """The service's own name of a voice, "" for its default: also where only another service knows
    the name given, or, not `strict`, nobody here does."""
    name = given.id if isinstance(given, VoiceId) else given or ""
    if name in session.offer.voices:
        return name
    if strict and name and name not in OTHERS_VOICES:
        own = ", ".join(sorted(session.offer.voices)) or "the default alone"
        raise bad_value(place, f"there is no voice {name[:80]!r}; there are: {own}")
    return ""


def turns_of(given: TurnDetection | None, place: str, begins: Turns) -> Turns:
    """How turns are told apart; None: by the client."""
    if given is None:
        return BY_HAND
    if given.idle_timeout_ms is not None:
        raise not_here(f"{place}.idle_timeout_ms", "the agent does not speak unasked; leave it out")
    replies = given.create_response is not False
    interrupts = given.interrupt_response is not False
    if given.type == "semantic_vad":
        longest_ms = LONGEST_MS[given.eagerness or "auto"]
        return Turns(TurnEnd.SENSE, replies=replies, interrupts=interrupts, longest_ms=longest_ms)
    threshold, padding_ms, silence_ms = begins.threshold, begins.padding_ms, begins.silence_ms
    if given.threshold is not None:
        threshold = given.threshold
    if given.energy_awakeness_threshold is not None:
        threshold = by_energy(given.energy_awakeness_threshold)
    if given.prefix_padding_ms is not None:
        padding_ms = given.prefix_padding_ms
    if given.silence_duration_ms is not None:
        silence_ms = given.silence_duration_ms
    return replace(
        begins,
        end=TurnEnd.SILENCE,
        threshold=min(max(threshold, 0.05), 0.95),
        padding_ms=padding_ms,
        silence_ms=silence_ms,
        replies=replies,
        interrupts=interrupts,
    )


def by_energy(threshold: float) -> float:
    """StepFun's energy (0 to 5000, 2500 is its default) as a probability of speech: its default is
    ours, 0.5, and louder means surer."""
    return threshold / 5_000


def energy_of(threshold: float) -> int:
    """The other way."""
    return round(threshold * 5_000)


def tokens_of(given: Tokens) -> int | None:
    """A bound on an answer, None for none."""
    return given if isinstance(given, int) else None


def shown_tools(settings: Settings) -> list[dict[str, Any]]:
    """The functions in OpenAI's realtime words."""
    return [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        }
        for tool in settings.tools
    ]


def shown_choice(settings: Settings) -> str | dict[str, str]:
    """The choice of tools."""
    if settings.tool_choice in ("auto", "none", "required"):
        return settings.tool_choice
    return {"type": "function", "name": settings.tool_choice}
