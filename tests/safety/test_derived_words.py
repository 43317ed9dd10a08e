"""Words are bound by what they were made of: an answer that saw private words stays with them."""

from pathlib import Path

import pytest

from edgewise.core.event import NeedsApproval
from edgewise.core.label import Label, Origin, OriginKind, Residency
from edgewise.core.message import Channel
from edgewise.device.runtime import Device
from edgewise.device.tunnel import set_tunnel
from edgewise.think.chat import ChatPrompt, Note, Said, unnoted
from tests.device.test_reach import ask, connected, end_of, grant

TOWN = "KANARIENVOGEL"
ABOUT = f"what is the history of the town {TOWN} in Germany"
POOR = "why is the password: {} a poor choice in cryptography"
MORE_OF = "why is that town so famous in chapter {} of its history"
MORE = "why is that town so famous in history"
OTHER = "what is the capital of Peru and why is it so"
PRIVATE = Label((Origin(OriginKind.TYPED, "driver"),), residency=Residency.DEVICE)
MATTER = "why do I take medicine against my HIV every day"


class Telling:
    """A language model that tells all that it was told."""

    name = "telling"
    languages = ("en", "zh")

    async def reply(
        self, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
    ):
        said = "Earlier: " + " / ".join(turn.text for turn in prompt.turns)
        note(Said(said))
        yield said

    async def close(self) -> None:
        return


def give_model(device: Device) -> None:
    device.agent.home.mind._chat = Telling()  # type: ignore[attr-defined]
    assert device.reach is not None
    own = device.reach.own
    own.model, own.languages, own.context_tokens = "telling", ("en", "zh"), 8_000


def labels(device: Device) -> list[Label]:
    return [one.label for one in device.agent._sessions.find("s", Channel.TYPED).exchanges]


async def answered_here(folder: Path, device: Device, text: str) -> str:
    """The device's own answer, as in a tunnel."""
    set_tunnel(folder, on=True)
    end = end_of(await ask(device, text))
    set_tunnel(folder, on=False)
    assert end.source == ""
    return end.text


async def test_what_must_stay_does_not_leave_through_the_devices_next_answer(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        give_model(device)
        await ask(device, ABOUT, PRIVATE)
        assert TOWN in await answered_here(tmp_path, device, MORE)
        assert [one.residency for one in labels(device)] == [Residency.DEVICE] * 2
        end_of(await ask(device, OTHER))
    assert cloud.bodies
    assert TOWN.encode() not in b"".join(cloud.bodies)


async def test_what_the_person_refused_does_not_leave_through_the_devices_next_answer(
    tmp_path: Path,
):
    async with connected(tmp_path, mode="ask") as (device, cloud):
        give_model(device)
        await ask(device, ABOUT)
        await ask(device, "no")
        assert TOWN in await answered_here(tmp_path, device, MORE)
        assert isinstance((await ask(device, OTHER))[-1], NeedsApproval)
        end_of(await ask(device, "yes"))
    assert cloud.bodies
    assert TOWN.encode() not in b"".join(cloud.bodies)


async def test_a_sensitive_matter_does_not_leave_through_an_answer_that_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The answer's words alone tell of nothing; what they were made of does."""
    async with connected(tmp_path) as (device, cloud):
        give_model(device)
        await ask(device, MATTER)
        monkeypatch.setattr(Telling, "reply", _about_the_dose)
        await answered_here(tmp_path, device, "how many of them are there in a pack of it")
        end_of(await ask(device, OTHER))
    assert cloud.bodies
    body = b"".join(cloud.bodies)
    assert b"HIV" not in body
    assert b"Biktarvy" not in body


async def _about_the_dose(
    self: object, prompt: ChatPrompt, *, deadline_s: float, max_tokens: int, note: Note = unnoted
):
    assert any("HIV" in turn.text for turn in prompt.turns)
    note(Said("Thirty Biktarvy."))
    yield "Thirty Biktarvy."


async def test_a_clouds_answer_is_bound_by_the_talk_that_it_was_sent(tmp_path: Path):
    region = Label((Origin(OriginKind.TYPED, "driver"),), residency=Residency.REGION)
    async with connected(tmp_path) as (device, cloud):
        await ask(device, ABOUT, region)
        assert end_of(await ask(device, OTHER)).source == "step"
        assert TOWN.encode() in cloud.bodies[-1]
        assert [one.residency for one in labels(device)] == [Residency.REGION] * 2


async def test_a_clouds_answer_stays_as_sensitive_as_what_it_was_sent(tmp_path: Path):
    async with connected(tmp_path, consent=False, assessment="a-1") as (device, cloud):
        grant(tmp_path, f"{cloud.address}/v1", sensitive=True)
        await ask(device, MATTER)
        await ask(device, OTHER)
        assert b"HIV" in cloud.bodies[-1]
        assert labels(device)[-1].sensitivity.name == "SENSITIVE"


async def test_what_the_device_tells_of_its_past_goes_to_no_cloud(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        await ask(device, ABOUT, PRIVATE)
        assert TOWN in end_of(await ask(device, "what did I just say")).text
        end_of(await ask(device, OTHER))
    assert cloud.bodies
    assert TOWN.encode() not in b"".join(cloud.bodies)


async def test_one_private_question_makes_no_whole_talk_private(tmp_path: Path):
    """It is understood with the two that follow; then the talk goes along again."""
    async with connected(tmp_path) as (device, cloud):
        give_model(device)
        await ask(device, ABOUT, PRIVATE)
        told = [await answered_here(tmp_path, device, MORE_OF.format(n)) for n in range(5)]
        assert [TOWN in one for one in told] == [True, True, False, False, False]
        assert [one.residency for one in labels(device)][-3:] == [Residency.ANY] * 3
        end_of(await ask(device, OTHER))
    assert b"chapter 4" in cloud.bodies[-1]
    assert TOWN.encode() not in cloud.bodies[-1]


async def test_without_a_cloud_the_device_sees_the_whole_talk(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        give_model(device)
        reach = device.reach
        assert reach is not None
        object.__setattr__(device.agent.home, "reach", None)
        await ask(device, ABOUT, PRIVATE)
        told = [end_of(await ask(device, MORE_OF.format(n))).text for n in range(4)]
        object.__setattr__(device.agent.home, "reach", reach)
    assert all(TOWN in one for one in told)


async def test_a_secret_leaves_no_more_when_it_is_said_again(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        give_model(device)
        for text, label in (
            (f"{POOR.format('Canary77x')}, as Canary77x is long", None),
            (POOR.format("blueberry42"), PRIVATE),
            ("how strong is canary77x as a word", None),
            ("why is blueberry42 so funny as a word", None),
        ):
            await ask(device, text, label)
    assert len(cloud.bodies) == 3
    body = b"".join(cloud.bodies).lower()
    assert b"canary77x" not in body
    assert b"blueberry42" not in body
