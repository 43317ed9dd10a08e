"""A key opens what its scope names; a device's credential opens less from the start."""

import pytest

from edgewise.cloud.caller import Caller, Endpoint, KeyKind, digest_of
from edgewise.cloud.refusal import Refused


def key(kind: KeyKind, *endpoints: Endpoint, models: tuple[str, ...] = ()) -> Caller:
    held = frozenset(endpoints)
    return Caller("key", kind, "org", "proj", models=frozenset(models), endpoints=held)


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_a_developers_key_without_scope_opens_everything(endpoint: Endpoint):
    assert key(KeyKind.DEVELOPER).may(endpoint)


def test_a_scope_opens_what_it_names_and_nothing_else():
    limited = key(KeyKind.DEVELOPER, Endpoint.CHAT)
    assert [endpoint for endpoint in Endpoint if limited.may(endpoint)] == [Endpoint.CHAT]


def test_a_device_without_scope_opens_its_agent_and_the_list_of_models():
    opened = {endpoint for endpoint in Endpoint if key(KeyKind.DEVICE).may(endpoint)}
    assert opened == {Endpoint.AGENT, Endpoint.MODELS}


def test_no_scope_lets_a_device_read_usage():
    assert not key(KeyKind.DEVICE, Endpoint.USAGE, Endpoint.CHAT).may(Endpoint.USAGE)
    assert key(KeyKind.DEVICE, Endpoint.USAGE, Endpoint.CHAT).may(Endpoint.CHAT)


def test_what_a_key_may_not_is_refused_by_name():
    with pytest.raises(Refused) as refused:
        key(KeyKind.DEVICE).check_endpoint(Endpoint.CHAT)
    assert (refused.value.status, refused.value.problem.code) == (403, "key_scope")


def test_a_model_outside_the_scope_is_as_unknown_as_one_that_is_not_there():
    key(KeyKind.DEVELOPER, models=("a",)).check_model("a")
    with pytest.raises(Refused) as refused:
        key(KeyKind.DEVELOPER, models=("a",)).check_model("b")
    assert (refused.value.status, refused.value.problem.code) == (404, "model_not_found")


def test_a_secret_that_is_no_unicode_text_has_a_digest_too():
    assert digest_of("\udcff") != digest_of("\udcfe")
