"""What holds for every built-in capability, whatever its family."""

import re
import string
from collections import Counter
from collections.abc import Iterator

from edgewise.act.arguments import check_arguments
from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.exposure import classes_of, is_exposed
from edgewise.act.resolve import may_touch, resolve
from edgewise.core.call import Call, Missing, Resolved
from edgewise.core.capability import Capability, Example, Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.device.vehicle.signals import SignalKind, check_write, load_signals

CATALOGUE = builtin_catalogue()
CAPABILITIES = list(CATALOGUE.capabilities)
CAR = {s.path: s.initial for s in load_signals().values() if s.initial is not None}
VEHICLE = [
    capability
    for capability in CAPABILITIES
    if capability.available and any(a.startswith("Vehicle.") for a in capability.actuators)
]


def examples_of(capability: Capability) -> tuple[Example, ...]:
    return (*capability.en, *capability.zh)


def resolved_examples(capability: Capability) -> Iterator[tuple[Example, Resolved]]:
    """The examples that resolve in a standing car, with what they resolve to."""
    snapshot = snapshot_of(CAR, wall=1_795_000_000.0)
    for example in examples_of(capability):
        call = Call("t.1", capability.name, example.arguments, label_of(OriginKind.VOICE))
        resolution = resolve(call, CATALOGUE, snapshot)
        if isinstance(resolution, Resolved):
            yield example, resolution


def test_an_example_has_arguments_that_its_declaration_accepts():
    for capability in CAPABILITIES:
        for example in examples_of(capability):
            assert isinstance(check_arguments(capability, example.arguments), dict), example.text


def test_an_example_writes_only_actuators_of_the_car_with_values_they_take():
    for capability in VEHICLE:
        signals = load_signals()
        for example, resolution in resolved_examples(capability):
            for effect in resolution.effects:
                if not effect.target.startswith("Vehicle."):
                    continue
                signal = signals[effect.target]
                assert signal.kind is SignalKind.ACTUATOR, example.text
                if not signal.only:
                    check_write(signal, effect.value)


def test_the_policy_knows_what_every_example_does():
    for capability in VEHICLE:
        for example, resolution in resolved_examples(capability):
            for effect in resolution.effects:
                if effect.target == "Vehicle.ADAS.DMS.IsEnabled":
                    assert not is_exposed(effect.target)  # rule 25 forbids it by name
                    continue
                assert is_exposed(effect.target), example.text
                assert UNCLASSIFIED not in classes_of(effect.target, effect.value, None), (
                    example.text
                )


def test_a_sentence_means_one_capability_only():
    said = Counter(e.text.casefold() for c in CAPABILITIES for e in examples_of(c))
    assert [text for text, times in said.items() if times > 1] == []


def test_a_capability_has_six_examples_in_each_language():
    for capability in CAPABILITIES:
        assert len(capability.en) >= 6, capability.name
        assert len(capability.zh) >= 6, capability.name


def test_texts_are_in_their_own_language():
    for capability in CAPABILITIES:
        chinese = re.compile(r"[\u4e00-\u9fff]")
        assert not [e.text for e in capability.en if chinese.search(e.text)], capability.name
        assert not [e.text for e in capability.zh if not chinese.search(e.text)], capability.name
        for words in (capability.words, *(argument.words for argument in capability.arguments)):
            assert words.en, capability.name
            assert not chinese.search(words.en), capability.name
            assert words.zh, capability.name


def test_places_of_the_answer_are_filled_by_arguments_or_data():
    for capability in VEHICLE:
        if capability.done is None:
            continue
        for example, resolution in resolved_examples(capability):
            known = set(resolution.data or {}) | set(example.arguments)
            for text in (capability.done.en, capability.done.zh):
                for _, place, _, _ in string.Formatter().parse(text):
                    if place is not None:
                        assert place.removeprefix("data.") in known, example.text


def test_a_reading_capability_touches_nothing():
    for capability in CAPABILITIES:
        if capability.risk is Risk.READ:
            assert capability.actuators == (), capability.name


def test_an_unavailable_capability_says_why():
    for capability in CAPABILITIES:
        if not capability.available:
            assert capability.unavailable is not None, capability.name


def test_a_choice_has_words_and_no_word_means_two_choices():
    for capability in CAPABILITIES:
        for argument in capability.arguments:
            if argument.kind in (Kind.CHOICE, Kind.CHOICES):
                assert argument.choices, argument.name
            said = [
                word
                for choice in argument.choices
                for word in {w.casefold() for w in (str(choice.value), *choice.en, *choice.zh)}
            ]
            if capability.name == "home.control":
                # To turn on a lamp and to open a cover: the device decides which it is.
                said = [word for word in said if word != "打开"]
            if capability.name == "gui.act":
                # "Enter hello" is said of typing; a program's `enter` is the key.
                said = [word for word in said if word != "enter"]
            assert [word for word, times in Counter(said).items() if times > 1] == [], (
                capability.name
            )


def test_dangerous_actuators_are_in_no_declaration():
    closed = [s.path for s in load_signals().values() if s.kind is SignalKind.CLOSED]
    assert closed
    undo = "dialog.control"  # puts back only what another capability has changed
    reachable = [
        (capability.name, path)
        for capability in CAPABILITIES
        if capability.name != undo
        for path in closed
        if may_touch(capability, path)
    ]
    assert reachable == []


def test_a_call_without_arguments_asks_and_never_fails():
    snapshot = snapshot_of({})
    for capability in CAPABILITIES:
        call = Call("t.1", capability.name, {}, label_of(OriginKind.VOICE))
        resolution = resolve(call, CATALOGUE, snapshot)
        if isinstance(resolution, Missing):
            assert resolution.question.en, capability.name
            assert resolution.question.zh, capability.name


def test_the_hash_of_the_catalogue_is_the_same_each_time():
    assert builtin_catalogue().hash == builtin_catalogue().hash


def test_a_name_stands_inside_a_sentence():
    for capability in CAPABILITIES:
        name = capability.words.en
        assert name[0].islower(), name
        assert name[-1] not in ".!?", name
