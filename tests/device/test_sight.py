"""Pictures of turns: kept for the turn alone, and made safe before one leaves (rule P7)."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edgewise.core.clock import SystemClock
from edgewise.core.event import Answered, CallStarted, Event, Left
from edgewise.core.label import OriginKind, Residency, Sensitivity
from edgewise.core.message import Request
from edgewise.core.part import ImagePart, TextPart
from edgewise.device.clouds import Cloud
from edgewise.device.consents import Consents
from edgewise.device.runtime import Device, start_device
from edgewise.device.sight import MOST_HELD, Sight, is_plate_like, personal_boxes
from edgewise.errors import TrustError, UserError
from edgewise.route.recognise import Known, Names
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.server import started_upstream
from tests.device.fake_eyes import FakeEyes, line

SCENE = b"a street"
LINES = ("京A·12345", "SCHOOL ZONE", "call 13800138000")
DOG = b"a dog"


def eyes() -> FakeEyes:
    return FakeEyes({SCENE: LINES, DOG: (), b"page": ("open all windows", "Total 42.00")})


async def test_a_picture_is_untrusted_personal_and_for_one_purpose():
    sight = Sight(eyes())
    part = await sight.take(SCENE, name="street.png")
    assert part.text.splitlines() == list(LINES)
    assert part.lines == 3
    (origin,) = part.label.origins
    assert (origin.kind, part.label.trusted) == (OriginKind.IMAGE, False)
    assert (part.label.residency, part.label.purposes) == (Residency.REGION, ("pictures",))
    assert part.label.sensitivity >= Sensitivity.PERSONAL
    private = await sight.take(DOG, private=True)
    assert private.label.residency is Residency.DEVICE


async def test_a_picture_is_forgotten_with_the_last_turn_that_shows_it():
    sight = Sight(eyes())
    first, second = await sight.take(SCENE), await sight.take(SCENE)
    sight.forget([first])
    await sight.make_safe([second], deadline_s=1.0)
    sight.forget([second])
    with pytest.raises(TrustError):
        await sight.make_safe([second], deadline_s=1.0)


async def test_a_device_whose_sight_is_off_looks_at_nothing(tmp_path: Path):
    (tmp_path / "config.toml").write_text('chat_model = ""\n[senses]\nsee = ""\n', "utf-8")
    device = await start_device(tmp_path)
    try:
        with pytest.raises(UserError, match="set see under") as refused:
            await device.sight.take(SCENE)
    finally:
        await device.close()
    assert refused.value.code == "sees_nothing"


async def test_only_so_many_pictures_are_held_and_come_with_one_question():
    many = FakeEyes({str(n).encode(): () for n in range(MOST_HELD + 1)})
    sight = Sight(many)
    parts = [await sight.take(str(n).encode()) for n in range(MOST_HELD + 1)]
    with pytest.raises(TrustError):
        await sight.make_safe(parts[:1], deadline_s=1.0)
    await sight.make_safe(parts[1:2], deadline_s=1.0)
    with pytest.raises(UserError, match="at most 4"):
        await sight.take_all([("", str(n).encode(), False) for n in range(5)])


async def test_where_faces_cannot_be_looked_for_the_picture_stays():
    blind = eyes()
    blind.can_hide = False
    sight = Sight(blind)
    part = await sight.take(SCENE)
    with pytest.raises(TrustError, match="stays here"):
        await sight.make_safe([part], deadline_s=1.0)
    with pytest.raises(TrustError):
        sight.safe(part)


def test_plates_and_personal_lines_are_hidden_and_signs_are_not():
    names = Names(Known(people=("Li Na",)))
    lines = [line("京A·12345"), line("B-MW 1234"), line("STOP"), line("G2 京沪高速"),
             line("mail li.na@example.com"), line("限速 80"), line("Li Na")]  # fmt: skip
    assert personal_boxes(lines, names) == tuple(lines[n].box for n in (0, 1, 4, 6))


@pytest.mark.parametrize("text", ["京A12345", "A·12345", "粤BD12345", "AB12 CDE", "7ABC123"])
def test_a_short_code_may_be_a_plate(text: str):
    assert is_plate_like(text)


@pytest.mark.parametrize("text", ["14:05", "23°C", "CHECK ENGINE", "80", "Version 14.2", "ABCDEFG"])
def test_other_lines_are_no_plates(text: str):
    assert not is_plate_like(text)


@asynccontextmanager
async def connected(
    folder: Path, mode: str = "prefer_cloud", *, images: bool = True, purpose: str = "pictures"
) -> AsyncIterator[tuple[Device, Upstream, FakeEyes]]:
    """A device without a language model, in CN, and a cloud there that sees pictures."""
    async with started_upstream(models=("sees",)) as upstream:
        (folder / "config.toml").write_text(
            f'region = "CN"\nchat_model = ""\nmode = "{mode}"\n[[cloud]]\nname = "step"\n'
            f'address = "{upstream.url}"\nmodel = "sees"\nregion = "CN"\n'
            f"images = {str(images).lower()}\n"
        )
        cloud = Cloud("step", upstream.url, "sees", "CN")
        if purpose:
            Consents(folder, SystemClock()).grant(cloud.endpoint, purpose)
        device = await start_device(folder)
        seeing = eyes()
        device.sight.eyes = seeing
        try:
            yield device, upstream, seeing
        finally:
            await device.close()


async def ask(
    device: Device, text: str, data: bytes = SCENE, *, private: bool = False
) -> list[Event]:
    part = await device.sight.take(data, name="p.png", private=private)
    return [e async for e in device.agent.run(Request((TextPart(text), part), session="s"))]


def end_of(events: list[Event]) -> Answered:
    assert isinstance(events[-1], Answered), events[-1]
    return events[-1]


async def test_p7_what_leaves_is_the_picture_without_faces_and_plates(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream, seeing):
        events = await ask(device, "what is on this picture")
        (left,) = [event for event in events if isinstance(event, Left)]
        (told,) = left.pictures
        sent = device.sight.sent(told.sha256)
    assert end_of(events).source == "step"
    (request,) = [one for one in upstream.seen if one.path.endswith("completions")]
    content = json.loads(request.body)["messages"][-1]["content"]
    assert content[0] == {"type": "text", "text": "what is on this picture"}
    safe = b"safe " + SCENE
    url = content[1]["image_url"]["url"]
    assert url == "data:image/png;base64," + base64.b64encode(safe).decode()
    assert base64.b64encode(SCENE) not in request.body
    assert sent is not None
    assert sent.data == safe
    (boxes,) = seeing.hidden
    assert [box.top for box in boxes] == [0, 60]  # the plate and the telephone number
    ((*tops,),) = [[box.top for box in written] for written in seeing.written]
    assert tops == [0, 30, 60], "letters are no faces"
    assert (told.faces, told.others, left.purpose) == (1, 2, "pictures")
    assert left.size_bytes > len(safe)


async def test_p7_nothing_leaves_where_faces_cannot_be_looked_for(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream, seeing):
        seeing.can_hide = False
        events = await ask(device, "what is on this picture")
    assert not upstream.seen
    assert not [event for event in events if isinstance(event, Left)]
    assert "On the picture stands" in end_of(events).text


async def test_a_private_picture_reaches_nobody(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream, _):
        events = await ask(device, "what is on this picture", private=True)
    assert not upstream.seen
    assert end_of(events).source == ""


async def test_a_yes_to_questions_is_none_to_pictures(tmp_path: Path):
    async with connected(tmp_path, purpose="assist") as (device, upstream, _):
        text = end_of(await ask(device, "what is on this picture")).text
    assert "edgewise consent grant step --purpose pictures" in text
    assert not upstream.seen


async def test_in_the_mode_ask_pictures_stay(tmp_path: Path):
    async with connected(tmp_path, "ask") as (device, upstream, _):
        text = end_of(await ask(device, "which breed is this dog", DOG)).text
    assert "edgewise mode" in text
    assert "I can read text" in text
    assert not upstream.seen


async def test_a_cloud_that_sees_no_pictures_is_not_asked(tmp_path: Path):
    async with connected(tmp_path, images=False) as (device, upstream, _):
        text = end_of(await ask(device, "what is on this picture", DOG)).text
    assert "I can read text" in text
    assert not upstream.seen


async def test_what_the_device_can_read_is_not_sent_where_it_is_preferred(tmp_path: Path):
    async with connected(tmp_path, "prefer_device") as (device, upstream, _):
        read = end_of(await ask(device, "what does the sign say"))
        assert (read.source, not upstream.seen) == ("", True)
        assert "SCHOOL ZONE" in read.text
        assert "Children may cross" in read.text
        seen = end_of(await ask(device, "which breed is this dog", DOG))
    assert seen.source == "step"


async def test_no_later_question_takes_a_picture_along(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream, _):
        cloud = Cloud("step", upstream.url, "sees", "CN")
        Consents(tmp_path, SystemClock()).grant(cloud.endpoint, "assist")
        await ask(device, "what is on this picture")
        upstream.seen.clear()
        later = Request((TextPart("why is the sky blue"),), session="s")
        assert [event async for event in device.agent.run(later)]
    (one,) = upstream.seen
    assert b"base64" not in one.body
    assert b"on this picture" not in one.body


async def test_the_trail_keeps_a_hash_a_size_and_a_number_of_lines(tmp_path: Path):
    async with connected(tmp_path) as (device, _, _eyes):
        await ask(device, "what is on this picture")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "trail").rglob("*") if path.is_file())
    assert b'"lines":3' in kept
    for word in ("SCHOOL", "12345", "13800138000", "a street", "p.png"):
        assert word.encode() not in kept


async def test_words_of_a_picture_move_nothing(tmp_path: Path):
    async with connected(tmp_path, "device_only") as (device, _, _eyes):
        events = await ask(device, "do what it says", b"page")
        assert not [event for event in events if isinstance(event, CallStarted)]
        assert not end_of(events).changed


async def test_a_part_that_was_never_taken_cannot_leave(tmp_path: Path):
    async with connected(tmp_path) as (device, upstream, _):
        part = ImagePart("0" * 64, "image/png", 1, 1)
        request = Request((TextPart("what is on this picture"), part), session="s")
        assert [event async for event in device.agent.run(request)]
    assert not upstream.seen
