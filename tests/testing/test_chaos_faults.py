"""Faults are values that are checked when they are made."""

import dataclasses

import pytest

from edgewise.errors import UserError
from edgewise.testing.chaos_faults import HEALTHY, PROFILES, Faults, Lane


def test_each_profile_but_the_healthy_one_spoils_something():
    spoiled = {name for name, faults in PROFILES.items() if faults != HEALTHY}
    assert spoiled == set(PROFILES) - {"healthy"}
    assert spoiled >= {
        "cloud_down",
        "jitter_400ms",
        "resets_2_percent",
        "stall_mid_stream",
        "flapping",
        "half_open",
        "slow_link",
    }


def test_faults_are_frozen_and_the_profiles_too():
    with pytest.raises(dataclasses.FrozenInstanceError):
        HEALTHY.refuse = True  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        PROFILES["healthy"] = Faults(refuse=True)  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"cut_probability": 1.5}, "cut_probability is 1.5; at most 1"),
        ({"error_probability": -0.1}, "error_probability is -0.1; it can not be below 0"),
        ({"cut_within_bytes": 0}, "cut_within_bytes is 0; at least 1"),
        ({"flap_up_s": 1.0}, "needs both"),
        ({"accept_delay_s": float("nan")}, "accept_delay_s is nan"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, float], why: str):
    with pytest.raises(UserError, match=why):
        Faults(**wrong)  # pyright: ignore[reportArgumentType]


def test_a_lane_that_makes_no_sense_is_refused():
    with pytest.raises(UserError, match="latency_s is -1"):
        Lane(latency_s=-1)
    with pytest.raises(UserError, match="to pass nothing, stall_after_bytes=0"):
        Lane(rate_bytes_s=0)
