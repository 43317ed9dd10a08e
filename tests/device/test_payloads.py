"""The last payloads are remembered with what their stand-ins stand for, and forgotten whole."""

import json

from edgewise.core.label import Label, OriginKind, label_of
from edgewise.device.clouds import Cloud
from edgewise.device.payloads import MOST_SESSIONS, SHOWN, OnItsWay, Payloads
from edgewise.route.payload import Part, Turn, build_payload
from edgewise.route.recognise.known import Known, Names

STEP = Cloud("step", "https://step.example/v1", "m", "CN")
MAIL = "li.na@example.com"


def made(payloads: Payloads, text: str = f"write to {MAIL}") -> OnItsWay:
    pseudonyms = payloads.pseudonyms("s")
    turns = [Turn(Part.INSTRUCTION, "Be brief."), Turn(Part.USER, text, label_of(OriginKind.TYPED))]
    payload = build_payload(turns, "assist", pseudonyms, Names(Known()), now=1.0)
    return OnItsWay(payload, Label(), pseudonyms)


def test_what_would_leave_is_told_exactly_and_can_be_found():
    payloads = Payloads(bytes(32))
    one = made(payloads)
    outgoing = payloads.take_up(STEP, one)
    assert (outgoing.endpoint, outgoing.region, outgoing.earlier) == ("step", "CN", 0)
    assert [turn["text"] for turn in json.loads(outgoing.body)] == [
        turn.text for turn in one.payload.turns
    ]
    assert MAIL.encode() not in outgoing.body
    found = payloads.find(outgoing.digest)
    assert found is one
    assert list(found.values.values()) == [MAIL]


def test_of_more_than_are_shown_the_oldest_is_forgotten():
    payloads = Payloads(bytes(32))
    digests = [payloads.take_up(STEP, made(payloads, f"{n}")).digest for n in range(SHOWN + 1)]
    assert payloads.find(digests[0]) is None
    assert payloads.find(digests[1]) is not None


def test_what_a_turn_has_in_hand_is_not_forgotten_for_others():
    payloads = Payloads(bytes(32))
    held = [payloads.take_up(STEP, made(payloads, f"mine {n}")) for n in range(SHOWN + 8)]
    for n in range(2 * SHOWN):
        payloads.take_up(STEP, made(payloads, f"theirs {n}"))
    assert all(payloads.find(one.digest) is not None for one in held)
    digests = [one.digest for one in held]
    held.clear()
    kept = [payloads.take_up(STEP, made(payloads, f"later {n}")).digest for n in range(SHOWN)]
    assert all(payloads.find(digest) is None for digest in digests)
    assert all(payloads.find(digest) is not None for digest in kept)


def test_a_session_keeps_its_stand_ins_until_others_took_its_place():
    payloads = Payloads(bytes(32))
    first = payloads.pseudonyms("s")
    assert payloads.pseudonyms("s") is first
    for n in range(MOST_SESSIONS):
        payloads.pseudonyms(f"other {n}")
    assert payloads.pseudonyms("s") is not first


def test_forgetting_takes_the_values_of_what_is_still_on_its_way():
    payloads = Payloads(bytes(32))
    one = made(payloads)
    digest = payloads.take_up(STEP, one).digest
    payloads.forget()
    assert payloads.find(digest) is None
    assert MAIL not in one.values.values()


def test_what_waited_has_values_of_its_own():
    waited = OnItsWay(made(Payloads(bytes(32))).payload, Label(), None, {"<EMAIL_7K2Q>": MAIL})
    assert waited.values == {"<EMAIL_7K2Q>": MAIL}
