"""What leaves: the exact turns that a cloud is sent for a purpose, and what was taken out of them.

Rule P1: a purpose names the kinds of turns it needs, and all others stay. Rule P6: a position is
told as coarsely as the purpose allows. Whatever is left goes through the recognisers; should one of
them fail, nothing leaves. Who may receive it at all is decided before (`rules.py`).
"""

import json  # noqa: I001
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from edgewise.core.event import LeftPicture
from edgewise.core.label import Label, Residency, Sensitivity
from edgewise.errors import EdgewiseError, TrustError
from edgewise.route.pseudonym import Pseudonyms, Redacted, kind_of
from edgewise.route.recognise import Known, Names, recognise_each, sensitivity_of
from edgewise.route.recognise.folded import fold
from edgewise.route.recognise.found import NEVER_RESTORED, Found, Kind
from edgewise.route.recognise.place import find_coordinates


MOST_CHARACTERS = 200_000
"""Of one turn; the recognisers take some seconds for a million, and a longer text is no question."""  # noqa: E501


class Part(StrEnum):
    """Kinds of turns that a conversation may hold. INSTRUCTION is constant text of Edgewise's own
    and leaves as it stands; what the device tells in words of a person is a NOTE."""

    INSTRUCTION = "instruction"
    NOTE = "note"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    DOCUMENT = "document"
    LOCATION = "location"


ROLES = {
    Part.INSTRUCTION: "system",
    Part.NOTE: "system",
    Part.USER: "user",
    Part.ASSISTANT: "assistant",
    Part.TOOL: "user",
    Part.DOCUMENT: "user",
    Part.LOCATION: "user",
}


class Purpose(Struct, frozen=True):
    """What an answer is for: the parts it needs, how many of the last turns, the decimals of a
    degree that a position is told with (`None`: none at all), and whether pictures go with it."""

    name: str
    parts: frozenset[Part]
    most_turns: int = 12
    decimals: int | None = None
    pictures: bool = False


_HIDDEN = frozenset(kind.name.lower() for kind in NEVER_RESTORED)
_TALK = frozenset({Part.INSTRUCTION, Part.USER, Part.ASSISTANT})
PURPOSES: Mapping[str, Purpose] = {
    each.name: each
    for each in (
        Purpose("assist", _TALK),
        Purpose("weather", frozenset({Part.INSTRUCTION, Part.USER, Part.LOCATION}), 2, 1),
        Purpose("navigate", frozenset({Part.INSTRUCTION, Part.USER, Part.LOCATION}), 4, 2),
        Purpose("document", _TALK | {Part.DOCUMENT}),
        Purpose("pictures", _TALK, pictures=True),
        Purpose("tools", _TALK | {Part.NOTE, Part.TOOL}),
    )
}
"""One decimal is 11 km, enough for weather; two are 1.1 km, enough for what is around."""


class Turn(Struct, frozen=True):
    """A turn as the device has it; of `pictures` only what is safe already."""

    part: Part
    text: str
    label: Label = Label()
    pictures: tuple[LeftPicture, ...] = ()


class Sent(Struct, frozen=True, omit_defaults=True):
    """A turn as it leaves; `pictures` by their hashes."""

    role: str
    text: str
    pictures: tuple[LeftPicture, ...] = ()


class Payload(Struct, frozen=True):
    """The exact payload. `standins` may be put back into the answer, no others; `counts` says how
    many values of each kind were replaced, `dropped` how many turns of a part stayed, and why.
    `digest` is keyed. `sensitivity` is what remains: of a label nothing is taken away by replacing
    words, and what a turn tells of somebody's sensitive matters is told without their name, too."""

    purpose: str
    turns: tuple[Sent, ...]
    standins: frozenset[str]
    counts: dict[str, int]
    dropped: dict[str, int]
    size_bytes: int
    digest: str
    sensitivity: Sensitivity


def build_payload(
    turns: Iterable[Turn],
    purpose: str,
    pseudonyms: Pseudonyms,
    known: Known | Names,
    *,
    now: float,
    asks: Part = Part.USER,
    aside: Iterable[str] = (),
) -> Payload:
    """What of `turns`, oldest first, leaves for `purpose` at `now` (wall seconds). `asks` is the
    part that it is about: what was asked, or the result that a cloud waits for. `aside` are other
    words of the talk, which stay: a password that was named in them is known in those that leave.

    Raises TrustError for a purpose without an allow-list, when what was asked last may not leave,
    and when a recogniser fails: then nothing is sent. DeviceError as `Pseudonyms.redact`.
    """
    allowed = PURPOSES.get(purpose)
    if allowed is None:
        listed = ", ".join(sorted(PURPOSES))
        raise TrustError(f"nothing may leave for {purpose!r}: it is none of {listed}")
    turns = tuple(turns)
    dropped = Counter[str]()
    kept: list[Turn] = []
    for turn in turns:
        why = _stays(turn, allowed, now)
        if why:
            dropped[f"{turn.part.value}: {why}"] += 1
        else:
            kept.append(turn)
    kept = list(_latest(kept, allowed.most_turns, dropped))
    asked = [turn for turn in turns if turn.part is asks]
    if not asked or asked[-1] not in kept:
        raise TrustError("what was asked may not leave the device; it is answered here or not")
    names = known if isinstance(known, Names) else Names(known)
    looked = [_looked_through(turn, allowed, names) for turn in kept]
    stay = (turn.text for turn in turns if turn not in kept and turn.part is not Part.INSTRUCTION)
    beside = _looked_at((*aside, *stay), names, pseudonyms)
    for one in (*beside, *looked):  # what one turn gives away may stand in any other, too
        _redacted(*one, pseudonyms)
    done = [_redacted(*one, pseudonyms) for one in looked]
    sent = tuple(
        Sent(ROLES[turn.part], redacted.text, turn.pictures)
        for turn, redacted in zip(kept, done, strict=True)
    )
    data = _encoded(sent)
    standins = frozenset[str]().union(*(redacted.standins for redacted in done))
    return Payload(
        purpose,
        sent,
        standins,
        _values_of(done, standins),
        dict(dropped),
        len(data) + sum(one.size_bytes for turn in sent for one in turn.pictures),
        pseudonyms.digest(data),
        max(_remains(turn, names) for turn in kept),
    )


