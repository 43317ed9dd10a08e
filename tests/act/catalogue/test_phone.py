"""Every capability of the phone half: its examples, its templates, its honesty."""

import re
from datetime import datetime

import msgspec
import pytest

from edgewise.act.catalogue import (
    alarm,
    app,
    calendar,
    call,
    contact,
    device,
    email,
    file,
    gui,
    home,
    info,
    memory,
    message,
    nav,
    service,
)
from edgewise.act.catalogue import (
    list as lists,
)
from edgewise.act.catalogue.rows import EXAMPLE_NOW
from edgewise.act.exposure import is_exposed
from edgewise.act.function import Catalogue
from edgewise.act.perform import shows
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Impossible, Missing, Resolved
from edgewise.core.capability import Capability, Example
from edgewise.core.clock import SystemClock
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Snapshot, snapshot_of
from edgewise.device.phone.sample import load_sample, sample_rows
from edgewise.device.phone.store import DocumentStore

FAMILIES = (alarm, app, calendar, call, contact, device, email, file, gui, home, info,
            lists, memory, message, nav, service)  # fmt: skip
FUNCTIONS = [function for family in FAMILIES for function in family.FUNCTIONS]
CATALOGUE = Catalogue(FUNCTIONS)
NAMES = {
    "call.dial", "call.control", "message.send", "message.read", "email.send", "email.search",
    "contact.find", "contact.upsert", "calendar.query", "calendar.upsert", "calendar.delete",
    "alarm.manage", "list.manage", "device.get_setting", "device.set_setting", "device.capture",
    "device.find", "app.open", "app.invoke", "gui.observe", "gui.act", "file.search",
    "file.change", "home.get_state", "home.control", "service.book", "order.place", "order.query",
    "pay.authorize", "info.weather", "info.search", "info.compute", "memory.recall",
    "memory.save", "memory.forget", "nav.search_place", "nav.set_destination", "nav.edit_route",
    "nav.get_route_info", "nav.cancel", "nav.set_view", "nav.share_location",
}  # fmt: skip


def world(**more: object) -> Snapshot:
    wall = datetime.fromisoformat(EXAMPLE_NOW).timestamp()
    session = {"session.language": "en", "session.zone": "driver"}
    return snapshot_of({**sample_rows(wall), **session, **more}, wall=wall)


def asked(name: str, arguments: dict[str, object]) -> Call:
    return Call("t1", name, arguments, label_of(OriginKind.VOICE, "driver"))


def each_example() -> list[tuple[Capability, Example]]:
    found = [f.capability for f in FUNCTIONS]
    return [(c, example) for c in found for example in (*c.en, *c.zh)]


def test_the_phone_half_has_exactly_the_names_of_the_table():
    assert {function.capability.name for function in FUNCTIONS} == NAMES


def test_every_capability_has_six_different_examples_in_each_language():
    for function in FUNCTIONS:
        for examples in (function.capability.en, function.capability.zh):
            assert len({example.text for example in examples}) >= 6, function.capability.name


def test_what_is_not_available_says_so_in_both_languages():
    for function in FUNCTIONS:
        capability = function.capability
        if capability.available:
            continue
        assert capability.unavailable is not None, function.capability.name
        resolution = function.resolve(asked(capability.name, {}), world())
        assert isinstance(resolution, Impossible)
        assert resolution.words == capability.unavailable, function.capability.name


def test_every_example_passes_the_checks_and_resolves():
    for function in FUNCTIONS:
        capability, snapshot = function.capability, world()
        for example in (*capability.en, *capability.zh):
            match resolve(asked(capability.name, example.arguments), CATALOGUE, snapshot):
                case Impossible(code, _):
                    wrong = ("unknown_argument", "wrong_type", "out_of_range")
                    assert code not in wrong or not capability.available, example.text
                case resolution if not capability.available:
                    pytest.fail(f"{example.text}: {resolution}")
                case Missing() as missing:
                    assert capability.argument(missing.argument) is not None, example.text
                case Resolved() as resolution:
                    assert_templates_are_filled(capability, example, resolution)


def assert_templates_are_filled(
    capability: Capability, example: Example, resolution: Resolved
) -> None:
    template = capability.done if resolution.effects else capability.tells
    assert template is not None, f"{capability.name} has nothing to say"
    known = set(resolution.data or {}) | set(example.arguments)
    for text in (template.en, template.zh):
        assert set(re.findall(r"{(\w+)}", text)) <= known


def test_resolving_twice_gives_the_same_and_changes_nothing():
    for function in FUNCTIONS:
        capability, snapshot = function.capability, world()
        before = msgspec.json.encode(snapshot)
        for example in (*capability.en, *capability.zh):
            call_once = asked(capability.name, example.arguments)
            first = resolve(call_once, CATALOGUE, snapshot)
            assert resolve(call_once, CATALOGUE, snapshot) == first, example.text
        assert msgspec.json.encode(snapshot) == before, function.capability.name


def test_most_examples_really_resolve_with_the_sample_data():
    available = [(c, e) for c, e in each_example() if c.available]
    resolved = [
        example.text
        for capability, example in available
        if isinstance(
            resolve(asked(capability.name, example.arguments), CATALOGUE, world()), Resolved
        )
    ]
    assert len(resolved) / len(available) > 0.7


def test_reads_of_what_others_wrote_are_labelled_untrusted():
    for function in FUNCTIONS:
        capability = function.capability
        if capability.content is None or not capability.available:
            continue
        for example in (*capability.en, *capability.zh):
            resolution = resolve(asked(capability.name, example.arguments), CATALOGUE, world())
            if isinstance(resolution, Resolved):
                assert resolution.label is not None, function.capability.name
                assert not resolution.label.trusted, function.capability.name


def test_sinks_name_arguments_or_services():
    for function in FUNCTIONS:
        for sink in function.capability.sinks:
            assert function.capability.argument(sink.argument) is not None, function.capability.name


async def test_every_effect_is_on_the_allow_list_and_is_read_back_from_the_stores():
    route = {"destination": {"id": "p3", "name": "外滩", "latitude": 31.24, "longitude": 121.49},
             "via": [], "preference": "fastest"}  # fmt: skip
    ringing = [{"id": "current", "name": "李娜", "number": "1", "state": "ringing"}]
    snapshot = world(**{"nav.route": route, "phone.call": ringing})
    store = DocumentStore(":memory:", SystemClock())
    await load_sample(store, snapshot.wall)
    written = 0
    for capability, example in each_example():
        resolution = resolve(asked(capability.name, example.arguments), CATALOGUE, snapshot)
        for effect in resolution.effects if isinstance(resolution, Resolved) else ():
            assert is_exposed(effect.target), f"{effect.target} of {example.text!r}"
            await store.write([effect])
            reading = (await store.read([effect.target]))[effect.target]
            assert shows(reading.value, effect.value), f"{effect} of {example.text!r}"
            written += 1
    assert written > 150
    store.close()
