"""Scenes: named lists of calls.

A stored scene is expanded by the agent into its calls, each resolved and decided by itself; what
reaches `run` here names a scene that is not stored. `save` keeps given steps, or without any the
present climate, seat comfort and light inside. Each step is stored with who proposed it and with
the labels of its arguments, so that saving and running launders nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec

from edgewise.act.catalogue.cabin import aim, number_at, seats, stations
from edgewise.act.catalogue.rows import impossible, named, plain, rows_in, text_in
from edgewise.act.catalogue.seat import level_of
from edgewise.act.catalogue.words import COLOUR_CODES
from edgewise.act.catalogue.words import example as e
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.signal import JsonValue, Snapshot, as_object
from edgewise.core.words import Words
from edgewise.core.zone import SINGLE_ZONES, Zone

SCENES = "scene.saved"
MOST_STEPS = 20
AMBIENT = "Vehicle.Cabin.Light.AmbientLight.Row1.DriverSide"


def run(call: Call, snapshot: Snapshot) -> Resolution:
    """Tell that the scene is unknown, and which there are."""
    name = text_in(call, "name")
    rows = rows_in(snapshot, SCENES)
    found = named(rows, name, ("name",))
    if found:
        exact = str(found[0].get("name", ""))
        return impossible(
            "say_exactly", f"Do you mean the scene {exact}?", f"您是说“{exact}”场景吗？请说全名。"
        )
    known = [str(row.get("name", "")) for row in rows]
    if not known:
        return impossible(
            "not_found",
            f"There is no scene called {name}; none is saved yet.",
            f"没有叫“{name}”的场景，还没有保存过场景。",
        )
    return impossible(
        "not_found",
        f"There is no scene called {name}. There are: {', '.join(known)}.",
        f"没有叫“{name}”的场景。现有：{'、'.join(known)}。",
    )


def save(call: Call, snapshot: Snapshot) -> Resolution:
    """Keep a scene under a name; a scene of that name is replaced."""
    name = text_in(call, "name")
    given = call.arguments.get("steps")
    label = join([call.label, call.label_of("steps")])
    steps = list(present_steps(snapshot)) if given is None else _steps_in(given)
    if not steps:
        return impossible(
            "no_steps", "There is nothing to put into the scene.", "场景里没有可保存的内容。"
        )
    if len(steps) > MOST_STEPS:
        return impossible(
            "too_long",
            f"A scene can have {MOST_STEPS} steps, not {len(steps)}.",
            f"一个场景最多{MOST_STEPS}步，不能有{len(steps)}步。",
        )
    same = next(
        (r for r in rows_in(snapshot, SCENES) if plain(str(r.get("name"))) == plain(name)), None
    )
    row_id = str(same["id"]) if same else call.id
    row = {"name": name, "steps": [_labelled(step, label) for step in steps]}
    stored: JsonValue = msgspec.json.decode(msgspec.json.encode(row))
    return Resolved(
        (Effect(f"{SCENES}.{row_id}", stored),), data={"name": name, "count": len(steps)}
    )


def present_steps(snapshot: Snapshot) -> Iterator[dict[str, JsonValue]]:
    """The calls that bring back the comfort of the cabin as it is now."""
    cooling = aim(snapshot, "Vehicle.Cabin.HVAC.IsAirConditioningActive")
    if cooling is not None:
        yield _step("climate.set_power", on=cooling)
    for zone in SINGLE_ZONES:
        station, seat = stations(zone, snapshot)[0], seats(zone, snapshot)[0]
        temperature = number_at(snapshot, f"{station}.Temperature")
        if temperature is not None:
            yield _step("climate.set_temperature", zone=zone.value, value=temperature)
        comfort = number_at(snapshot, f"{seat}.HeatingCooling")
        if comfort:
            mode, level = ("heat" if comfort > 0 else "vent"), level_of(abs(comfort))
            yield _step("seat.set_heat_vent", seat=zone.value, mode=mode, level=level)
    fan = number_at(snapshot, f"{stations(Zone.DRIVER, snapshot)[0]}.FanSpeed")
    if fan is not None:
        yield _step("climate.set_fan", zone=Zone.ALL.value, level=round(fan / 10))
    lit = aim(snapshot, f"{AMBIENT}.IsLightOn")
    if lit is False:
        yield _step("light.interior.set", kind="ambient", on=False)
    elif lit:
        brightness = number_at(snapshot, f"{AMBIENT}.Intensity")
        colour = str(aim(snapshot, f"{AMBIENT}.Color")).upper()
        named_colour = next((n for n, code in COLOUR_CODES.items() if code == colour), None)
        yield _step(
            "light.interior.set",
            kind="ambient",
            on=True,
            brightness=None if brightness is None else max(1, round(brightness)),
            color=named_colour,
        )


def _step(capability: str, **arguments: JsonValue) -> dict[str, JsonValue]:
    kept = {name: value for name, value in arguments.items() if value is not None}
    return {"capability": capability, "arguments": kept}


def _labelled(step: dict[str, JsonValue], label: Label) -> dict[str, JsonValue]:
    """`step` with the label of who proposed it, and its arguments' own on top of that: what a
    step says of itself can only take trust away."""
    said = as_object(step.get("labels"))
    labels = {name: join([label, _label_in(held)]) for name, held in said.items()}
    return {**step, "label": label, "labels": labels}


def _label_in(held: JsonValue) -> Label:
    try:
        return msgspec.convert(held, Label)
    except msgspec.ValidationError:
        return label_of(OriginKind.APP, SCENES)


def _steps_in(given: dict[str, Any]) -> Sequence[dict[str, JsonValue]]:
    """The well-formed steps of `{"steps": [{"capability": ..., "arguments": {...}}, ...]}`."""
    steps: list[dict[str, JsonValue]] = []
    for entry in cast(list[Any], given.get("steps") or []):
        step = cast(dict[str, Any], entry) if isinstance(entry, dict) else {}
        name, arguments = step.get("capability"), step.get("arguments", {})
        if isinstance(name, str) and name and isinstance(arguments, dict):
            labels = as_object(step.get("labels"))
            kept = {"capability": name, "arguments": cast(dict[str, Any], arguments)}
            steps.append({**kept, "labels": labels} if labels else kept)
    return steps


RUN_EN = (
    e("run the nap scene", name="nap"),
    e("activate camping mode", name="camping"),
    e("start my evening scene", name="evening"),
    e("switch to the relax scene", name="relax"),
    e("scene movie night please", name="movie night"),
    e("turn on commute mode", name="commute"),
)
RUN_ZH = (
    e("打开小憩模式", name="小憩"),
    e("启动露营模式", name="露营"),
    e("执行晚安场景", name="晚安"),
    e("切换到放松场景", name="放松"),
    e("开启观影模式", name="观影"),
    e("进入通勤模式", name="通勤"),
)
SAVE_EN = (
    e("save this as my evening scene", name="evening"),
    e("remember these settings as commute", name="commute"),
    e("store the current cabin as relax", name="relax"),
    e("make a scene called nap from this", name="nap"),
    e("save the scene as road trip", name="road trip"),
    e("call this setup winter", name="winter"),
)
SAVE_ZH = (
    e("把现在的设置存为晚安场景", name="晚安"),
    e("保存成通勤模式", name="通勤"),
    e("记住现在这样，叫放松", name="放松"),
    e("新建场景叫小憩", name="小憩"),
    e("把这个存成自驾场景", name="自驾"),
    e("当前设置命名为冬天", name="冬天"),
)
_NAME = Argument("name", Kind.TEXT, Words("scene", "场景名"), required=True, maximum=60)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "scene.run",
            Words("run a scene", "执行场景"),
            Risk.DISRUPTIVE,
            arguments=(_NAME,),
            en=RUN_EN,
            zh=RUN_ZH,
        ),
        run,
        reads=(SCENES,),
    ),
    Function(
        Capability(
            "scene.save",
            Words("save a scene", "保存场景"),
            Risk.REVERSIBLE,
            arguments=(_NAME, Argument("steps", Kind.OBJECT, Words("steps", "步骤"))),
            actuators=(f"{SCENES}.*",),
            undoable=True,
            en=SAVE_EN,
            zh=SAVE_ZH,
            done=Words(
                "Scene {data.name} saved with {data.count} steps.",
                "场景“{data.name}”已保存，共{data.count}步。",
            ),
        ),
        save,
        reads=(SCENES,),
    ),
)
