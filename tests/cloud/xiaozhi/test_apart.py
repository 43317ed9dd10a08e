"""No voice device hears or moves another's, whatever all of them do: random acts of four devices of
two organisations at the real doors. Each has a word, a value, a tool and a tone of its own, and
after each act nothing of another's has come to it; in the end nothing of it lies at another's."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from websockets.exceptions import InvalidStatus

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.keys import revoke_key
from edgewise.cloud.tables import ledger
from tests.cloud.xiaozhi.neighbours import HZ, LIMIT_S, WORDS, Neighbour, Neighbours, neighbours
from tests.cloud.xiaozhi.scene import on_the_line
from tests.talk.realtime.loud import spoken
from tests.talk.xiaozhi.board import Board

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SETTLES_S = 0.08
"""How long after an act what comes of it is looked for, beside the looks after the acts to come."""

# Each act is one device's; `other` is another one, of its own organisation or not.


async def ask(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("start", mode="auto")
    one.board.hear(one.question())


async def ask_and_wait(one: Neighbour, other: Neighbour) -> None:
    await one.is_answered()


async def write(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("detect", text=f"tell me about the {one.word}")


async def move(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("detect", text=f"turn on the {one.word}")


async def agree(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("detect", text="yes")


async def read(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("detect", text="how loud is it")


async def look(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("detect", text="what do you see")


async def only_sound(one: Neighbour, other: Neighbour) -> None:
    one.board.hear(spoken(one.at + 1, 200, rate_hz=HZ))


async def stop(one: Neighbour, other: Neighbour) -> None:
    one.board.listen("stop")


async def abort(one: Neighbour, other: Neighbour) -> None:
    one.board.abort()


async def hold_answers(one: Neighbour, other: Neighbour) -> None:
    one.board.holds = True


async def answer_late(one: Neighbour, other: Neighbour) -> None:
    one.board.holds = False
    for reply in one.board.held:
        one.board.say(type="mcp", session_id=one.board.session, payload=reply)
    one.board.held.clear()


async def answer_for_another(one: Neighbour, other: Neighbour) -> None:
    """What the other's tools were asked is answered by this one, with its own value."""
    content = [{"type": "text", "text": one.status}]
    for asked in other.board.asked[-8:]:
        reply = {"jsonrpc": "2.0", "id": asked.get("id"), "result": {"content": content}}
        one.board.say(type="mcp", session_id=other.board.session, payload=reply)


async def speak_for_another(one: Neighbour, other: Neighbour) -> None:
    session = other.board.session
    one.board.say(type="listen", state="start", mode="realtime", session_id=session)
    text = f"tell me about the {one.word}"
    one.board.say(type="listen", state="detect", text=text, session_id=session)
    one.board.say(type="abort", session_id=session)


async def reconnect(one: Neighbour, other: Neighbour) -> None:
    await one.connect()


async def say_goodbye(one: Neighbour, other: Neighbour) -> None:
    one.board.say(type="goodbye", session_id=other.board.session)
    assert one.socket is not None
    async with asyncio.timeout(LIMIT_S):
        await one.socket.wait_closed()
    await one.connect()


async def borrow(one: Neighbour, other: Neighbour) -> None:
    """By another's token, or as another one."""
    for headers in (one.headers(token=other.token), one.headers(mac=other.mac)):
        with pytest.raises(InvalidStatus) as told:
            async with on_the_line(Board(), one.house.running.address, headers):
                pass
        assert told.value.response.status_code == 401


async def bring_pictures(one: Neighbour, other: Neighbour) -> None:
    for token, mac in ((other.vision, ""), ("", other.mac), (one.token, ""), ("ewc-x", "")):
        assert (await one.picture(token, mac)).status_code == 401
    told = await one.picture()
    assert told.json() == {"success": True, "result": one.word}


async def meddle(one: Neighbour, other: Neighbour) -> None:
    """The other organisation's owner would name and take away this one's device."""
    stranger = next(owner for owner in one.house.owners if owner is not one.owner)
    place = f"/voice-devices/{one.device}"
    assert (await stranger.refused("PATCH", place, {"name": other.word}))[0] == 404
    assert (await stranger.refused("POST", f"{place}/remove"))[0] == 404
    reply = await stranger.client.get(f"/organisations/{one.owner.organisation}/voice-devices")
    assert reply.status_code in (403, 404)
    listed = (await stranger.got("/voice-devices"))["devices"]
    assert one.device not in [shown["device"] for shown in listed]
    assert one.word not in str(listed)
    listed = (await one.owner.got("/voice-devices"))["devices"]
    [name] = [shown["name"] for shown in listed if shown["device"] == one.device]
    assert name == f"{one.word} name"


