"""Where the cameras of voice devices bring their pictures: what can be read on one is told.

A device takes a picture because its own tool was called, brings it here by a token of its own, and
gives what it is told back as that tool's answer: a stranger's text, which proposes nothing. The
picture is opened and read in a process with bounded memory, and not kept.
Source: the firmware's boards/common/esp32_camera.cc.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.doors import read_body, secret_in
from edgewise.cloud.refusal import Refused
from edgewise.cloud.upload import Form, form_in
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError, UserError
from edgewise.perceive.see import Eyes

PATH = "/xiaozhi/vision"
MOST_BYTES = 4 * 1024 * 1024
"""Of the form; a device's camera makes less than half a megabyte."""
MOST_AT_ONCE = 8
MOST_CHARACTERS = 2_000
_NOTHING = Words("There is no text to be read on it.", "图片上没有可读的文字。")


class Cameras(Protocol):
    """Whose camera a token is of."""

    def camera_of(self, token: str, mac: str | None) -> str:
        """The device; None: no address was sent. Raises Refused (401), and counts it."""
        ...

    def refused(self, code: str) -> None:
        """Count it."""
        ...


class Camera:
    """The route. `eyes` gives those of this machine; it raises ModelError where there are none."""

    def __init__(self, cameras: Cameras, eyes: Callable[[], Eyes]) -> None:
        self._cameras = cameras
        self._eyes = eyes
        self._looking: set[str] = set()

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        return [Route(PATH, self._look, methods=["POST"])]

    async def _look(self, request: Request) -> Response:
        mac = request.headers.get("device-id")
        device = self._cameras.camera_of(secret_in(request.scope), mac)
        if device in self._looking or len(self._looking) >= MOST_AT_ONCE:
            self._cameras.refused("too_many_pictures")
            said = "a picture is being looked at; wait for it"
            raise Refused(429, "too_many_pictures", said, headers={"Retry-After": "2"})
        self._looking.add(device)
        try:
            raw = await read_body(request.scope, request.receive, MOST_BYTES)
            form, data = await asyncio.to_thread(form_in, request, raw)
            return _told(200, success=True, result=await self._read(form, data))
        except UserError as error:
            return _told(400, success=False, message=str(error))
        except EdgewiseError as error:
            return _told(503, success=False, message=str(error))
        finally:
            self._looking.discard(device)

    async def _read(self, form: Form, data: bytes) -> str:
        eyes = self._eyes()
        read = await eyes.read(await eyes.open(data))
        question = form.fields.get("question", "")
        is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in question)
        nothing = _NOTHING.zh if is_chinese else _NOTHING.en
        return read.text[:MOST_CHARACTERS] or nothing


def _told(status: int, **told: Any) -> Response:
    return Response(msgspec.json.encode(told), status, media_type="application/json")
