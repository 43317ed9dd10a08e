from benchmarks.meanings import HOUSE_ONLY, OF_INTENT, changes, is_right
from benchmarks.sentences import SENTENCES
from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


def call(capability: str, **arguments: object) -> Call:
    return Call("t.1", capability, dict(arguments), label_of(OriginKind.TYPED))


@each_row(
    ("made", "intents"),
    [
        (call("light.interior.set", on=True), ("HassTurnOn", "HassLightSet")),
        (call("light.interior.set", brightness=30), ("HassLightSet",)),
        (call("door.lock", locked=False), ("HassTurnOff",)),
        (call("media.control", action="pause"), ("HassMediaPause",)),
        (call("alarm.manage", op="cancel"), ("HassCancelTimer", "HassCancelAllTimers")),
        (call("window.set", percent=0), ("HassTurnOn", "HassTurnOff", "HassSetPosition")),
    ],
)
def test_the_function_in_the_right_direction_is_right(made: Call, intents: tuple[str, ...]):
    assert is_right(made, made.capability, intents)
    assert not is_right(made, "media.play", intents)


@each_row(
    ("made", "intents"),
    [
        (call("light.interior.set", on=False), ("HassTurnOn", "HassLightSet")),
        (call("light.interior.set", on=True), ("HassTurnOff",)),
        (call("door.lock", locked=True), ("HassTurnOff",)),
        (call("media.control", action="next"), ("HassMediaPrevious",)),
        (call("alarm.manage", op="set"), ("HassTimerStatus",)),
    ],
)
def test_the_opposite_direction_is_wrong(made: Call, intents: tuple[str, ...]):
    assert not is_right(made, made.capability, intents)


def test_every_meaning_is_a_function_and_a_value_of_the_catalogue():
    for meaning in (meaning for meanings in OF_INTENT.values() for meaning in meanings):
        capability = CAPABILITIES[meaning.capability]
        if meaning.argument:
            argument = capability.argument(meaning.argument)
            assert argument is not None
            assert set(meaning.values) <= {choice.value for choice in argument.choices}
    assert not HOUSE_ONLY & OF_INTENT.keys()


def test_every_function_of_our_sentences_is_in_the_catalogue():
    assert {sentence.capability for sentence in SENTENCES} <= CAPABILITIES.keys()


def test_a_question_changes_nothing_and_an_order_does():
    assert not changes(call("climate.read"), CAPABILITIES)
    assert not changes(call("alarm.manage", op="query"), CAPABILITIES)
    assert not changes(call("dialog.control", action="cancel"), CAPABILITIES)
    assert not changes(call("home.control", action="on"), CAPABILITIES)  # no house is connected
    assert changes(call("alarm.manage", op="set"), CAPABILITIES)
    assert changes(call("door.lock", locked=True), CAPABILITIES)
