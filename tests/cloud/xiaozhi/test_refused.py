"""What a voice device must not do is refused at the real doors, as it sees it; it is counted by its
reason in the metrics, and another device goes on being answered all the while."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from tests.cloud.xiaozhi.neighbours import LIMIT_S, Neighbour, Neighbours, neighbours
from tests.cloud.xiaozhi.scene import on_the_line
from tests.talk.realtime.loud import silent, spoken
from tests.talk.xiaozhi.board import Board

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
HZ = 16_000
MEGABYTE = b"\x5a" * 1_000_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Neighbours]:
    folder = tmp_path_factory.mktemp("cloud")
    with pytest.MonkeyPatch.context() as patch:
        async with neighbours(folder, patch) as made:
            yield made


@pytest_asyncio.fixture(loop_scope="module")
async def one(house: Neighbours) -> Neighbour:
    """The device that does what it must not, newly connected."""
    await house.all[0].connect()
    return house.all[0]


@asynccontextmanager
async def counted(house: Neighbours, *codes: str) -> AsyncGenerator[None]:
    """What happens within is counted so, once for each code, and nothing else is; the other device
    is answered meanwhile and after it."""
    other = house.all[1]
    await other.connect()
    before = await house.refused()
    answering = asyncio.create_task(other.is_answered())
    yield
    await answering
    await other.is_answered()
    wanted = Counter(codes)
    async with asyncio.timeout(LIMIT_S):
        while not wanted <= (more := await _since(house, before)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # who is replaced notices it a moment later
    assert more == wanted
    other.check()


async def _since(house: Neighbours, before: dict[str, float]) -> Counter[str]:
    """What was counted since then."""
    after = await house.refused()
    return +Counter({code: int(after[code] - before.get(code, 0)) for code in after})


async def is_denied(house: Neighbours, headers: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidStatus) as told:
        async with on_the_line(Board(), house.running.address, headers):
            pass
    response = told.value.response
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert code in response.body.decode()


async def is_ended(one: Neighbour, code: int, reason: str) -> None:
    assert one.socket is not None
    async with asyncio.timeout(LIMIT_S):
        await one.socket.wait_closed()
    assert (one.socket.close_code, one.socket.close_reason) == (code, reason)


async def test_a_wrong_token_is_refused(house: Neighbours, one: Neighbour):
    async with counted(house, "wrong_token", "wrong_token"):
        await is_denied(house, one.headers(token="ewv-wrong"), "wrong_token")
        await is_denied(house, {**one.headers(), "Authorization": ""}, "wrong_token")


async def test_a_foreign_mac_is_refused(house: Neighbours, one: Neighbour):
    async with counted(house, "foreign_device", "foreign_device"):
        await is_denied(house, one.headers(mac=house.all[1].mac), "foreign_device")
        await is_denied(house, one.headers(mac="02:00:00:00:00:99"), "foreign_device")


async def test_a_replayed_activation_is_refused(house: Neighbours, one: Neighbour):
    new = Neighbour(house, 0, one.owner, one.project)
    new.mac = "02:00:00:00:00:77"
    headers = {"Device-Id": new.mac, "Client-Id": new.client}
    async with counted(house, "activation_replayed", "foreign_device"):
        told = (await new.ask())["activation"]
        proof = {"algorithm": "hmac-sha256", "challenge": told["challenge"], "hmac": "00"}
        await new.join()
        asked = [
            await house.web.post("/xiaozhi/ota/activate", headers=headers, json=body)
            for body in ({**proof, "challenge": "another"}, proof, proof)
        ]
    assert [reply.status_code for reply in asked] == [403, 200, 409]
    assert asked[2].json()["error"]["code"] == "activation_replayed"


async def test_a_frame_of_a_megabyte_is_refused_and_the_device_goes_on(
    house: Neighbours, one: Neighbour
):
    async with counted(house, "bad_frame", "bad_frame", "bad_message"):
        one.board.listen("start", mode="auto")
        one.board.hear(spoken(1, 120, rate_hz=HZ))
        one.board.send_raw(MEGABYTE)
        one.board.hear(spoken(1, 180, rate_hz=HZ))
        one.board.send_raw(MEGABYTE)
        one.board.send_raw(MEGABYTE.decode())
        one.board.hear(silent(500, rate_hz=HZ))
        await one.board.until_says(one.word)
    assert one.is_connected


async def test_frames_of_a_megabyte_before_the_hello_are_refused(house: Neighbours, one: Neighbour):
    board = Board()
    async with (
        counted(house, "bad_frame", "bad_message", "replaced"),
        on_the_line(board, house.running.address, one.headers()),
    ):
        board.send_raw(MEGABYTE)
        board.send_raw(MEGABYTE.decode())
        board.hello()
        await board.until("hello")


async def test_a_frame_that_the_server_does_not_even_read_ends_it(
    house: Neighbours, one: Neighbour
):
    async with counted(house, "bad_frame"):
        one.board.send_raw(MEGABYTE * 5)
        assert one.socket is not None
        async with asyncio.timeout(LIMIT_S):
            await one.socket.wait_closed()
        assert one.socket.close_code == 1009


@pytest.mark.slow
async def test_who_goes_on_with_broken_frames_is_ended(house: Neighbours, one: Neighbour):
    async with counted(house, *["bad_frame"] * 52):
        for _ in range(51):
            one.board.send_raw(MEGABYTE[:9_000])
        await is_ended(one, 1009, "bad_frame")


@pytest.mark.slow
async def test_two_hundred_frames_a_second_are_refused(house: Neighbours, one: Neighbour):
    async with counted(house, "too_fast", "too_fast"):
        one.board.listen("start", mode="realtime")
        loop = asyncio.get_running_loop()
        began_s, sent = loop.time(), 0
        while one.is_connected and loop.time() - began_s < LIMIT_S:
            one.board.hear(silent(60, rate_hz=HZ))
            sent += 1
            await asyncio.sleep(max(0.0, began_s + sent / 200 - loop.time()))
        await is_ended(one, 1008, "too_fast")
        assert 1.0 < loop.time() - began_s < 10.0
    await one.connect()
    await one.is_answered()


async def test_the_sound_before_a_wake_word_and_late_frames_are_no_flood(
    house: Neighbours, one: Neighbour
):
    async with counted(house):
        one.board.hear(spoken(2, 2_000, rate_hz=HZ))
        one.board.listen("detect", text="你好小智")
        one.board.listen("start", mode="auto")
        one.board.hear(silent(6_000, rate_hz=HZ) + one.question())  # after a stall of the network
        await one.board.until_says(one.word)
    assert [m["text"] for m in one.board.of("stt")] == [f"tell me about the {one.word}"]
    assert one.is_connected
    one.check()
