"""`edgewise see FILE`: the text on a picture, or the device's own answer to a question about it.

All of it happens on this machine; nothing is sent, whatever the mode.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.write import write_file
from edgewise.core.words import Language, Words
from edgewise.errors import UserError

File = Annotated[Path, typer.Argument(metavar="FILE", help="A PNG, JPEG, WebP, GIF or BMP file.")]
Asked = Annotated[str, typer.Option("--ask", help="A question about the picture.")]
AsJson = Annotated[bool, typer.Option("--json", help="Lines with their places, as JSON.")]
SafeOut = Annotated[
    Path | None,
    typer.Option("--safe", help="File for the picture as it would leave: faces, plates hidden."),
]
DEADLINE_S = 60.0


def see(
    file: File, ask: Asked = "", as_json: AsJson = False, safe: SafeOut = None,
    language: Tongue = None,
) -> None:  # fmt: skip
    """Read the text on a picture, on this machine."""
    asyncio.run(_see(read_picture(file), ask, as_json, safe, spoken(language)))


def read_picture(path: Path) -> bytes:
    """The bytes of a picture's file. Raises UserError for one that can not be read."""
    from edgewise.perceive.see import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"{path}: {error.strerror}; name a file that can be read", code="bad_picture"
        ) from error


async def _see(data: bytes, ask: str, as_json: bool, safe: Path | None, tongue: Language) -> None:
    from edgewise.device.sight import Sight
    from edgewise.perceive.eyes import LocalEyes

    eyes = LocalEyes()
    sight = Sight(eyes)
    try:
        picture = await eyes.open(data, deadline_s=DEADLINE_S)
        read = await eyes.read(picture, deadline_s=DEADLINE_S)
        if safe is not None:
            part = await sight.take(data, deadline_s=DEADLINE_S)
            await sight.make_safe([part], deadline_s=DEADLINE_S)
            told = sight.safe(part)
            sent = sight.sent(told.sha256)
            assert sent is not None, "it was made a line before"
            await asyncio.to_thread(write_file, safe, sent.data)
            print(_SAFE.filled(path=safe, one=told).said_in(tongue))
    finally:
        await sight.close()
    if as_json:
        print(msgspec.json.encode(read).decode())
    elif ask:
        print(await answer_about(ask, read.text, picture.width, picture.height))
    elif read.lines:
        print(read.text)
    elif safe is None:
        print(_NONE.said_in(tongue))


async def answer_about(ask: str, text: str, width: int, height: int) -> str:
    """The device's own answer to a question about a picture with that text."""
    from edgewise.agent.looker import Looker
    from edgewise.core.label import OriginKind, label_of
    from edgewise.core.message import Message, Speaker
    from edgewise.core.part import ImagePart
    from edgewise.perceive.perceive import language_of

    label = label_of(OriginKind.IMAGE)
    part = ImagePart("", "", width, height, label, text, len(text.splitlines()))
    message = Message(ask, language_of(ask), label, Speaker(), (part,))
    return (await Looker(message).answer(deadline_s=DEADLINE_S)).text


_NONE = Words("No text was found on it.", "图片上没有找到文字。")
_SAFE = Words(
    "{path}: as it would leave; faces hidden: {one.faces}, other places: {one.others}",
    "{path}：离开本机时的样子；已遮盖人脸 {one.faces} 处，其他 {one.others} 处",
)
