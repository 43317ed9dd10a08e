import hashlib
from importlib import resources

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.classifier import (
    BUCKETS,
    NONE,
    UNEXPOSED,
    Classifier,
    features,
    load_classifier,
    weights_hash,
)
from tests.each_row import each_row


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


@each_row(
    ("text", "name"),
    [
        ("打开车窗", "window.set"),
        ("it is getting stuffy turn on the ac", "climate.set_power"),
        ("打电话给妈妈", "call.dial"),
        ("play some jazz", "media.play"),
        ("tell me a joke", NONE),
        ("hit the brakes", UNEXPOSED),
    ],
)
def test_the_function_of_a_clause_is_found(classifier: Classifier, text: str, name: str):
    assert classifier(text)[0].name == name


def test_probabilities_fall_and_sum_to_at_most_one(classifier: Classifier):
    shares = [guess.confidence for guess in classifier("open it", count=99)]
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 1e-4


def test_every_built_in_capability_is_a_class(classifier: Classifier):
    missing = {c.name for c in builtin_catalogue().capabilities} - set(classifier.classes)
    assert missing <= {"memory.search"}, "run scripts/train_understand.py"


def test_a_number_is_one_feature_whatever_its_value():
    assert features("set it to 22") == features("set it to 19")
    assert all(0 <= bucket < BUCKETS for bucket in features("打开车窗 open"))


def test_the_shipped_weights_are_small():
    path = resources.files("edgewise.think.understanding") / "weights.npz"
    assert len(path.read_bytes()) < 300_000


def test_the_weights_are_told_by_their_hash():
    path = resources.files("edgewise.think.understanding") / "weights.npz"
    assert weights_hash() == hashlib.sha256(path.read_bytes()).hexdigest()