def _values_of(done: Iterable[Redacted], standins: Iterable[str]) -> dict[str, int]:
    """How many values of each kind stand replaced: one that is named twice is one. Of kinds that
    are never restored nobody knows which are the same."""
    counts = Counter[str]()
    for redacted in done:
        counts.update({kind: n for kind, n in redacted.counts.items() if kind in _HIDDEN})
    counts.update(kind_of(standin).name.lower() for standin in standins)
    return dict(counts)


def _stays(turn: Turn, allowed: Purpose, now: float) -> str:
    """Why a turn does not leave; empty if it does."""
    label = turn.label
    if turn.part not in allowed.parts:
        return "not needed"
    if label.residency is Residency.DEVICE:
        return "stays on the device"
    if label.sensitivity is Sensitivity.SECRET:
        return "secret"
    if label.purposes is not None and allowed.name not in label.purposes:
        return "for another purpose"
    if label.expires_at is not None and label.expires_at <= now:
        return "expired"
    if turn.pictures and not allowed.pictures:
        return "pictures not needed"
    return ""


def _latest(turns: list[Turn], most: int, dropped: Counter[str]) -> Iterator[Turn]:
    """Instructions and notes, and the last `most` of the others, in order."""
    talk = sum(ROLES[turn.part] != "system" for turn in turns)
    for turn in turns:
        if ROLES[turn.part] != "system":
            talk -= 1
            if talk >= most:
                dropped[f"{turn.part.value}: older"] += 1
                continue
        yield turn


def _looked_through(turn: Turn, allowed: Purpose, names: Names) -> tuple[str, tuple[Found, ...]]:
    """The text of a turn as the purpose needs it, and what is personal in it."""
    try:
        text = turn.text
        if len(text) > MOST_CHARACTERS:
            raise TrustError(
                f"a text of {len(text)} characters was not sent: {MOST_CHARACTERS} can be checked"
                " for personal data, send a part of it",
                code="not_redacted",
            )
        if turn.part is Part.INSTRUCTION:
            return text, ()
        if turn.part is Part.LOCATION:
            text = _coarse(text, allowed.decimals)
        findings = recognise_each(text, names)
        if turn.part is Part.LOCATION:
            findings = _without(findings, Kind.LOCATION)
        return text, findings
    except EdgewiseError:
        raise
    except Exception as error:
        raise _not_looked(error) from error


def _looked_at(
    texts: Iterable[str], names: Names, pseudonyms: Pseudonyms
) -> list[tuple[str, tuple[Found, ...]]]:
    """The same of words that stay, as far as they can be checked; of a talk each once."""
    new = [text for one in texts if not pseudonyms.has_redacted(text := one[:MOST_CHARACTERS])]
    try:
        return [(text, recognise_each(text, names)) for text in new]
    except Exception as error:
        raise _not_looked(error) from error


def _redacted(text: str, findings: tuple[Found, ...], pseudonyms: Pseudonyms) -> Redacted:
    try:
        return pseudonyms.redact(text, findings)
    except EdgewiseError:
        raise
    except Exception as error:
        raise _not_looked(error) from error


def _not_looked(error: Exception) -> TrustError:
    return TrustError(
        f"personal data could not be looked for ({type(error).__name__}); nothing was sent",
        code="not_redacted",
    )


def _coarse(text: str, decimals: int | None) -> str:
    """Both numbers of a position, rounded; a text that holds no position says nothing."""
    rounded = [
        f"{first:.{decimals}f}, {second:.{decimals}f}"
        for _, _, first, second in find_coordinates(fold(text))
    ]
    return "; ".join(rounded)


def _without(findings: Iterable[Found], kind: Kind) -> tuple[Found, ...]:
    return tuple(one for one in findings if one.kind is not kind)


def _remains(turn: Turn, names: Names) -> Sensitivity:
    """A rounded position tells a region; what a person labelled stays what it is."""
    if turn.part is Part.LOCATION:
        return Sensitivity.PERSONAL
    if turn.part is Part.INSTRUCTION:
        return turn.label.sensitivity
    try:
        return max(turn.label.sensitivity, sensitivity_of(turn.text, names))
    except Exception as error:
        raise _not_looked(error) from error


def _encoded(sent: tuple[Sent, ...]) -> bytes:
    turns = [
        {"role": turn.role, "content": turn.text}
        | ({"pictures": [one.sha256 for one in turn.pictures]} if turn.pictures else {})
        for turn in sent
    ]
    return json.dumps(turns, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
