"""Sessions are their owner's alone, whoever asks, and end when they are left."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.agent_sessions import AgentSessions, owner_of
from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.refusal import Refused
from edgewise.core.exchange import Bounds, FromDevice, How, Opening, Say
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from edgewise.testing.clock import ManualClock
from tests.agent.conftest import FUNCTIONS
from tests.cloud.scripted_gateway import ScriptedGateway, device

OPENING = Opening(tuple(f.capability for f in FUNCTIONS), "0" * 64, "1" * 64)
CALLERS = st.builds(
    Caller,
    key=st.sampled_from(["k1", "k2"]),
    kind=st.sampled_from(KeyKind),
    organisation=st.sampled_from(["o1", "o2"]),
    project=st.sampled_from(["p1", "p2"]),
    device=st.sampled_from(["", "d1", "d2", "key:k1"]),
)


def sessions(clock: ManualClock | None = None, **bounds: int) -> AgentSessions:
    return AgentSessions(
        ScriptedGateway([]), clock or ManualClock(),
        bounds=Bounds(), model="m",
        **{"most_of_owner": 2, "most_of_project": 5, "most": 9, **bounds},
    )  # fmt: skip


def same_owner(one: Caller, two: Caller) -> bool:
    """The rule in other words: all of where it belongs, and the device, or else the key."""
    if (one.organisation, one.project, one.kind) != (two.organisation, two.project, two.kind):
        return False
    if one.kind is KeyKind.DEVICE and (one.device or two.device):
        return one.device == two.device
    return one.key == two.key


@given(CALLERS, CALLERS)
def test_only_the_owner_finds_a_session(opener: Caller, other: Caller) -> None:
    async def check() -> None:
        held = sessions()
        opened = await held.open(opener, OPENING, "")
        assert await held.find(opener, opened.session)
        if same_owner(opener, other):
            assert await held.find(other, opened.session)
        else:
            with pytest.raises(Refused) as refused:
                await held.find(other, opened.session)
            assert refused.value.status == 404
            with pytest.raises(Refused):
                await held.end(other, opened.session)
            assert len(held) == 1
        await held.close()

    asyncio.run(check())


@given(CALLERS, CALLERS)
def test_an_idempotency_key_of_another_opens_nothing_of_theirs(one: Caller, two: Caller) -> None:
    async def check() -> None:
        held = sessions()
        first = await held.open(one, OPENING, "same")
        second = await held.open(two, OPENING, "same")
        assert (first == second) is same_owner(one, two)
        await held.close()

    asyncio.run(check())


async def test_a_session_that_is_left_is_gone_when_its_window_is_over() -> None:
    clock = ManualClock()
    held = sessions(clock)
    opened = await held.open(device(), OPENING, "")
    clock.advance(299.0)
    assert await held.find(device(), opened.session)
    clock.advance(2.0)
    with pytest.raises(Refused):
        await held.find(device(), opened.session)
    assert len(held) == 0


async def test_the_model_must_be_in_the_keys_scope() -> None:
    caller = Caller("k", KeyKind.DEVICE, "o", "p", "d", models=frozenset({"small"}))
    with pytest.raises(Refused) as refused:
        await sessions().open(caller, OPENING, "")
    assert refused.value.problem.code == "model_not_found"


async def test_examples_of_the_capabilities_are_not_kept() -> None:
    held = sessions()
    opened = await held.open(device(), OPENING, "")
    kept = (await held.find(device(), opened.session)).host.session.opening
    assert all(not capability.en and not capability.zh for capability in kept.capabilities)


def test_a_device_named_like_a_key_is_not_that_key() -> None:
    named = Caller("k2", KeyKind.DEVICE, "o", "p", "key:k1")
    for kind in KeyKind:
        assert owner_of(named) != owner_of(Caller("k1", kind, "o", "p"))


async def test_a_project_opens_no_more_sessions_than_its_share_whatever_its_keys() -> None:
    held = sessions(most_of_project=3)
    for number in range(3):
        await held.open(Caller(f"k{number}", KeyKind.DEVELOPER, "o", "p"), OPENING, "")
    with pytest.raises(Refused, match="this project has 3 sessions"):
        await held.open(Caller("k4", KeyKind.DEVELOPER, "o", "p"), OPENING, "")
    await held.open(Caller("k4", KeyKind.DEVELOPER, "o", "another"), OPENING, "")
    await held.close()


async def test_all_sessions_share_a_bound_of_bytes_and_a_project_takes_half_at_most() -> None:
    one = sessions()
    opened = await one.open(device("car-0"), OPENING, "")
    size_bytes = (await one.find(device("car-0"), opened.session)).host.size_bytes
    held = sessions(most_bytes=4 * size_bytes, most_of_project=9)
    for number in range(2):
        await held.open(device(f"car-{number}"), OPENING, "")
    with pytest.raises(Refused, match="too much memory"):
        await held.open(device("car-2"), OPENING, "")
    await held.open(device("car-2", "another"), OPENING, "")
    for host in held.hosts():
        await host.close()


async def test_the_largest_session_ends_when_all_grow_over_their_bound() -> None:
    one = sessions()
    opened = await one.open(device("car-0"), OPENING, "")
    size_bytes = (await one.find(device("car-0"), opened.session)).host.size_bytes
    held = sessions(most_bytes=4 * size_bytes)
    names = [(await held.open(device(f"car-{n}", f"p{n}"), OPENING, "")).session for n in range(3)]
    large = (await held.find(device("car-1", "p1"), names[1])).host
    words = TextPart("x" * 60_000, label_of(OriginKind.TYPED))
    large.connect(0, device)
    for number in range(1 + 4 * size_bytes // 60_000):
        say = Say(f"t{number}", (words,))
        large.receive(FromDevice(number + 1, 0, say), device)
        large.session.end(say.turn, How.FAILED)
    await held.check()
    assert large.closed
    assert len(held) == 2
    for host in held.hosts():
        await host.close()
