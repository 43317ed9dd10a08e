"""Short-lived keys open for their time, narrow, and no more than there may be."""

import pytest

from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.client_secrets import MOST_OF_A_KEY, PREFIX, ClientSecrets
from edgewise.cloud.refusal import Refused
from edgewise.testing.clock import ManualClock

CALLER = Caller("k", KeyKind.DEVELOPER, "o", "p")


def test_a_secret_opens_for_its_time_and_for_one_endpoint():
    clock = ManualClock()
    held = ClientSecrets(clock)
    secret, made = held.make(CALLER, "m", {"type": "realtime"}, 60)
    assert secret.startswith(PREFIX)
    assert len(secret) > 40
    assert held.find(secret) == made
    assert made.caller.endpoints == {Endpoint.REALTIME}
    assert made.caller.key == "k"
    clock.advance(59)
    assert held.find(secret) == made
    clock.advance(1)
    assert held.find(secret) is None
    assert held.find(secret[:-1]) is None
    assert held.find("") is None


def test_a_key_has_only_so_many_and_those_that_ran_out_make_room():
    clock = ManualClock()
    held = ClientSecrets(clock)
    for _ in range(MOST_OF_A_KEY):
        held.make(CALLER, "m", {}, 60)
    with pytest.raises(Refused) as refused:
        held.make(CALLER, "m", {}, 60)
    assert refused.value.status == 429
    held.make(Caller("other", KeyKind.DEVELOPER, "o", "p"), "m", {}, 60)
    clock.advance(60)
    held.make(CALLER, "m", {}, 60)
