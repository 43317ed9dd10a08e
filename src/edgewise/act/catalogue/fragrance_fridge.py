"""Fragrance and fridge. VSS has neither; they are in our private branch `Vehicle.Edgewise`."""

from edgewise.act.catalogue.cabin import sentence, settle
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.seat import STRONGEST, percent_of
from edgewise.act.catalogue.words import ON_OFF, level_argument, words_of
from edgewise.act.catalogue.words import example as e
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

FRAGRANCE = "Vehicle.Edgewise.Fragrance"
FRIDGE = "Vehicle.Edgewise.Fridge"
COLDEST_C, WARMEST_C = -6, 50

DEVICES = (
    Choice(
        "fragrance",
        Words("fragrance", "香氛"),
        ("fragrance", "scent", "perfume", "diffuser", "air freshener"),
        ("香氛", "香薰", "香水", "香味"),
    ),
    Choice(
        "fridge",
        Words("fridge", "冰箱"),
        ("fridge", "refrigerator", "cooler box", "cool box"),
        ("冰箱", "车载冰箱", "小冰箱"),
    ),
)


def set_device(call: Call, snapshot: Snapshot) -> Resolution:
    """The fragrance on, off or at a strength; the fridge on, off or at a temperature."""
    given = call.arguments
    device = str(given["device"])
    if not {"state", "level", "temperature"} & set(given):
        return Missing("state", Words("On or off?", "要打开还是关闭？"), ("on", "off"))
    if device == "fragrance" and "temperature" in given:
        return impossible(
            "no_such_setting", "The fragrance has no temperature.", "香氛没有温度可调。"
        )
    if device == "fridge" and "level" in given:
        return impossible(
            "no_such_setting",
            f"The fridge is set by temperature, {COLDEST_C} to {WARMEST_C} °C.",
            f"冰箱按温度调节，{COLDEST_C}到{WARMEST_C}度。",
        )
    on = given.get("state", "on") == "on"
    branch = FRAGRANCE if device == "fragrance" else FRIDGE
    effects = [Effect(f"{branch}.IsOn", on)]
    state = say(snapshot, "on" if on else "off", "已打开" if on else "已关闭")
    if on and "level" in given:
        effects.append(Effect(f"{FRAGRANCE}.Intensity", percent_of(int(given["level"]))))
        state = say(snapshot, f"at level {given['level']}", f"已调到{given['level']}挡")
    if on and "temperature" in given:
        effects.append(Effect(f"{FRIDGE}.Temperature", float(given["temperature"])))
        state = say(
            snapshot, f"set to {given['temperature']:g} °C", f"已调到{given['temperature']:g}度"
        )
    words = words_of(DEVICES, device)
    data = {"device": sentence(say(snapshot, words.en, words.zh)), "state": state}
    return settle(snapshot, effects, data=data)


DEVICE_EN = (
    e("turn on the fragrance", device="fragrance", state="on"),
    e("turn off the fragrance", device="fragrance", state="off"),
    e("stop the scent please", device="fragrance", state="off"),
    e("fragrance to level three", device="fragrance", level=3),
    e("light scent please, level one", device="fragrance", level=1),
    e("turn on the fridge", device="fridge", state="on"),
    e("switch the fridge off", device="fridge", state="off"),
    e("set the fridge to four degrees", device="fridge", temperature=4),
    e("cool the fridge down to minus two degrees", device="fridge", temperature=-2),
    e("keep the fridge warm at 45 degrees", device="fridge", temperature=45),
)
DEVICE_ZH = (
    e("打开香氛", device="fragrance", state="on"),
    e("关闭香氛", device="fragrance", state="off"),
    e("香薰停一下", device="fragrance", state="off"),
    e("香氛调到三挡", device="fragrance", level=3),
    e("香味淡一点，一挡就行", device="fragrance", level=1),
    e("打开冰箱", device="fridge", state="on"),
    e("把冰箱关了", device="fridge", state="off"),
    e("冰箱调到四度", device="fridge", temperature=4),
    e("冰箱降到零下两度", device="fridge", temperature=-2),
    e("冰箱保温四十五度", device="fridge", temperature=45),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "fragrance_fridge.set",
            Words("control fragrance and fridge", "香氛和冰箱"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "device",
                    Kind.CHOICE,
                    Words("device", "设备"),
                    required=True,
                    choices=DEVICES,
                ),
                Argument("state", Kind.CHOICE, Words("on or off", "开关"), choices=ON_OFF),
                level_argument(Words("strength", "浓度"), minimum=1, maximum=STRONGEST),
                Argument(
                    "temperature",
                    Kind.NUMBER,
                    Words("fridge temperature", "冰箱温度"),
                    minimum=COLDEST_C,
                    maximum=WARMEST_C,
                    unit="°C",
                ),
            ),
            actuators=(
                f"{FRAGRANCE}.IsOn",
                f"{FRAGRANCE}.Intensity",
                f"{FRIDGE}.IsOn",
                f"{FRIDGE}.Temperature",
            ),
            undoable=True,
            time_to_live_s=2.0,
            en=DEVICE_EN,
            zh=DEVICE_ZH,
            done=Words("{data.device} {data.state}.", "{data.device}{data.state}。"),
        ),
        set_device,
    ),
)
