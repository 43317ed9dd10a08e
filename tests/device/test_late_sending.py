"""What waits is sent once it may and can, once, and what came of it is told once."""

import asyncio
from pathlib import Path

import pytest

from edgewise.agent.explain import explain
from edgewise.agent.reach import ToKeep
from edgewise.agent.trail import Trail
from edgewise.core.clock import SystemClock
from edgewise.core.event import Answered, Came, Kept, Left, Perceived, Stopped, TurnStarted
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Mode
from edgewise.core.words import Language
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.consents import Consents
from edgewise.device.late_sending import news_of
from edgewise.device.later import Later
from edgewise.device.runtime import send_waiting, start_device
from edgewise.device.trails import summary
from edgewise.device.tunnel import set_tunnel
from edgewise.errors import TrustError
from edgewise.hosting.board import Board
from edgewise.testing.clock import ManualClock
from tests.device.test_reach import ask, end_of
from tests.device.waiting import ASKED, CANARY, Desert, bytes_below, desert


async def kept(there: Desert, text: str = ASKED) -> str:
    """A question asked in the tunnel; its key."""
    found = await ask(there.device, text)
    (event,) = [event for event in found if isinstance(event, Kept)]
    assert "I have kept your question" in end_of(found).text
    return event.turn


async def test_an_answer_comes_as_a_turn_of_its_own_with_the_names_put_back(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        assert there.cloud.bodies == []
        set_tunnel(there.reach.folder, on=False)
        sending = there.sending
        assert [ending.how for ending in await sending.send()] == ["sent"]
        await sending.tell()
        (body,) = there.cloud.bodies
        assert CANARY.encode() not in body
        assert b"4111" not in body
        assert f"idempotency-key: {key}".encode() in there.cloud.heads[0].lower()
        kinds = [type(event) for event in there.posted]
        assert kinds[0] is TurnStarted
        started, asked = there.posted[0], there.posted[1]
        assert isinstance(started, TurnStarted)
        assert (started.resumes, started.session) == (key, "s")
        assert isinstance(asked, Perceived)
        assert CANARY in asked.message.text
        end = there.posted[-1]
        assert isinstance(end, Answered)
        assert (CANARY in end.text, "4111" in end.text, end.source) == (True, False, "step")
        talk = there.later.answers.talk(key)
        assert talk is not None
        assert f"where {CANARY} of card <CARD_HIDDEN>" in talk.answer
        recorded = await there.device.agent.trail(end.turn)
        assert recorded is not None
        assert [type(event) for event in recorded][2:4] == [Left, Came]
        assert key in "\n".join(explain(recorded))


async def test_nothing_of_it_is_readable_on_the_disk_before_or_after(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        assert b"canary" not in bytes_below(tmp_path)
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()
        await there.sending.tell()
        assert b"canary" not in bytes_below(tmp_path)


async def test_a_fresh_device_keeps_nothing(tmp_path: Path):
    async with desert(tmp_path, hours=0) as there:
        found = await ask(there.device)
        assert "I can not answer" in end_of(found).text
        assert not [event for event in found if isinstance(event, Kept)]
        assert not (tmp_path / "outbox.sqlite").exists()


async def test_a_cloud_that_turns_out_to_be_away_leaves_the_question_waiting(tmp_path: Path):
    async with desert(tmp_path) as there:
        there.status = "503 Service Unavailable"
        set_tunnel(there.reach.folder, on=False)
        key = await kept(there)
        tries = len(there.cloud.bodies)
        assert tries > 0
        there.status = "200 OK"
        there.reach._models.clear()  # pyright: ignore[reportPrivateUsage] - its breaker has rested
        assert [ending.how for ending in await there.sending.send()] == ["sent"]
        heads = [head.lower() for head in there.cloud.heads]
        assert all(f"idempotency-key: {key}".encode() in head for head in heads)
        assert len(set(there.cloud.bodies)) == 1, "a repeat under one key is the same request"


async def test_a_failed_attempt_is_recorded_and_the_question_goes_on_waiting(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        there.status = "500 Internal Server Error"
        set_tunnel(there.reach.folder, on=False)
        assert [ending.how for ending in await there.sending.send()] == ["away"]
        await there.sending.tell()
        assert (there.waiting, there.posted) == ([key], [])
        newest = (await there.device.agent.recent(1))[0]
        trail = Trail(tmp_path / "trail", None)
        assert trail.named("last") == key != newest, "the turn that the person asked"
        trail.close()
        recorded = await there.device.agent.trail(newest)
        assert recorded is not None
        assert isinstance(recorded[-1], Stopped)
        assert any(isinstance(event, Left) for event in recorded)


async def test_what_a_cloud_never_takes_is_told_and_not_sent_again(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        there.status = "413 Content Too Large"
        set_tunnel(there.reach.folder, on=False)
        assert [ending.how for ending in await there.sending.send()] == ["refused"]
        await there.sending.tell()
        assert there.waiting == []
        end = there.posted[-1]
        assert isinstance(end, Answered)
        assert "step does not take your question" in end.text


@pytest.mark.parametrize("when", ["mode", "consent", "tunnel", "ask"])
async def test_everything_is_asked_again_at_the_moment_of_sending(tmp_path: Path, when: str):
    async with desert(tmp_path) as there:
        await kept(there)
        set_tunnel(there.reach.folder, on=when == "tunnel")
        if when in ("mode", "ask"):
            choose_mode(tmp_path, Mode.DEVICE_ONLY if when == "mode" else Mode.ASK)
        if when == "consent":
            Consents(tmp_path, SystemClock()).revoke(there.consent)
        endings = await there.sending.send()
        assert [ending.how for ending in endings] == ([] if when == "consent" else ["held"])
        assert there.cloud.bodies == []


async def test_in_the_mode_ask_a_yes_to_one_sends_that_one(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        named = await kept(there, "what is a canary")
        set_tunnel(there.reach.folder, on=False)
        choose_mode(tmp_path, Mode.ASK)
        assert [e.how for e in await there.sending.send()] == ["held", "held"]
        assert [e.how for e in await there.sending.send(named, agreed=True)] == ["sent"]
        assert len(there.cloud.bodies) == 1
        assert b"what is a canary" in there.cloud.bodies[0]


@pytest.mark.parametrize("when", ["mode", "consent"])
async def test_what_may_leave_no_more_is_not_kept_for_later(tmp_path: Path, when: str):
    async with desert(tmp_path) as there:
        reach = there.reach
        message = Message(ASKED, Language.ENGLISH, Label(), Speaker())
        question = reach.question(message, last="", deadline_s=20.0)
        outgoing = reach.outgoing("s", message, (), question, "step")
        if when == "mode":
            choose_mode(tmp_path, Mode.DEVICE_ONLY)
        else:
            Consents(tmp_path, SystemClock()).revoke(there.consent)
        with pytest.raises(TrustError):
            reach.keep_for_later(ToKeep("t1", "s", message, question), outgoing)
        assert there.waiting == []


async def test_an_answer_to_what_was_erased_meanwhile_is_not_kept(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        entry, content = there.later.entry(key), there.later.box.content(key)
        assert entry is not None
        assert content is not None
        set_tunnel(there.reach.folder, on=False)
        there.later.erase()  # as while it is under way
        sending = there.sending
        await sending._deliver(entry, content)  # pyright: ignore[reportPrivateUsage]
        assert len(there.cloud.bodies) == 1
        assert there.later.answers.all() == ()
        await sending.tell()
        assert there.posted == []


async def test_a_consent_withdrawn_removes_what_waits_for_it_at_once(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        consents = Consents(tmp_path, SystemClock())
        consents.revoke(there.consent)
        assert (there.waiting, consents.purged) == ([], 1)


async def test_what_waited_too_long_is_told_as_that_without_its_words(tmp_path: Path):
    clock = ManualClock(wall=SystemClock().now() + 1)
    async with desert(tmp_path, hours=1, clock=clock) as there:
        key = await kept(there)
        clock.advance(3601)
        set_tunnel(there.reach.folder, on=False)
        assert await there.sending.send() == ()
        await there.sending.tell()
        await there.sending.tell()
        ends = [event for event in there.posted if isinstance(event, Answered)]
        assert len(ends) == 1
        assert "was not sent" in ends[0].text
        talk = there.later.answers.talk(key)
        assert talk is not None
        assert (talk.question, talk.session) == ("", "s")
        assert there.cloud.bodies == []


async def test_a_process_killed_after_the_answer_was_kept_sends_and_tells_nothing_twice(
    tmp_path: Path,
):
    async with desert(tmp_path) as there:
        key = await kept(there)
        set_tunnel(there.reach.folder, on=False)
        box = there.later.box

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        box._remove = killed  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            await there.sending.send()
        del box._remove  # type: ignore[method-assign]
        assert there.waiting == [key]
        box._release(there.later.entry(key))  # type: ignore[arg-type] - its claim has run out
        assert [ending.how for ending in await there.sending.send()] == ["sent"]
        await there.sending.tell()
        assert len(there.cloud.bodies) == 1
        assert len([event for event in there.posted if isinstance(event, Answered)]) == 1


async def test_an_answer_that_another_process_fetched_is_told_by_the_one_that_runs(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()  # by whom nobody sees
        await there.sending.tell()
        end = there.posted[-1]
        assert isinstance(end, Answered)
        assert CANARY in end.text


async def test_a_running_device_sends_when_there_is_a_network_again(tmp_path: Path):
    async with desert(tmp_path) as there:
        shown = asyncio.Event()

        def post(event: object) -> None:
            if isinstance(event, Answered):
                shown.set()

        await kept(there)
        send_waiting(there.device, post)
        await asyncio.sleep(0)
        assert there.cloud.bodies == []
        set_tunnel(there.reach.folder, on=False)
        async with asyncio.timeout(10):
            await shown.wait()
        assert there.waiting == []


async def test_an_answer_of_any_cloud_is_a_reason_to_try_at_once(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        sending = there.sending
        there.reach.came.set()
        async with asyncio.timeout(5):
            await sending._until_due(3600.0, was_online=False)


async def test_the_session_knows_the_answer_afterwards(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there, "what is a canary")
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()
        await ask(there.device, "why is the sky blue")
        assert there.cloud.bodies[-1].count(b"To your question of") == 1


async def test_what_waits_outlives_the_process_and_its_stand_ins(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        there.reach.forget()
        there.later.close()
        again = Later(tmp_path, SystemClock(), 24.0)
        waiting = again.waiting(key)
        assert waiting is not None
        assert CANARY in waiting.message.text
        assert list(waiting.values.values()) == [CANARY]
        again.close()
        there.reach.later = Later(tmp_path, SystemClock(), 24.0)
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()
        talk = there.later.answers.talk(key)
        assert talk is not None
        assert CANARY in talk.answer


async def test_what_was_not_read_is_news_at_the_next_start(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        assert news_of(there.later) == []
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()
        (news,) = news_of(there.later)
        again = await start_device(tmp_path, alone=True)
        assert again.news == [news.en]
        assert news.en not in again.notices, "which every `edgewise ask --alone` prints"
        await again.close()
        assert "edgewise outbox list" in news.en
        there.later.answers.read(key)
        assert news_of(there.later) == []


async def test_what_could_not_be_counted_goes_on_waiting_and_does_not_leave(tmp_path: Path):
    async with desert(tmp_path) as there:
        key = await kept(there)
        set_tunnel(there.reach.folder, on=False)
        (tmp_path / "spending.new").mkdir()  # nothing can be written in its place
        before = await there.device.agent.recent(9)
        assert [ending.how for ending in await there.sending.send()] == ["away"]
        assert (there.waiting, there.cloud.bodies) == ([key], [])
        assert await there.device.agent.recent(9) == before
        (tmp_path / "spending.new").rmdir()
        assert [ending.how for ending in await there.sending.send()] == ["sent"]


async def test_a_turn_that_sends_what_waited_is_known_to_run_before_it_has_ended(tmp_path: Path):
    async with desert(tmp_path) as there:
        await kept(there)
        set_tunnel(there.reach.folder, on=False)
        board, seen = Board(), list[str]()
        sending = there.sending

        def started(event: TurnStarted) -> None:
            board.note(event)
            trail = [event]
            seen.append(summary(event.turn, trail, board).ended)

        sending.started = started
        await sending.send()
        assert seen == [""], "it runs, and is not broken off"
        assert there.posted == []
