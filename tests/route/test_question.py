"""What a decision looked at can be kept and read back whole."""

import msgspec

from edgewise.core.endpoint import Condition, Consent, Endpoint, Health
from edgewise.core.label import Label, Residency, Sensitivity
from edgewise.core.place import Mode
from edgewise.route.question import Need, Question, Score, labelled


def test_a_question_comes_back_from_json_as_it_was():
    question = Question(
        "d1",
        Mode.PREFER_DEVICE,
        100.0,
        need=Need("zh", 20),
        endpoints=(Endpoint("step", "https://x/v1", "step-3.7", "CN"),),
        consents=(Consent("c", "step", "assist", 1.0),),
        health=(Health("step", p95_s=2.0),),
        condition=Condition(online=True, model="small", languages=("en",)),
        score=Score(0.3, 0.1, neighbours=("n1",), features={"length": 2.0}),
    )
    assert msgspec.json.decode(msgspec.json.encode(question), type=Question) == question


def test_a_question_about_another_value_has_that_ones_label_and_nothing_else_changed():
    label = Label(residency=Residency.DEVICE, sensitivity=Sensitivity.SENSITIVE, readers=())
    asked = Question("d", Mode.ASK, 1.0, purpose="tools")
    about = labelled(asked, label)
    assert (about.residency, about.sensitivity, about.readers) == (
        Residency.DEVICE,
        Sensitivity.SENSITIVE,
        (),
    )
    assert (about.digest, about.mode, about.purpose) == ("d", Mode.ASK, "tools")
