"""An app is opened where it is: on the screen by the owner's list, else on the phone."""

from typing import Any

import msgspec

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.resolve import resolve
from edgewise.act.screen import SCREEN, SCREEN_APPS, Seen
from edgewise.act.screen_step import Action, step_of, still_there
from edgewise.core.call import Call, Impossible, Missing, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from tests.each_row import each_row

CATALOGUE = builtin_catalogue(screen=True)
THERE = Seen("Home", "Apps", 720, 1280)
LISTED = [{"name": "Shop"}, {"name": "小店"}, {"name": "City weather"}]
PHONE = [{"id": "1", "name": "WeChat", "kind": "chat"}, {"id": "2", "name": "Shop", "kind": "tool"}]


def opened(name: str, there: Seen | None = THERE, listed: list[Any] = LISTED) -> Any:
    state: dict[str, Any] = {"phone.apps": PHONE, SCREEN_APPS: listed}
    state |= {} if there is None else {SCREEN: msgspec.to_builtins(there)}
    call = Call("t.1", "app.open", {"name": name}, label_of(OriginKind.VOICE, "driver"))
    return resolve(call, CATALOGUE, snapshot_of(state))


@each_row(
    ("said", "app"),
    [
        ("Shop", "Shop"),
        ("the shop", "Shop"),
        ("Shop app", "Shop"),
        ("小店", "小店"),
        ("小店应用", "小店"),
        ("weather", "City weather"),
    ],
)
def test_a_name_of_the_list_is_a_step_on_the_screen_as_it_is(said: str, app: str):
    found = opened(said)
    assert isinstance(found, Resolved)
    (effect,) = found.effects
    step = step_of(effect.value)
    assert effect.target == SCREEN
    assert step is not None
    assert (step.action, step.app) == (Action.OPEN, app)
    assert still_there(effect.value, THERE)
    assert not still_there(effect.value, msgspec.structs.replace(THERE, app="bank"))


def test_another_name_is_the_phones():
    found = opened("WeChat")
    assert isinstance(found, Resolved)
    assert [effect.target for effect in found.effects] == ["phone.screen"]


def test_a_name_that_nobody_knows_is_asked_about_with_what_the_screen_knows():
    found = opened("Ikea")
    assert isinstance(found, Missing)
    assert "The screen knows Shop, 小店, City weather: say “open Shop”." in found.question.en
    assert "请说“打开Shop”" in found.question.zh
    assert found.choices[:3] == ("Shop", "小店", "City weather")
    assert found.question.en.endswith("”. Which app: Shop, 小店, City weather or WeChat?")
    assert found.question.zh.startswith("没有安装“Ikea”。屏幕上")
    unlisted = opened("Ikea", listed=[])
    assert isinstance(unlisted, Missing)
    assert "screen" not in unlisted.question.en


@each_row(
    ("said", "more"), [("Shop", (SCREEN,)), ("WeChat", ()), ("Ikea", ()), ("weather", (SCREEN,))]
)
def test_the_screen_is_looked_at_for_an_app_of_its_list_alone(said: str, more: tuple[str, ...]):
    function = CATALOGUE.get("app.open")
    assert function is not None
    assert SCREEN not in function.reads
    assert function.reads_more is not None
    call = Call("t.1", "app.open", {"name": said}, label_of(OriginKind.VOICE, "driver"))
    assert (
        function.reads_more(call, snapshot_of({"phone.apps": PHONE, SCREEN_APPS: LISTED})) == more
    )


def test_a_screen_that_is_away_opens_nothing_and_the_phone_does():
    found = opened("Shop", None)
    assert isinstance(found, Impossible)
    assert found.code == "no_screen"
    assert isinstance(opened("WeChat", None), Resolved)
