from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.known import Known

KNOWN = Known(builtin_catalogue().capabilities)


def test_a_declared_example_is_known_by_its_words():
    assert KNOWN.example_of("open the trunk") == "trunk.set"
    assert KNOWN.example_of("open the pod bay doors") is None


def test_a_function_is_guessed_and_cues_decide_over_statistics():
    KNOWN.warm()
    assert KNOWN.guess("打开风扇")[0].name == "climate.set_fan"
    assert KNOWN.guess("turn the hud off")[0].name == "none"
    assert KNOWN.known_share("open the window") > KNOWN.known_share("florp zang wibble")


def test_arithmetic_needs_something_to_reckon_with():
    KNOWN.warm()
    assert KNOWN.guess("今天好累")[0].name != "info.compute"
    assert KNOWN.guess("三百二十乘以五等于多少")[0].name == "info.compute"


def test_only_a_device_with_a_screen_has_one_to_touch():
    assert not KNOWN.has_screen
    assert Known(builtin_catalogue(screen=True).capabilities).has_screen
