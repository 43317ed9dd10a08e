"""Apps of the screen's list are opened by their names."""

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.screen_app import KIND, opened_app
from tests.each_row import each_row

KNOWN = Known(builtin_catalogue(screen=True).capabilities)
NAMES = {KIND: ("Shop", "小店", "Sunroof", "天窗"), "contact": ("Anna",)}
CONTEXT = Context(
    Language.ENGLISH, turn="t1", label=label_of(OriginKind.VOICE, "driver"), names=NAMES
)


@each_row(
    ("text", "name"),
    [
        ("open Shop", "Shop"),
        ("Please open the shop.", "Shop"),
        ("launch my Shop app", "Shop"),
        ("switch to shop", "Shop"),
        ("打开小店", "小店"),
        ("帮我打开小店应用", "小店"),
        ("切换到小店", "小店"),
        ("把小店打开", "小店"),
    ],
)
def test_a_name_of_the_list_is_opened(text: str, name: str):
    part = opened_app(KNOWN, normalise(text), CONTEXT)
    assert part is not None
    assert part.call is not None
    assert (part.call.capability, part.call.arguments) == ("app.open", {"name": name})
    assert opened_app(KNOWN, normalise(text), Context(Language.ENGLISH)) is None


@each_row(
    "text",
    ["open Anna", "open Shops", "close Shop", "do not open Shop", "Shop", "go to Shop",
     "打开小店的门", "open the sunroof", "打开天窗"],
)  # fmt: skip
def test_other_names_other_orders_and_things_of_the_car_are_left_alone(text: str):
    assert opened_app(KNOWN, normalise(text), CONTEXT) is None
