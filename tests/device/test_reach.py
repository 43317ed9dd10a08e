"""A device with a cloud: what may leave does, as stand-ins; what may not, does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edgewise.core.clock import SystemClock
from edgewise.core.event import Answered, Came, Checked, Event, Left, TextDelta, Weighed
from edgewise.core.label import Label, Origin, OriginKind, Residency, Sensitivity
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.core.place import Mode
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.clouds import Cloud
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.runtime import Device, start_device
from edgewise.route.question import Score
from tests.cloud.strange_upstream import StrangeUpstream, events, strange_upstream

MAIL = "li.na@example.com"
ASKED = f"what is the capital of the country where {MAIL} was born"


def echo(_: bytes, body: bytes) -> bytes:
    """A cloud that says again what it was told."""
    said = json.loads(body)["messages"][-1]["content"]
    pieces = [said[i : i + 3] for i in range(0, len(said), 3)]
    chunks = [
        {"id": "c", "object": "chat.completion.chunk", "model": "m",
         "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
        for piece in pieces
    ]  # fmt: skip
    chunks[-1]["choices"][0]["finish_reason"] = "stop"  # type: ignore[index]
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    chunks.append({"choices": [], "usage": usage})
    return events(*(json.dumps(chunk).encode() for chunk in chunks), b"[DONE]")


@asynccontextmanager
async def connected(
    folder: Path, mode: str = "prefer_cloud", *, consent: bool = True
) -> AsyncIterator[tuple[Device, StrangeUpstream]]:
    """A device without a language model, in CN, with one cloud there."""
    async with strange_upstream(echo) as cloud:
        (folder / "config.toml").write_text(
            f'region = "CN"\nchat_model = ""\nmode = "{mode}"\n[[cloud]]\nname = "step"\n'
            f'address = "{cloud.address}/v1"\nmodel = "m"\nregion = "CN"\n'
            "input_price = 1.0\noutput_price = 2.0\n"
        )
        if consent:
            grant(folder, f"{cloud.address}/v1")
        device = await start_device(folder)
        try:
            yield device, cloud
        finally:
            await device.close()


def grant(folder: Path, address: str, *, sensitive: bool = False) -> str:
    cloud = Cloud("step", address, "m", "CN")
    return Consents(folder, SystemClock()).grant(cloud.endpoint, "assist", sensitive=sensitive).id


async def ask(device: Device, text: str = ASKED, label: Label | None = None) -> list[Event]:
    part = TextPart(text) if label is None else TextPart(text, label)
    return [event async for event in device.agent.run(Request((part,), session="s"))]


def end_of(found: list[Event]) -> Answered:
    assert isinstance(found[-1], Answered)
    return found[-1]


async def test_an_address_leaves_as_a_stand_in_and_comes_back_as_it_was(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        found = await ask(device)
    (body,) = cloud.bodies
    assert MAIL.encode() not in body + cloud.heads[0]
    assert b"<EMAIL_" in body
    end = end_of(found)
    assert (end.text, end.source) == (f"{ASKED}.", "step")
    (left,) = [event for event in found if isinstance(event, Left)]
    assert left.replaced == {"email": 1}
    (came,) = [event for event in found if isinstance(event, Came)]
    assert (came.input_tokens, came.output_tokens, came.failed) == (10, 5, "")
    assert came.cost == pytest.approx(20 / 1_000_000)


async def test_a_fresh_device_sends_nothing_to_nobody(tmp_path: Path):
    async with connected(tmp_path, mode="device_only") as (device, cloud):
        found = await ask(device)
    assert cloud.bodies == []
    assert not [event for event in found if isinstance(event, Left)]


async def test_without_a_consent_the_person_is_asked_for_one(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, cloud):
        found = await ask(device)
        assert "edgewise consent grant step" in end_of(found).text
        grant(tmp_path, f"{cloud.address}/v1")
        assert end_of(await ask(device)).source == "step"
    assert len(cloud.bodies) == 1


async def test_a_mode_and_a_revoked_consent_count_at_once(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        await ask(device)
        choose_mode(tmp_path, Mode.DEVICE_ONLY)
        assert end_of(await ask(device)).source == ""
        choose_mode(tmp_path, Mode.PREFER_CLOUD)
        consents = Consents(tmp_path, SystemClock())
        consents.revoke(consents.in_force()[0].id)
        assert end_of(await ask(device)).source == ""
    assert len(cloud.bodies) == 1


@pytest.mark.parametrize(
    "label",
    [
        Label((Origin(OriginKind.TYPED),), residency=Residency.DEVICE),
        Label((Origin(OriginKind.TYPED),), sensitivity=Sensitivity.SECRET),
        Label((Origin(OriginKind.TYPED),), readers=("owner",)),
        Label((Origin(OriginKind.TYPED),), purposes=("navigate",)),
        Label((Origin(OriginKind.TYPED),), expires_at=1.0),
    ],
)
async def test_what_its_label_keeps_stays(tmp_path: Path, label: Label):
    async with connected(tmp_path) as (device, cloud):
        found = await ask(device, label=label)
    assert cloud.bodies == []
    assert any(isinstance(event, Weighed) for event in found)


async def test_an_earlier_turn_that_must_stay_does_not_go_with_the_next(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        kept = Label((Origin(OriginKind.TYPED),), readers=("owner",))
        await ask(device, "why is my canary so tired", label=kept)
        assert cloud.bodies == []
        await ask(device)
    assert b"canary" not in cloud.bodies[0]


async def test_in_a_tunnel_the_device_says_so(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        assert device.reach is not None
        device.reach.online = False
        text = end_of(await ask(device)).text
        assert text
    assert cloud.bodies == []


async def test_the_days_money_is_not_passed(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        config = (tmp_path / "config.toml").read_text()
    (tmp_path / "config.toml").write_text("money_a_day = 0.0\n" + config)
    async with strange_upstream(echo) as cloud:
        device = await start_device(tmp_path)
        try:
            await ask(device)
        finally:
            await device.close()
    assert cloud.bodies == []


async def test_what_left_can_be_shown_and_forgotten(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        found = await ask(device)
        (left,) = [event for event in found if isinstance(event, Left)]
        assert device.reach is not None
        payload = device.reach.shown(left.digest)
        assert payload is not None
        assert "<EMAIL_" in payload.turns[-1].text
        sent = json.loads(cloud.bodies[0])["messages"][-1]["content"]
        assert payload.turns[-1].text == sent
        device.reach.forget()
        assert device.reach.shown(left.digest) is None


async def test_one_turn_that_is_cancelled_stops_asking(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        cloud.answers.clear()
        task = asyncio.create_task(ask(device))
        async with asyncio.timeout(5):
            while not cloud.bodies:  # noqa: ASYNC110  another's state
                await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        cloud.answers.set()
        assert end_of(await ask(device)).source == "step"


def test_the_device_is_private_by_default():
    assert Config().mode is Mode.DEVICE_ONLY


async def test_pieces_are_heard_as_they_come(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        found = await ask(device, "tell me about the history of tea in a few words please")
    assert len([event for event in found if isinstance(event, TextDelta)]) > 3


@pytest.mark.parametrize(("mode", "times"), [("prefer_device", 1), ("device_only", 0)])
async def test_a_question_is_scored_once_and_not_at_all_where_it_can_not_matter(
    tmp_path: Path, mode: str, times: int
):
    scored: list[str] = []

    def score(text: str) -> Score:
        scored.append(text)
        return Score(0.3, 0.3)

    async with connected(tmp_path, mode=mode) as (device, _):
        assert device.reach is not None
        device.reach.score = score
        device.reach.own.model, device.reach.own.languages = "small", ("en",)
        found = await ask(device)
    assert any(isinstance(event, Checked) for event in found) is bool(times)
    assert len(scored) == times
