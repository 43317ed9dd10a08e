"""What the built-in capabilities mean on a voice device: served, or honestly missing."""

import pytest

from edgewise.act.board_abilities import ALWAYS, builtin_functions
from edgewise.act.board_status import BATTERY, BRIGHTNESS, CHARGING, DARK_MODE, VOLUME
from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.catalogue.device import SETTINGS
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.agent.traced import traced
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolution, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, snapshot_of

EVERYTHING = (VOLUME, BRIGHTNESS, DARK_MODE)
STATES: dict[str, JsonValue] = {
    VOLUME: 70, BATTERY: 50, CHARGING: True, SETTINGS: {"brightness": 75, "dark_mode": False},
}  # fmt: skip
SERVED = {"media.set_volume", "media.get_info", "device.set_setting", "device.get_setting",
          "vehicle.get_status"}  # fmt: skip


def meaning(
    name: str,
    writable: tuple[str, ...] = EVERYTHING,
    states: dict[str, JsonValue] | None = None,
    *,
    tells: bool = True,
    **arguments: JsonValue,
) -> Resolution:
    catalogue = Catalogue(builtin_functions(writable, tells=tells))
    call = Call("t1", name, dict(arguments), label_of(OriginKind.VOICE))
    return resolve(call, catalogue, snapshot_of(STATES if states is None else states))


def effects(resolution: Resolution) -> tuple[Effect, ...]:
    assert isinstance(resolution, Resolved), resolution
    return resolution.effects


def code(resolution: Resolution) -> str:
    assert isinstance(resolution, Impossible), resolution
    return resolution.code


def available(writable: tuple[str, ...], *, tells: bool) -> set[str]:
    functions = builtin_functions(writable, tells=tells)
    return {f.capability.name for f in functions if f.capability.available}


def test_a_device_can_what_its_tools_serve_and_all_else_is_declared_as_missing():
    assert available(EVERYTHING, tells=True) == SERVED | set(ALWAYS)
    assert available((), tells=False) == set(ALWAYS)
    assert available((VOLUME,), tells=False) == {"media.set_volume", *ALWAYS}
    names = [f.capability.name for f in builtin_functions((), tells=False)]
    assert names == [f.capability.name for f in builtin_catalogue()]


def test_what_is_missing_says_so_and_leaves_its_sentences_to_others():
    gone = next(f for f in builtin_functions((), tells=False) if f.capability.name == "window.set")
    assert (gone.capability.en, gone.capability.zh) == ((), ())
    assert code(meaning("window.set", percent=50)) == "unavailable"


def test_what_touches_only_drivers_of_the_host_is_kept():
    kept = {
        f.capability.name
        for f in builtin_functions((), tells=False, beside=("memory",))
        if f.capability.available
    }
    assert kept == {*ALWAYS, "memory.save", "memory.recall", "memory.forget"}


@pytest.mark.parametrize(
    ("arguments", "level"),
    [({"level": 50}, 50), ({"delta": 10}, 80), ({"delta": 50}, 100), ({"mute": True}, 0),
     ({"level": 40, "stream": "assistant"}, 40)],
)  # fmt: skip
def test_the_volume_is_set_and_stepped(arguments: dict[str, JsonValue], level: int):
    assert effects(meaning("media.set_volume", **arguments)) == (Effect(VOLUME, level),)


def test_another_stream_than_its_own_it_does_not_have():
    assert code(meaning("media.set_volume", stream="navigation", level=40)) == "no_such_stream"


def test_without_a_reading_a_level_is_set_and_a_step_is_not_guessed():
    assert effects(meaning("media.set_volume", states={}, level=50)) == (Effect(VOLUME, 50),)
    assert code(meaning("media.set_volume", states={}, delta=10)) == "unknown_state"
    assert effects(meaning("device.set_setting", states={}, key="brightness", value=30)) == (
        Effect(BRIGHTNESS, 30),
    )
    assert code(meaning("device.set_setting", states={}, key="brightness", delta=5)) == (
        "unknown_state"
    )


def test_settings_are_those_of_its_screen():
    dark = effects(meaning("device.set_setting", key="dark_mode", on=True))
    assert dark == (Effect(DARK_MODE, True),)
    dimmer = effects(meaning("device.set_setting", key="brightness", delta=-10))
    assert dimmer == (Effect(BRIGHTNESS, 65),)
    assert code(meaning("device.set_setting", key="wifi", on=True)) == "no_such_setting"
    only_theme = meaning("device.set_setting", (DARK_MODE,), key="brightness", value=3)
    assert code(only_theme) == "no_such_setting"
    assert code(meaning("device.set_setting", (VOLUME,), key="brightness", value=3)) == (
        "unavailable"
    )


def test_a_number_without_a_setting_is_the_brightness():
    assert effects(meaning("device.set_setting", value=50)) == (Effect(BRIGHTNESS, 50),)
    assert isinstance(meaning("device.set_setting", on=True), Missing)
    assert isinstance(meaning("device.set_setting", (DARK_MODE,), value=50), Missing)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("media.get_info", {"kind": "volume"}, "The volume is 70%."),
        ("device.get_setting", {"key": "brightness"}, "screen brightness: 75 %"),
        ("vehicle.get_status", {"topics": ["battery"]}, "Battery at 50%, charging."),
    ],
)
def test_what_it_tells_is_read(name: str, arguments: dict[str, JsonValue], said: str):
    resolution = meaning(name, **arguments)
    assert isinstance(resolution, Resolved)
    assert resolution.data["said"] == said


@pytest.mark.parametrize(
    ("name", "arguments", "wrong"),
    [
        ("media.get_info", {"kind": "track"}, "unavailable"),
        ("media.get_info", {"kind": "volume"}, "unknown_state"),
        ("device.get_setting", {"key": "wifi"}, "no_such_setting"),
        ("device.get_setting", {"key": "brightness"}, "unknown_state"),
        ("vehicle.get_status", {"topics": ["range"]}, "unavailable"),
        ("vehicle.get_status", {"topics": ["battery"]}, "unknown_state"),
    ],
)
def test_what_it_does_not_tell_is_not_made_up(
    name: str, arguments: dict[str, JsonValue], wrong: str
):
    assert code(meaning(name, states={}, **arguments)) == wrong


@pytest.mark.parametrize(
    ("name", "arguments", "looked_at"),
    [
        ("media.set_volume", {"delta": 10}, VOLUME),
        ("device.set_setting", {"key": "brightness", "delta": 10}, SETTINGS),
    ],
)
def test_what_a_call_depended_on_is_on_record(
    name: str, arguments: dict[str, JsonValue], looked_at: str
):
    catalogue = Catalogue(builtin_functions(EVERYTHING, tells=True))
    snapshot, readings = traced(snapshot_of(STATES | {"session.language": "zh"}))
    resolve(Call("t1", name, arguments, label_of(OriginKind.VOICE)), catalogue, snapshot)
    assert {looked_at, "session.language"} <= readings.seen
