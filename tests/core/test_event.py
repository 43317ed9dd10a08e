"""Events are frozen and survive JSON both ways."""

import dataclasses
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.core.call import (
    Allow,
    Ask,
    Call,
    Deny,
    Effect,
    Impossible,
    Missing,
    Note,
    Resolved,
    Result,
    RuleText,
    Status,
)
from edgewise.core.event import (
    Answered,
    Attempt,
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Came,
    Checked,
    Compared,
    Corrected,
    Delegated,
    Event,
    Judged,
    Kept,
    Leaving,
    Left,
    Manner,
    NeedsApproval,
    PendingCall,
    Perceived,
    Routed,
    Stopped,
    TextDelta,
    TurnStarted,
    Understood,
    Weighed,
    from_json,
    recorded_from_json,
    to_json,
)
from edgewise.core.label import Label, Origin, OriginKind
from edgewise.core.message import Channel, Message, Speaker
from edgewise.core.part import DocumentPart, TextPart
from edgewise.core.place import Place, Routing, Site, Stage, Way
from edgewise.core.thought import Alternative, MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=64)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
VALUES = st.dictionaries(TEXT, JSON, max_size=3)
PLAIN = st.dictionaries(TEXT, st.none() | st.booleans() | NUMBER | TEXT, max_size=3)
WORDS = st.builds(Words, TEXT, TEXT)
LABEL = st.builds(
    Label,
    st.lists(st.builds(Origin, st.sampled_from(OriginKind), TEXT), max_size=3).map(tuple),
    st.none() | st.lists(TEXT, max_size=2).map(tuple),
)
SPEAKER = st.builds(Speaker, st.none() | st.sampled_from(Zone), st.sampled_from(Channel))
RULES = st.lists(st.builds(RuleText, TEXT, WORDS), max_size=2).map(tuple)
EFFECTS = st.lists(st.builds(Effect, TEXT, JSON, st.integers(0, 44)), max_size=3).map(tuple)
NOTES = st.lists(st.builds(Note, WORDS, st.integers(0, 44)), max_size=2).map(tuple)
CALL = st.builds(Call, TEXT, TEXT, VALUES, LABEL, st.dictionaries(TEXT, LABEL, max_size=2), NUMBER)
RESOLUTION = (
    st.builds(Resolved, EFFECTS, JSON, st.none() | LABEL, NOTES, st.booleans())
    | st.builds(Missing, TEXT, WORDS, st.lists(TEXT, max_size=2).map(tuple))
    | st.builds(Impossible, TEXT, WORDS)
)
DECISION = st.just(Allow()) | st.builds(Ask, RULES) | st.builds(Deny, RULES)
RESULT = st.builds(
    Result,
    TEXT,
    TEXT,
    st.sampled_from(Status),
    VALUES,
    VALUES,
    JSON,
    st.none() | LABEL,
    NOTES,
    TEXT,
    st.none() | WORDS,
    RULES,
)
MESSAGE = st.builds(
    Message,
    TEXT,
    st.sampled_from(Language),
    LABEL,
    SPEAKER,
    st.lists(
        st.builds(TextPart, TEXT, LABEL) | st.builds(DocumentPart, TEXT, TEXT, LABEL), max_size=2
    ).map(tuple),
)
THOUGHT = st.builds(
    Thought,
    st.sampled_from(MessageKind),
    st.lists(CALL, max_size=2).map(tuple),
    NUMBER,
    st.none() | WORDS,
    st.lists(st.builds(Alternative, TEXT, NUMBER), max_size=2).map(tuple),
    TEXT,
)
HEAD: dict[str, Any] = {"seq": st.integers(1, 10_000), "at": NUMBER, "turn": TEXT}
ROUTING = st.builds(
    Routing,
    st.sampled_from(Way),
    TEXT,
    stages=st.lists(st.builds(Stage, TEXT, WORDS, PLAIN, st.none() | NUMBER), max_size=2).map(
        tuple
    ),
    margin=st.none() | NUMBER,
)
EVENTS = st.one_of(
    st.builds(
        TurnStarted,
        session=TEXT,
        speaker=SPEAKER,
        policy_hash=TEXT,
        catalogue_hash=TEXT,
        resumes=TEXT,
        model_hash=TEXT,
        **HEAD,
    ),
    st.builds(Perceived, message=MESSAGE, took_ms=NUMBER, **HEAD),
    st.builds(
        Routed,
        place=st.builds(Place, st.sampled_from(Site), TEXT, st.lists(TEXT).map(tuple)),
        took_ms=NUMBER,
        **HEAD,
    ),
    st.builds(Understood, thought=THOUGHT, took_ms=NUMBER, **HEAD),
    st.builds(CallResolved, call=CALL, resolution=RESOLUTION, state=VALUES, took_ms=NUMBER, **HEAD),
    st.builds(
        CallDecided,
        call=TEXT,
        decision=DECISION,
        confirmed=st.booleans(),
        facts=VALUES,
        took_ms=NUMBER,
        **HEAD,
    ),
    st.builds(CallStarted, call=TEXT, effects=EFFECTS, **HEAD),
    st.builds(CallFinished, result=RESULT, took_ms=NUMBER, **HEAD),
    st.builds(Weighed, question=VALUES, routing=ROUTING, took_ms=NUMBER, repeats=TEXT, **HEAD),
    st.builds(Checked, score=VALUES, question=VALUES, routing=ROUTING, took_ms=NUMBER, **HEAD),
    st.builds(
        Left,
        endpoint=TEXT,
        region=TEXT,
        purpose=TEXT,
        digest=TEXT,
        size_bytes=st.integers(0, 2**53),
        replaced=st.dictionaries(TEXT, st.integers(0, 99), max_size=3),
        **HEAD,
    ),
    st.builds(
        Came,
        endpoint=TEXT,
        attempts=st.lists(st.builds(Attempt, TEXT, NUMBER, NUMBER, TEXT), max_size=2).map(tuple),
        cost=NUMBER,
        failed=TEXT,
        seam=st.booleans(),
        **HEAD,
    ),
    st.builds(
        Kept,
        endpoint=TEXT,
        region=TEXT,
        purpose=TEXT,
        digest=TEXT,
        size_bytes=st.integers(0, 2**53),
        until=NUMBER,
        **HEAD,
    ),
    st.builds(
        Delegated,
        endpoint=TEXT,
        rounds=st.integers(0, 3),
        jobs=st.integers(0, 15),
        pieces=st.integers(0, 30),
        document_bytes=st.integers(0, 10**6),
        left_bytes=st.integers(0, 10**6),
        sent_bytes=st.integers(0, 10**6),
        allowed=NUMBER,
        failed=TEXT,
        **HEAD,
    ),
    st.builds(
        Compared,
        agreement=NUMBER,
        score=VALUES,
        probability=NUMBER,
        kept=NUMBER,
        **HEAD,
    ),
    st.builds(TextDelta, text=TEXT, **HEAD),
    st.builds(
        Answered,
        text=TEXT,
        language=st.sampled_from(Language),
        changed=VALUES,
        took_ms=NUMBER,
        manner=st.sampled_from(Manner),
        **HEAD,
    ),
    st.builds(
        NeedsApproval,
        approval=TEXT,
        payload_hash=TEXT,
        calls=st.lists(st.builds(PendingCall, CALL, EFFECTS, RULES), max_size=2).map(tuple),
        expires_at=NUMBER,
        zone=st.none() | st.sampled_from(Zone),
        text=TEXT,
        language=st.sampled_from(Language),
        changed=VALUES,
        took_ms=NUMBER,
        leaving=st.none() | st.builds(Leaving, TEXT, TEXT, TEXT, TEXT, st.integers(0, 2**53)),
        **HEAD,
    ),
    st.builds(Stopped, code=TEXT, words=WORDS, text=TEXT, changed=VALUES, took_ms=NUMBER, **HEAD),
)


