"""What was said before goes along only as far as it may, and never what was done."""

from msgspec.structs import replace

from edgewise.core.call import Call
from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.label import Label, OriginKind, Residency, label_of
from edgewise.core.place import Mode
from edgewise.core.thought import Exchange
from edgewise.device.said_before import MOST_EXCHANGES, said_before, turns_of
from edgewise.route.payload import Part
from edgewise.route.question import Question
from edgewise.route.recognise import Known, Names

STEP = Endpoint("step", "https://step.example/v1", "m", "CN")
ASKED = Question(
    "q", Mode.PREFER_CLOUD, 1.0, purpose="assist", region="CN", endpoints=(STEP,),
    consents=(Consent("c", "step", "assist", 0.0),),
)  # fmt: skip
NOBODY = Names(Known())
TYPED = label_of(OriginKind.TYPED)


def exchange(text: str, label: Label = TYPED, *calls: Call) -> Exchange:
    return Exchange(text, calls, f"answer to {text}", label, clouds=(STEP.recipient,))


def test_the_last_exchanges_go_along_oldest_first():
    found = said_before([exchange(str(n)) for n in range(5)], ASKED, STEP, NOBODY)
    assert [one.text for one in found] == ["3", "4"][-MOST_EXCHANGES:]
    parts = [(turn.part, turn.text) for turn in turns_of(found[-1:])]
    assert parts == [(Part.USER, "4"), (Part.ASSISTANT, "answer to 4")]


def test_what_stays_on_the_device_and_what_the_device_did_do_not():
    stays = exchange("secret", Label(TYPED.origins, residency=Residency.DEVICE))
    done = exchange("lock", TYPED, Call("t.1", "door.set", {}, TYPED))
    assert said_before([stays, done], ASKED, STEP, NOBODY) == []


def test_what_the_device_could_not_answer_does_not():
    stock = replace(exchange("why is it so"), stock=True)
    assert said_before([stock, exchange("what")], ASKED, STEP, NOBODY) == [exchange("what")]


def test_an_earlier_sensitive_matter_goes_with_no_plain_consent():
    told = [exchange("I have HIV"), exchange("what is HIV")]
    assert said_before(told, ASKED, STEP, NOBODY) == told[1:]


def test_what_its_cloud_might_not_have_had_at_its_time_does_not_go_later():
    elsewhere = replace(STEP, address="https://moved.example/v1")
    for clouds in ((), (elsewhere.recipient,)):
        stays = replace(exchange("what"), clouds=clouds)
        assert said_before([stays], ASKED, STEP, NOBODY) == []
