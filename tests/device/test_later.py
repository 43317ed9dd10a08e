"""What waits holds what it needs to be sent and told later, and nothing that is never put back."""

from pathlib import Path

import pytest

from edgewise.agent.reach import ToKeep
from edgewise.core.clock import SystemClock
from edgewise.core.label import Label, OriginKind, Residency, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language
from edgewise.device.later import Later, open_later, opened
from edgewise.errors import UserError
from edgewise.route.payload import Part, Payload, Turn, build_payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.recognise import Known
from edgewise.testing.clock import ManualClock
from tests.route.questions import question

TYPED = label_of(OriginKind.TYPED)
TEXT = "write to li@example.com about 4111 1111 1111 1111"


def payload() -> tuple[Payload, Pseudonyms]:
    pseudonyms = Pseudonyms(b"k" * 32, "s")
    turns = [Turn(Part.USER, TEXT, TYPED)]
    return build_payload(turns, "assist", pseudonyms, Known(), now=0.0), pseudonyms


def kept(later: Later, key: str = "t1", label: Label = TYPED) -> float:
    made, pseudonyms = payload()
    message = Message(TEXT, Language.ENGLISH, TYPED, Speaker())
    asked = ToKeep(key, "s", message, question())
    values = pseudonyms.values(made.standins)
    return later.keep(asked, made, values, label, "near").until


def test_it_comes_back_with_its_names_but_for_what_is_never_put_back(tmp_path: Path):
    later = Later(tmp_path, SystemClock(), 1.0)
    kept(later)
    waiting = later.waiting("t1")
    assert waiting is not None
    assert waiting.message.text == "write to li@example.com about <CARD_HIDDEN>"
    assert list(waiting.values.values()) == ["li@example.com"]
    assert b"4111" not in (later.box.content("t1") or b"")


def test_it_waits_as_long_as_its_owner_and_its_label_let_it(tmp_path: Path):
    clock = ManualClock()
    later = Later(tmp_path, clock, 2.0)
    assert kept(later) == clock.now() + 7200
    ends = clock.now() + 60
    assert kept(later, "t2", Label(TYPED.origins, expires_at=ends)) == ends


@pytest.mark.parametrize("label", [Label(residency=Residency.DEVICE), Label(purposes=("news",))])
def test_what_may_not_leave_does_not_wait(tmp_path: Path, label: Label):
    later = Later(tmp_path, SystemClock(), 1.0)
    with pytest.raises(UserError) as raised:
        kept(later, label=label)
    assert (raised.value.code, later.box.entries()) == ("stays", ())


def test_with_the_queue_off_nothing_is_kept(tmp_path: Path):
    with pytest.raises(UserError, match="queue_hours"):
        kept(Later(tmp_path, SystemClock(), 0.0))


def test_a_queue_that_was_switched_off_is_open_as_long_as_its_file_is_there(tmp_path: Path):
    assert open_later(tmp_path, SystemClock(), 0.0) is None
    Later(tmp_path, SystemClock(), 1.0).close()
    assert open_later(tmp_path, SystemClock(), 0.0) is not None


def test_of_one_that_expired_nothing_is_kept_but_whom_to_tell(tmp_path: Path):
    clock = ManualClock()
    later = Later(tmp_path, clock, 1.0)
    kept(later)
    clock.advance(3600)
    later.box.settle()
    (outcome,) = later.answers.all()
    assert (outcome.key, outcome.how, outcome.recipient) == ("t1", "expired", "near")
    talk = later.answers.talk("t1")
    assert talk is not None
    assert (talk.session, talk.turn, talk.question, talk.answer) == ("s", "t1", "", "")


def test_one_is_dropped_whether_it_waits_or_has_ended(tmp_path: Path):
    clock = ManualClock()
    later = Later(tmp_path, clock, 1.0)
    kept(later, "t1")
    assert (later.drop("t1"), later.drop("t1")) == (True, False)
    kept(later, "t2")
    clock.advance(3600)
    later.box.settle()
    assert later.drop("t2")
    assert later.answers.all() == ()


def test_what_is_no_content_is_none():
    assert opened(None) is None
    assert opened(b"no json") is None