async def revoke(one: Neighbour, other: Neighbour) -> None:
    cloud = one.house.running.cloud
    held = one.house.voice.bound.of_device(one.device)
    assert held is not None
    with cloud.database.begin() as connection:
        revoke_key(connection, one.owner.organisation, held.key, now_s=time.time())
    cloud.directory.refresh()
    await _is_out(one)


async def remove(one: Neighbour, other: Neighbour) -> None:
    await one.owner.made("POST", f"/voice-devices/{one.device}/remove")
    await _is_out(one)


async def _is_out(one: Neighbour) -> None:
    """Its connection ends, its tokens are over; then it is added anew."""
    assert one.socket is not None
    async with asyncio.timeout(LIMIT_S):
        await one.socket.wait_closed()
    with pytest.raises(InvalidStatus):
        async with on_the_line(Board(), one.house.running.address, one.headers()):
            pass
    assert (await one.picture()).status_code == 401
    await one.join()
    await one.connect()


Act = Callable[[Neighbour, Neighbour], Awaitable[None]]
ACTS: tuple[Act, ...] = (
    ask_and_wait, move, agree, hold_answers, read, answer_for_another, answer_late, ask, write,
    look, only_sound, stop, abort, speak_for_another, reconnect, say_goodbye, borrow,
    bring_pictures, meddle, revoke, remove,
)  # fmt: skip
DONE = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(1, 3)), min_size=25, max_size=50
)


@given(DONE)
@settings(
    max_examples=5,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow,),
)
def test_random_acts_of_devices_reach_only_their_own(acts: list[tuple[Act, int, int]]):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        asyncio.run(_live(Path(folder), patch, acts))


async def test_each_act_of_each_device_reaches_only_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    acts = [(act, who, 1 + (who + at) % 3) for at, act in enumerate(ACTS) for who in range(4)]
    await _live(tmp_path, monkeypatch, acts)


async def _live(folder: Path, patch: pytest.MonkeyPatch, acts: list[tuple[Act, int, int]]) -> None:
    async with neighbours(folder, patch, 4) as house:
        for act, who, beside in acts:
            one, other = house.all[who], house.all[(who + beside) % 4]
            if act is ask_and_wait:
                await answer_late(one, other)
                await one.connect()  # what it has said until now may be all that it may say
            elif not one.is_connected:  # it has said too much
                await one.connect()
            await act(one, other)
            await asyncio.sleep(SETTLES_S)
            for every in house.all:
                every.check()
        for one in house.all:
            await one.connect()
            await one.is_answered()
        for one in house.all:
            one.check()
        await house.running.wait_until_idle()
        _check_kept(house, folder / "voice")
        _check_ledger(house)


def _check_kept(house: Neighbours, folder: Path) -> None:
    """Each folder holds its own device's words alone."""
    of_device = {device: one for one in house.all for device in one.devices}
    assert {path.name for path in folder.iterdir()} <= set(of_device)
    for one in house.all:
        own = folder / one.device
        files = [file for file in own.rglob("*") if file.is_file()]
        held = b"".join(file.read_bytes() for file in files).decode("utf-8", "replace")
        assert _words_in(held) == {one.word}


def _check_ledger(house: Neighbours) -> None:
    """Each entry is of the device whose words went to the model; each model's answer has one."""
    of_device = {device: one for one in house.all for device in one.devices}
    with house.running.cloud.database.read() as connection:
        entries = list(connection.execute(select(ledger)))
    seen_there = house.running.upstream.seen
    sent = {seen.headers["x-request-id"]: seen for seen in seen_there if "chat" in seen.path}
    of_chat: dict[str, str] = {}
    for entry in entries:
        one = of_device[entry.device]
        assert (entry.project, entry.organisation) == (one.project, one.owner.organisation)
        assert entry.endpoint == Endpoint.VOICE
        if entry.model == "fake" and entry.id in sent:
            assert _words_in(sent[entry.id].body.decode()) == {one.word}
            of_chat[entry.id] = entry.device
    assert set(sent) == set(of_chat)
    assert {of_device[device] for device in of_chat.values()} == set(house.all)


def _words_in(text: str) -> set[str]:
    return set(re.findall("|".join(WORDS), text.lower()))
