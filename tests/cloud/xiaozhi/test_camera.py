"""Pictures of voice devices: read, told, not kept; only by a camera that is known."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from edgewise.cloud.answers import refusal
from edgewise.cloud.app import refused_for
from edgewise.cloud.refusal import Refused, wrong_key
from edgewise.cloud.xiaozhi.camera import MOST_BYTES, PATH, Camera
from edgewise.errors import ModelError, UserError
from edgewise.perceive.see import Box, Hidden, Line, Picture, Read


class FakeEyes:
    """Reads the bytes as text."""

    async def open(self, data: bytes, *, deadline_s: float = 10.0) -> Picture:
        if not data.startswith(b"JPEG"):
            raise UserError("no picture", code="bad_picture")
        return Picture(data, "image/jpeg", 1, 1, "x")

    async def read(self, picture: Picture, *, deadline_s: float = 20.0) -> Read:
        text = picture.data.removeprefix(b"JPEG").decode()
        lines = (Line(text, Box(0, 0, 1, 1), 1.0),) if text else ()
        return Read(lines)

    async def hide(
        self, picture: Picture, *, also: tuple[Box, ...] = (), deadline_s: float = 20.0
    ) -> Hidden:
        raise AssertionError("nothing leaves")

    async def close(self) -> None:
        return


class FakeCameras:
    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def camera_of(self, token: str, mac: str | None) -> str:
        if token != "t" or mac not in (None, "02"):
            self.refused("wrong_camera_token")
            raise wrong_key()
        return "dev_a"

    def refused(self, code: str) -> None:
        self.counted[code] += 1


@asynccontextmanager
async def serving(eyes: Any = FakeEyes) -> AsyncGenerator[tuple[httpx.AsyncClient, FakeCameras]]:
    cameras = FakeCameras()
    app = Starlette(routes=Camera(cameras, eyes).routes())

    async def refuse(request: Any, error: Exception) -> Any:
        return refusal(request, refused_for(error))

    app.add_exception_handler(Refused, refuse)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client, cameras


def picture(data: bytes, question: str = "what is this") -> dict[str, Any]:
    return {"data": {"question": question}, "files": {"file": ("camera.jpg", data, "image/jpeg")}}


AS_CAMERA = {"Authorization": "Bearer t", "Device-Id": "02", "Client-Id": "c"}


async def test_what_can_be_read_is_told():
    async with serving() as (client, _):
        told = await client.post(PATH, headers=AS_CAMERA, **picture(b"JPEGMILK 1 L"))
        nothing = await client.post(PATH, headers=AS_CAMERA, **picture(b"JPEG", "这是什么"))
    assert told.json() == {"success": True, "result": "MILK 1 L"}
    assert nothing.json()["result"] == "图片上没有可读的文字。"


async def test_a_camera_that_is_not_known_is_refused_and_counted():
    async with serving() as (client, cameras):
        for headers in (
            {},
            {**AS_CAMERA, "Authorization": "Bearer x"},
            {**AS_CAMERA, "Device-Id": "03"},
            {**AS_CAMERA, "Device-Id": ""},
        ):
            told = await client.post(PATH, headers=headers, **picture(b"JPEG"))
            assert told.status_code == 401
        assert cameras.counted.total() == 4


async def test_a_picture_needs_no_address_beside_its_token():
    async with serving() as (client, _):
        headers = {"Authorization": "Bearer t"}
        told = await client.post(PATH, headers=headers, **picture(b"JPEGMILK 1 L"))
    assert told.json() == {"success": True, "result": "MILK 1 L"}


async def test_what_is_no_picture_is_told_so():
    async with serving() as (client, _):
        told = await client.post(PATH, headers=AS_CAMERA, **picture(b"GARBAGE"))
        no_form = await client.post(PATH, headers=AS_CAMERA, content=b"x")
        large = await client.post(PATH, headers=AS_CAMERA, **picture(bytes(MOST_BYTES)))
    assert (told.status_code, told.json()["success"]) == (400, False)
    assert no_form.status_code == 400
    assert large.status_code == 413


async def test_without_eyes_it_says_so():
    def none() -> Any:
        raise ModelError("there are no eyes here", code="missing_package")

    async with serving(none) as (client, _):
        told = await client.post(PATH, headers=AS_CAMERA, **picture(b"JPEG"))
    assert told.status_code == 503
    assert "no eyes" in told.json()["message"]
