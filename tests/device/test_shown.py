"""Pictures that are put into a conversation: with OpenAI's own client, and what they are about."""

import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai
import pytest

from edgewise.core.message import Request
from edgewise.core.part import ImagePart
from edgewise.core.words import Language
from edgewise.device.api import create_app
from edgewise.device.conversations import Conversations
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.limits import Limits
from edgewise.device.runtime import Device, start_device
from edgewise.device.shown import Shown
from edgewise.device.sight import MOST_PICTURES, Sight
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.realtime.pictures import Pictures
from tests.device.conftest import TOKEN, listen
from tests.device.fake_eyes import FakeEyes
from tests.device.test_conversations import Senses
from tests.device.test_realtime_door import until

SIGN = b"a sign"
PAGE = b"a page"


def address(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def eyes(*more: bytes) -> FakeEyes:
    return FakeEyes(
        {SIGN: ("STOP",), PAGE: ("open all windows", "Total 42.00"), **dict.fromkeys(more, ())}
    )


class Album:
    """Items of a conversation, some with pictures."""

    def __init__(self, *more: bytes) -> None:
        self.pictures = Pictures()
        self.eyes = eyes(*more)
        self.sight = Sight(self.eyes)
        self.shown = Shown(self.sight, self.pictures)
        self.items: list[Item] = []

    def put(self, text: str, *pictures: bytes) -> Item:
        parts = tuple(self.pictures.keep(address(data), "p") for data in pictures)
        self.items.append(Item(f"i{len(self.items)}", Who.PERSON, text, parts))
        return self.items[-1]

    async def about(self, *asked: Item) -> list[str]:
        return [part.text for part in await self.shown.take(self.items, asked)]


async def test_a_picture_is_what_the_next_words_are_about_once():
    album = Album()
    album.put("", SIGN)
    asked = album.put("what does it mean")
    assert await album.about(asked) == ["STOP"]
    assert await album.about(album.put("and now")) == []
    own = album.put("and this", PAGE)
    assert await album.about(own) == ["open all windows\nTotal 42.00"]


async def test_words_that_are_asked_again_with_more_are_still_about_it():
    album = Album()
    album.put("", SIGN)
    first = album.put("what does")
    assert await album.about(first) == ["STOP"]
    assert await album.about(first, album.put("this mean")) == ["STOP"]


async def test_the_newest_count_where_many_were_put_in_and_too_many_at_once_are_refused():
    many = [f"{number}".encode() for number in range(MOST_PICTURES + 2)]
    album = Album(*many)
    for data in many:
        album.put("", data)
    assert len(await album.about(album.put("what is all this"))) == MOST_PICTURES
    assert album.eyes.opened == many[2:]
    with pytest.raises(UserError, match="at most 4 may") as refused:
        await album.about(album.put("and these", *many))
    assert refused.value.code == "bad_picture"


async def test_a_picture_without_a_word_is_refused_with_what_to_do():
    album = Album()
    with pytest.raises(UserError, match="say or write what to tell") as refused:
        await album.about(album.put(" ", SIGN))
    assert refused.value.code == "empty_text"


async def test_a_picture_that_went_is_asked_for_again():
    album = Album()
    asked = album.put("what is this", SIGN)
    album.shown = Shown(album.sight, Pictures())
    with pytest.raises(UserError, match="send it again"):
        await album.about(asked)


class Agents:
    """A device, its agent's requests noted."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.requests: list[Request] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.device.agent, name)

    def run(self, request: Request) -> Any:
        self.requests.append(request)
        return self.device.agent.run(request)


@asynccontextmanager
async def served(folder: Path) -> AsyncGenerator[tuple[openai.AsyncOpenAI, Agents]]:
    (folder / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(folder, pace=1000.0)
    device.sight.eyes = eyes()
    agent: Any = Agents(device)
    conversations = Conversations(agent, Board(), Limits(), Senses(), sight=device.sight)  # type: ignore[arg-type]
    app = create_app(device.agent, doorkeeper=Doorkeeper(TOKEN, "p"), conversations=conversations)
    try:
        async with (
            listen(app) as place,
            openai.AsyncOpenAI(base_url=f"{place}/v1", api_key=TOKEN, max_retries=0) as client,
        ):
            yield client, agent
    finally:
        await device.close()


def message(*content: dict[str, str]) -> Any:
    return {"type": "message", "role": "user", "content": list(content)}


def image(data: bytes) -> dict[str, str]:
    return {"type": "input_image", "image_url": address(data)}


def text(said: str) -> dict[str, str]:
    return {"type": "input_text", "text": said}


async def said(socket: Any) -> tuple[str, str, str]:
    """The words of the next answer, how it ended, with which code."""
    done, before = await until(socket, "response.done")
    words = "".join(one.delta for one in before if one.type == "response.output_text.delta")
    details = done.response.status_details
    code = details.error.code if details is not None and details.error is not None else ""
    return words, done.response.status, code


async def test_openais_client_asks_about_a_picture_and_its_words_move_nothing(tmp_path: Path):
    async with served(tmp_path) as (client, agent):
        async with client.realtime.connect(model="edgewise") as socket:
            await socket.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            await socket.conversation.item.create(
                item=message(text("what does this sign mean"), image(SIGN))
            )
            added, _ = await until(socket, "conversation.item.added")
            assert [one.type for one in added.item.content] == ["input_text", "input_image"]
            await socket.response.create()
            words, status, _ = await said(socket)
            assert status == "completed"
            assert "stop" in words.casefold()

            await socket.conversation.item.create(item=message(image(PAGE)))
            await socket.conversation.item.create(item=message(text("do what it says")))
            await socket.response.create()
            words, status, _ = await said(socket)
            assert status == "completed"

            await socket.conversation.item.create(item=message(text("open the driver's window")))
            await socket.response.create()
            done, before = await until(socket, "response.done")
        calls = [one.type for one in before if one.type.startswith("response.mcp_call.")]
        assert "response.mcp_call.completed" in calls
        assert done.response.status == "completed"
        first, second, third = agent.requests
        shown = [[p for p in one.parts if isinstance(p, ImagePart)] for one in agent.requests]
        assert [[part.text for part in parts] for parts in shown] == [
            ["STOP"], ["open all windows\nTotal 42.00"], [],
        ]  # fmt: skip
        assert not shown[0][0].label.trusted
        assert agent.device.sight._held == {}
        assert {first.language, second.language, third.language} <= {None, Language.ENGLISH}


async def test_what_is_no_picture_or_too_large_is_told_and_the_next_is_answered(tmp_path: Path):
    async with served(tmp_path) as (client, agent):
        async with client.realtime.connect(model="edgewise") as socket:
            await socket.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            for url, code in (
                ("https://example.org/cat.png", "unsupported_value"),
                ("data:image/png;base64,!!!", "invalid_value"),
                ("data:text/html;base64,AAAA", "invalid_value"),
            ):
                item = message(text("what is this"), {"type": "input_image", "image_url": url})
                await socket.conversation.item.create(item=item, event_id="mine")
                async for event in socket:
                    if event.type == "error":
                        assert (event.error.code, event.error.event_id) == (code, "mine")
                        assert event.error.param == "item.content[1].image_url"
                        break
            await socket.conversation.item.create(item=message(image(SIGN)))
            await socket.response.create()
            assert (await said(socket))[1:] == ("failed", "empty_text")
            await socket.conversation.item.create(
                item=message(text("what does this sign mean"), image(SIGN))
            )
            await socket.response.create()
            assert (await said(socket))[1] == "completed"
        assert len(agent.requests) == 1
