"""A device with a cloud: what may leave does, as stand-ins; what may not, does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace as replace_in
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.agent.reach import ENDED, CloudSaid
from edgewise.core.clock import SystemClock
from edgewise.core.event import (
    Answered,
    Came,
    Checked,
    Event,
    Left,
    NeedsApproval,
    TextDelta,
    Weighed,
)
from edgewise.core.label import Label, Origin, OriginKind, Residency, Sensitivity, label_of
from edgewise.core.message import Message, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.place import Mode, Way
from edgewise.core.words import Language
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.clouds import Cloud
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.route_learnt import LearntMaps, own_scorers
from edgewise.device.runtime import Device, start_device
from edgewise.device.spending import Spending
from edgewise.device.tunnel import set_tunnel
from edgewise.errors import TrustError
from edgewise.route.question import Question, Score
from edgewise.route.route import decide
from edgewise.route.scorer import scorer_id
from tests.cloud.strange_upstream import Answer, StrangeUpstream, events, reply, strange_upstream
from tests.device.test_route_learnt import learnt

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
    folder: Path,
    mode: str = "prefer_cloud",
    *,
    consent: bool = True,
    answer: Answer = echo,
    key_file: str = "",
    assessment: str = "",
) -> AsyncIterator[tuple[Device, StrangeUpstream]]:
    """A device without a language model, in CN, with one cloud there."""
    async with strange_upstream(answer) as cloud:
        (folder / "config.toml").write_text(
            f'region = "CN"\nchat_model = ""\nmode = "{mode}"\n[[cloud]]\nname = "step"\n'
            f'address = "{cloud.address}/v1"\nmodel = "m"\nregion = "CN"\n'
            f'input_price = 1.0\noutput_price = 2.0\nkey_file = "{key_file}"\n'
            f'assessment = "{assessment}"\n'
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
        end = (await ask(device))[-1]
        assert isinstance(end, NeedsApproval)
        assert "edgewise consent grant step" in end.text
        assert cloud.bodies == []
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
        assert isinstance((await ask(device))[-1], NeedsApproval)
    assert len(cloud.bodies) == 1


async def test_a_yes_sends_the_very_payload_that_was_shown_and_agrees_to_no_other(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, cloud):
        end = (await ask(device))[-1]
        assert isinstance(end, NeedsApproval)
        assert end.leaving is not None
        assert device.reach is not None
        shown = device.reach.shown(end.leaving.digest)
        assert shown is not None
        answered = end_of(await ask(device, "好的"))
        assert (answered.text, answered.source) == (f"{ASKED}.", "step")
        sent = json.loads(cloud.bodies[0])["messages"]
        assert [one["content"] for one in sent] == [one.text for one in shown.turns]
        consents = Consents(tmp_path, SystemClock())
        (once,) = consents.given()
        assert (once.once, consents.in_force()) == (end.leaving.digest, ())
        assert once.expires_at is not None
        assert 0 < once.expires_at - once.granted_at <= 300
        assert isinstance((await ask(device, "what is love"))[-1], NeedsApproval)
    assert len(cloud.bodies) == 1


async def test_in_mode_ask_a_consent_is_no_yes_and_a_yes_is_no_consent(tmp_path: Path):
    async with connected(tmp_path, mode="ask") as (device, cloud):
        end = (await ask(device))[-1]
        assert isinstance(end, NeedsApproval)
        assert end.leaving is not None
        assert not end.leaving.lacks_consent
        assert end_of(await ask(device, "yes")).source == "step"
        assert isinstance((await ask(device))[-1], NeedsApproval)
        consents = Consents(tmp_path, SystemClock())
        assert len(consents.given()) == 1, "the yes is none"
    assert len(cloud.bodies) == 1


async def test_a_yes_counts_for_nothing_once_things_have_changed(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, cloud):
        for change in (
            lambda: choose_mode(tmp_path, Mode.DEVICE_ONLY),
            lambda: set_tunnel(tmp_path, on=True),
        ):
            assert isinstance((await ask(device))[-1], NeedsApproval)
            change()
            assert end_of(await ask(device, "yes")).source == ""
            choose_mode(tmp_path, Mode.PREFER_CLOUD)
    assert cloud.bodies == []


async def test_a_name_learnt_since_it_was_shown_makes_the_device_ask_anew(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, cloud):
        first = (await ask(device, "why is Bartholomew so tall"))[-1]
        assert isinstance(first, NeedsApproval)
        assert device.reach is not None
        device.reach.names = lambda: {"contact": ("Bartholomew",)}
        second = (await ask(device, "yes"))[-1]
        assert isinstance(second, NeedsApproval)
        assert first.leaving is not None
        assert second.leaving is not None
        assert second.leaving.replaced != first.leaving.replaced
        assert end_of(await ask(device, "yes")).source == "step"
    (body,) = cloud.bodies
    assert b"Bartholomew" not in body


async def test_a_consent_for_this_once_that_is_taken_back_lets_nothing_out(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, _):
        reach = device.reach
        assert reach is not None
        message = Message("why", Language.ENGLISH, label_of(OriginKind.TYPED), Speaker())
        question = reach.question(message, last="", deadline_s=9.0)
        agreed = reach.agree(question, "step", "digest")
        assert reach.may_leave(agreed, "step")
        with pytest.raises(TrustError, match="not what the person said yes to"):
            reach.outgoing("s", message, (), agreed, "step")
        consents = Consents(tmp_path, SystemClock())
        consents.revoke(consents.given()[0].id)
        assert not reach.may_leave(agreed, "step")


async def test_a_word_that_was_refused_leaves_with_no_later_question(tmp_path: Path):
    async with connected(tmp_path, consent=False) as (device, cloud):
        await ask(device, "why is my canary so tired")
        await ask(device, "no")
        grant(tmp_path, f"{cloud.address}/v1")
        assert end_of(await ask(device)).source == "step"
    assert b"canary" not in cloud.bodies[0]


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


@pytest.mark.parametrize(
    "text", ["I have HIV, should I tell my employer?", "我得了抑郁症，该怎么办？"]
)
async def test_a_sensitive_matter_does_not_leave_by_a_plain_consent(tmp_path: Path, text: str):
    async with connected(tmp_path) as (device, cloud):
        found = await ask(device, text)
        assert device.reach is not None
        assert cloud.bodies == []
        assert any(isinstance(event, Answered | NeedsApproval) for event in found)
        await ask(device)
        assert len(cloud.bodies) == 1
        assert b"HIV" not in cloud.bodies[0]
        assert "抑郁" not in json.dumps(json.loads(cloud.bodies[0]), ensure_ascii=False)


async def test_to_an_assessed_cloud_a_sensitive_matter_leaves_by_a_separate_consent(tmp_path: Path):
    text = "I have HIV, should I tell my employer?"
    async with connected(tmp_path, assessment="A-1") as (device, cloud):
        asked = await ask(device, text)
        assert cloud.bodies == []
        assert "It is sensitive." in str([e for e in asked if isinstance(e, NeedsApproval)])
        await ask(device, "no")
        grant(tmp_path, f"{cloud.address}/v1", sensitive=True)
        assert end_of(await ask(device, text)).source == "step"
    assert b"HIV" in cloud.bodies[0]


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
        set_tunnel(tmp_path, on=True)
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


async def test_a_cloud_without_a_usable_key_is_not_chosen_and_nothing_is_said_to_leave(
    tmp_path: Path,
):
    async with connected(tmp_path) as (device, cloud):
        reach = device.reach
        assert reach is not None
        (tmp_path / "a.key").write_text("two words")
        (tmp_path / "a.key").chmod(0o600)
        for key_file in ("gone.key", "a.key"):
            keyless = replace(reach.config.cloud[0], key_file=key_file)
            reach.config = replace(reach.config, cloud=(keyless,))
            reach._standing = replace_in(reach._standing, config=reach.config)  # pyright: ignore[reportPrivateUsage]
            found = await ask(device)
            assert [type(event) for event in found if isinstance(event, Left | Came)] == []
            (weighed,) = [event for event in found if isinstance(event, Weighed)]
            assert "key of step" in str(weighed.routing)
    assert cloud.bodies == []
    assert Spending(tmp_path, SystemClock()).today().turns == 0


async def test_a_refused_connection_spends_nothing(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        assert device.reach is not None
        nowhere = replace(device.reach.config.cloud[0], address="http://127.0.0.1:9/v1")
        device.reach.config = replace(device.reach.config, cloud=(nowhere,))
        device.reach._standing = replace_in(  # pyright: ignore[reportPrivateUsage]
            device.reach._standing,  # pyright: ignore[reportPrivateUsage]
            config=device.reach.config,
        )
        Consents(tmp_path, SystemClock()).grant(nowhere.endpoint, "assist")
        found = await ask(device)
        (came,) = [event for event in found if isinstance(event, Came)]
        assert came.failed == "cloud_away"
        assert [one.sent_bytes for one in came.attempts] == [0] * len(came.attempts)
    assert cloud.bodies == []
    spent = Spending(tmp_path, SystemClock()).today()
    assert (spent.size_bytes, spent.turns) == (0, 0)


async def test_a_key_that_is_corrected_counts_at_once(tmp_path: Path):
    def locked(head: bytes, body: bytes) -> bytes:
        if b"bearer right" in head.lower():
            return echo(head, body)
        return reply(b"{}", status="401 Unauthorized")

    key = tmp_path / "a.key"
    key.write_text("wrong")
    key.chmod(0o600)
    async with connected(tmp_path, answer=locked, key_file=key.name) as (device, _):
        assert end_of(await ask(device)).source == ""
        assert device.reach is not None
        (health,) = device.reach.health
        assert (health.open, health.why) == (True, "account")
        key.write_text("right")
        assert device.reach.health == ()
        assert end_of(await ask(device)).source == "step"


async def test_what_was_forgotten_before_it_was_sent_does_not_leave(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        reach = device.reach
        assert reach is not None
        message = Message(ASKED, Language.ENGLISH, Label(), Speaker())
        question = reach.question(message, last="", deadline_s=20.0)
        outgoing = reach.outgoing("s", message, (), question, "step")
        reach.forget()
        told: list[CloudSaid] = []
        sending = reach.send(outgoing, turn="t1", deadline_s=20.0, note=told.append)
        assert [piece async for piece in sending] == []
        assert ([one.failed for one in told], cloud.bodies) == (["forgotten"], [])


@pytest.mark.parametrize("when", ["tunnel", "consent"])
async def test_what_may_leave_no_more_is_not_sent_a_second_time(tmp_path: Path, when: str):
    consents: list[str] = []

    def away(_: bytes, __: bytes) -> bytes:
        """Busy, and meanwhile the person changed their mind."""
        if when == "tunnel":
            set_tunnel(tmp_path, on=True)
        else:
            Consents(tmp_path, SystemClock()).revoke(consents[0])
        return reply(b"{}", status="503 Service Unavailable")

    async with connected(tmp_path, consent=False, answer=away) as (device, cloud):
        consents.append(grant(tmp_path, f"{cloud.address}/v1"))
        found = await ask(device)
        (came,) = [event for event in found if isinstance(event, Came)]
        assert (came.failed, len(cloud.bodies)) == ("consent_withdrawn", 1)


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


async def test_an_answer_that_the_device_ends_is_counted_with_what_it_cost(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        reach = device.reach
        assert reach is not None
        message = Message(ASKED, Language.ENGLISH, Label(), Speaker())
        question = reach.question(message, last="", deadline_s=20.0)
        outgoing = reach.outgoing("s", message, (), question, "step")
        cloud.answers.clear()
        told: list[CloudSaid] = []
        sending = reach.send(outgoing, turn="t1", deadline_s=20.0, note=told.append)
        waits = asyncio.create_task(anext(sending))
        async with asyncio.timeout(5):
            while not cloud.bodies:  # noqa: ASYNC110  another's state
                await asyncio.sleep(0.005)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        cloud.answers.set()
        (said,) = told
        assert (said.failed, [one.failed for one in said.attempts]) == (ENDED, ["left"])
        assert said.cost > 0
        spent = Spending(tmp_path, SystemClock()).today()
        assert (spent.money, spent.size_bytes) == (said.cost, said.attempts[0].sent_bytes)


async def test_what_an_answer_of_its_own_took_is_looked_at_by_the_next_decision(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        reach = device.reach
        assert reach is not None
        message = Message(ASKED, Language.ENGLISH, Label(), Speaker())
        for seconds in (1.0, 2.0, 9.0):
            reach.took(seconds)
        condition = reach.question(message, last="", deadline_s=20.0).condition
        assert (condition.p50_s, condition.p95_s) == (2.0, 9.0)


async def test_hedges_are_bounded_by_the_policys_share_over_a_day(tmp_path: Path):
    async with connected(tmp_path) as (device, _):
        assert device.reach is not None
        hedges = device.reach.hedges
        for _ in range(40):
            hedges.called()
        assert [hedges.take() for _ in range(3)] == [True, True, False]


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


async def test_an_adopted_calibration_decides_the_next_question_and_is_named(tmp_path: Path):
    made = learnt("learnt here", name="prescore")  # says of a raw score of 0.3 that it is wrong
    scorer = scorer_id(own_scorers()["prescore"])
    async with connected(tmp_path, mode="prefer_device") as (device, cloud):
        assert device.reach is not None
        device.reach.score = lambda _: Score(0.05, 0.3, calibration="shipped", scorer=scorer)
        device.reach.own.model, device.reach.own.languages = "small", ("en",)
        before = await ask(device)
        LearntMaps(tmp_path).adopt(made)
        after = await ask(device)
        LearntMaps(tmp_path).revert()
        again = await ask(device)
    told = [next(e.routing for e in found if isinstance(e, Weighed))
            for found in (before, after, again)]  # fmt: skip
    assert [routing.calibration for routing in told] == ["shipped", "learnt here", "shipped"]
    assert [routing.way for routing in told] == [Way.DEVICE, Way.CLOUD, Way.DEVICE]
    assert len(cloud.bodies) == 1


async def test_a_share_that_the_policy_asks_for_is_in_the_record(tmp_path: Path):
    (tmp_path / "route_policy.json").write_text('{"version": "third", "cloud_share": 0.3}')
    async with connected(tmp_path, mode="prefer_device") as (device, _):
        assert device.reach is not None
        device.reach.own.model, device.reach.own.languages = "small", ("en",)
        (weighed,) = [e for e in await ask(device) if isinstance(e, Weighed)]
    question = msgspec.convert(weighed.question, Question)
    assert question.following is not None
    assert question.following.share == 0.3
    assert decide(question, device.reach.policy) == weighed.routing
    assert (tmp_path / "route_recent.json").exists()


PERU, CHILE = ("what is the capital of Peru and why", "what is the capital of Chile and why")


async def test_an_answer_that_came_stands_where_the_disk_does_not_take_what_it_cost(tmp_path: Path):
    def breaks_the_disk(head: bytes, body: bytes) -> bytes:
        (tmp_path / "spending.new").mkdir(exist_ok=True)
        return echo(head, body)

    async with connected(tmp_path, answer=breaks_the_disk) as (device, cloud):
        assert end_of(await ask(device, PERU)).source == "step"
        for _ in range(2):
            found = await ask(device, CHILE)
            assert not [event for event in found if isinstance(event, Left)]
            assert "spending.json" in end_of(found).text
        assert len(cloud.bodies) == 1
        (tmp_path / "spending.new").rmdir()
        assert end_of(await ask(device, CHILE)).source == "step"
        (tmp_path / "spending.new").rmdir()
        assert device.reach is not None
        assert device.reach.spending.today().turns == 2
    assert Spending(tmp_path, SystemClock()).today().turns == 2


async def test_before_anything_leaves_the_disk_has_to_take_what_it_will_cost(tmp_path: Path):
    """Else every start of a process would be a free pass."""
    (tmp_path / "spending.new").mkdir()
    async with connected(tmp_path) as (device, cloud):
        found = await ask(device, PERU)
    assert cloud.bodies == []
    assert not [event for event in found if isinstance(event, Left)]
    (came,) = [event for event in found if isinstance(event, Came)]
    assert came.failed == "not_counted"
    assert "can not be written down" in end_of(found).text


async def test_a_refusal_of_the_device_s_own_goes_to_no_cloud_later(tmp_path: Path):
    def answer(head: bytes, body: bytes) -> bytes:
        return reply(b"{}", status="401 Unauthorized") if refuses else echo(head, body)

    refuses = True
    async with connected(tmp_path, answer=answer) as (device, cloud):
        said = end_of(await ask(device, "why is the sky blue")).text
        assert "refused the key" in said
        choose_mode(tmp_path, Mode.DEVICE_ONLY)
        assert "no language model" in end_of(await ask(device, "why is the sky red")).text
        choose_mode(tmp_path, Mode.PREFER_CLOUD)
        refuses = False
        assert device.reach is not None
        device.reach._models.clear()  # else it is left alone for a while
        await ask(device, "why is the sky green")
    sent = cloud.bodies[-1]
    assert b"green" in sent
    assert (b"refused the key" in sent, b"no language model" in sent) == (False, False)


async def test_a_sensitive_question_that_stays_names_the_consent_that_lacks(tmp_path: Path):
    async with connected(tmp_path, mode="prefer_device") as (device, cloud):
        text = end_of(await ask(device, "我女儿上小学二年级，为什么她总是哭？")).text
    assert cloud.bodies == []
    assert "edgewise consent grant step --sensitive" in text
    assert "敏感" in text


PHRASES = (
    "my SECRETCUBE is broken and Otto was drunk, any ideas",
    "SECRETCUBE flumox the wonk",
    "no",
    "please undo SECRETCUBE",
    "密码是小猫咪2019，为什么小猫咪2019容易猜？",
)


@pytest.mark.parametrize("mode", [Mode.DEVICE_ONLY, Mode.PREFER_CLOUD, Mode.ASK])
@pytest.mark.parametrize("said", PHRASES)
async def test_what_only_a_phrase_of_the_device_answered_goes_along_later_with_nothing(
    tmp_path: Path, said: str, mode: Mode
):
    async with connected(tmp_path) as (device, cloud):
        choose_mode(tmp_path, mode)
        last = (await ask(device, said))[-1]
        if isinstance(last, NeedsApproval):
            last = (await ask(device, "no"))[-1]
        by_cloud = isinstance(last, Answered) and bool(last.source)
        choose_mode(tmp_path, Mode.PREFER_CLOUD)
        cloud.bodies.clear()
        assert end_of(await ask(device, "why is the sky blue")).source == "step"
    (body,) = cloud.bodies
    roles = [one["role"] for one in json.loads(body)["messages"]]
    assert roles == (["system", "user", "assistant", "user"] if by_cloud else ["system", "user"])
    assert by_cloud or b"SECRETCUBE" not in body


async def test_what_a_cloud_answered_goes_along_with_what_follows(tmp_path: Path):
    async with connected(tmp_path) as (device, cloud):
        await ask(device, "why is the sky blue")
        await ask(device, "and why at dawn")
    assert b"why is the sky blue" in cloud.bodies[-1]
