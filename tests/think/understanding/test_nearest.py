import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Capability, Example, Risk
from edgewise.core.words import Words
from edgewise.think.understanding.command_model import load_command_model
from edgewise.think.understanding.nearest import Nearest, features

POOL = Capability(
    "pool.heat",
    Words("Heat the swimming pool", "加热泳池"),
    Risk.REVERSIBLE,
    en=(Example("heat the swimming pool"), Example("warm up the pool")),
    zh=(Example("加热泳池"), Example("把泳池加热")),
)


@pytest.fixture(scope="module")
def nearest() -> Nearest:
    return Nearest(load_command_model(), [POOL], builtin_catalogue().capabilities)


@pytest.mark.parametrize("text", ["please heat the swimming pool", "把泳池加热一下"])
def test_an_added_capability_is_found_without_training(nearest: Nearest, text: str):
    guess = nearest(text)
    assert guess is not None
    assert guess.name == "pool.heat"


@pytest.mark.parametrize("text", ["打开座椅加热", "turn on the seat heating", "play some jazz"])
def test_the_built_in_ones_stay_nearer_to_their_own_words(nearest: Nearest, text: str):
    assert nearest(text) is None


def test_a_number_is_one_feature_whatever_its_value():
    assert features("set it to 22") == features("set it to 19")
    assert all(0 <= bucket < 512 for bucket in features("打开车窗 open"))