@given(EVENTS)
def test_an_event_survives_json_both_ways(event: Event) -> None:
    assert from_json(to_json(event)) == event


@given(EVENTS)
def test_an_event_is_one_line_of_json(event: Event) -> None:
    assert b"\n" not in to_json(event)


@given(EVENTS)
def test_writing_an_event_again_gives_the_same_bytes(event: Event) -> None:
    assert to_json(from_json(to_json(event))) == to_json(event)


def test_an_event_can_not_be_changed() -> None:
    event = TextDelta(seq=1, at=0.0, turn="t", text="a")
    with pytest.raises((AttributeError, dataclasses.FrozenInstanceError)):
        event.text = "b"  # type: ignore[misc]


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="nonsense"):
        from_json('{"event": "nonsense", "seq": 1, "at": 0, "turn": "t"}')


def test_every_event_of_the_union_is_exercised_here() -> None:
    built = {strategy.wrapped_strategy.target for strategy in EVENTS.original_strategies}
    assert built == set(Event.__args__)


@given(
    st.builds(
        Corrected,
        text=TEXT,
        language=st.sampled_from(Language),
        label=LABEL,
        kind=st.sampled_from(MessageKind),
        understood=st.lists(st.builds(Alternative, TEXT, NUMBER), max_size=2).map(tuple),
        meant=TEXT,
        **HEAD,
    )
)
def test_a_correction_survives_json_and_is_no_event_of_a_turn(correction: Corrected) -> None:
    line = to_json(correction)
    assert recorded_from_json(line) == correction
    with pytest.raises(msgspec.ValidationError, match="corrected"):
        from_json(line)


@given(st.builds(Judged, good=st.booleans(), **HEAD))
def test_a_judgement_survives_json_and_is_no_event_of_a_turn(judged: Judged) -> None:
    line = to_json(judged)
    assert recorded_from_json(line) == judged
    with pytest.raises(msgspec.ValidationError, match="judged"):
        from_json(line)
