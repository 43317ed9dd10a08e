"""Bodies and errors of the device API."""

import msgspec
import pytest

from edgewise.device import wire
from edgewise.device.vehicle.faults import MissingValue, ProviderGone, SlowBus, Stale, Swallowed
from tests.each_row import each_row


@each_row("shape", wire.Body.__subclasses__())
def test_no_body_takes_a_field_that_it_does_not_name(shape: type[wire.Body]):
    with pytest.raises(msgspec.ValidationError, match=r"unknown field|missing required"):
        msgspec.json.decode(b'{"surprise": 1}', type=shape)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("swallowed", Swallowed("Vehicle.Cabin")),
        ("slow_bus", SlowBus(0.5)),
        ("provider_gone", ProviderGone("Vehicle.Cabin")),
        ("stale", Stale("Vehicle.Cabin")),
        ("missing", MissingValue("Vehicle.Cabin")),
    ],
)
def test_every_kind_of_fault_can_be_asked_for(kind: wire.FaultKind, fault: object):
    assert wire.fault_of(wire.FaultBody(kind, "Vehicle.Cabin")) == fault
