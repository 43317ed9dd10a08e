"""Why a turn went as it did, told from its record alone, as the five steps."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from edgewise.core.call import Allow, Ask, Deny, Impossible, Missing, Resolved
from edgewise.core.event import (
    Answered,
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Event,
    NeedsApproval,
    Perceived,
    Routed,
    Stopped,
    TurnStarted,
    Understood,
)
from edgewise.core.words import Language


def explain(events: Iterable[Event], language: Language = Language.ENGLISH) -> Iterator[str]:
    """One line a fact, in the order it happened; indented lines belong to the one above."""
    for event in events:
        yield from _lines(event, language)


def _lines(event: Event, language: Language) -> Iterator[str]:
    match event:
        case TurnStarted():
            speaker = f"{event.speaker.zone or 'unknown zone'}, {event.speaker.channel}"
            yield f"turn {event.turn} in session {event.session} ({speaker})"
            yield f"  policy {event.policy_hash[:12]}, catalogue {event.catalogue_hash[:12]}"
            if event.resumes:
                yield f"  answers the question of turn {event.resumes}"
        case Perceived():
            text = event.message.text
            yield f"perceive  {event.message.language}: {text!r}  {event.took_ms:.1f} ms"
        case Routed():
            yield f"route     {event.place.site}: {event.place.name}  {event.took_ms:.1f} ms"
            for line in event.place.why:
                yield f"  {line if isinstance(line, str) else line.said_in(language)}"
        case Understood():
            thought = event.thought
            how = f"fixed word {thought.fixed!r}" if thought.fixed else thought.kind
            yield (
                f"think     {how}, {len(thought.calls)} call(s), confidence"
                f" {thought.confidence:.2f}  {event.took_ms:.1f} ms"
            )
            for other in thought.alternatives:
                yield f"  also considered {other.capability} ({other.confidence:.2f})"
        case CallResolved() | CallDecided() | CallStarted() | CallFinished():
            yield from _act_lines(event, language)
        case Answered():
            yield f"answer    {event.text!r} ({event.manner})  {event.took_ms:.1f} ms in all"
        case NeedsApproval():
            yield f"answer    needs a yes: {event.text!r}"
            yield f"  payload {event.payload_hash[:12]}, from {event.zone or 'whoever asked'}"
        case Stopped():
            yield f"stopped   {event.code}: {event.words.said_in(language)}"
        case _:
            return


def _act_lines(
    event: CallResolved | CallDecided | CallStarted | CallFinished, language: Language
) -> Iterator[str]:
    match event:
        case CallResolved():
            yield f"act       {event.call.capability}({_short(event.call.arguments)})"
            yield from _resolved_lines(event, language)
        case CallDecided():
            yield from _decided_lines(event, language)
        case CallStarted():
            return
        case CallFinished():
            result = event.result
            code = f" ({result.code})" if result.code else ""
            yield f"  {result.status}{code}  {event.took_ms:.1f} ms"
            for target, value in result.changed.items():
                yield f"    read back {target} = {_short(value)}"


def _resolved_lines(event: CallResolved, language: Language) -> Iterator[str]:
    match event.resolution:
        case Resolved(effects=effects, notes=notes):
            for effect in effects:
                added = f"  (added by rule {effect.because})" if effect.because else ""
                before, after = _short(event.state.get(effect.target)), _short(effect.value)
                yield f"  {effect.target}: {before} -> {after}{added}"
            yield from (f"  note: {note.words.said_in(language)}" for note in notes)
        case Missing(argument=argument):
            yield f"  lacks {argument}"
        case Impossible(code=code, words=words):
            yield f"  impossible ({code}): {words.said_in(language)}"


def _decided_lines(event: CallDecided, language: Language) -> Iterator[str]:
    confirmed = " with the person's yes" if event.confirmed else ""
    match event.decision:
        case Allow():
            yield f"  allowed{confirmed}  {event.took_ms:.1f} ms"
        case Ask(rules) | Deny(rules):
            name = "asks" if isinstance(event.decision, Ask) else "denied"
            yield f"  {name}{confirmed}  {event.took_ms:.1f} ms"
            for rule in rules:
                yield f"    {rule.id}: {rule.words.said_in(language)}"
    facts = ", ".join(f"{name}={_short(event.facts.get(name))}" for name in _TELLING)
    yield f"    facts: {facts}"


_TELLING = ("driving", "effects", "speaker_zone", "channel", "action")


def _short(value: Any, limit: int = 60) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= limit else text[: limit - 1] + "…"
