"""The doors of bootstrap and activation: what comes in by HTTP, bounded, and what goes back.

No key opens them, since a device has none before: they read little, keep little, and count what
they refuse.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.doors import header, read_body
from edgewise.cloud.refusal import Refused, reply_to
from edgewise.cloud.xiaozhi.bootstrap import (
    BODY_BYTES,
    PLACE,
    Asking,
    Reply,
    asking_of,
    challenge_in,
    own_address,
)
from edgewise.cloud.xiaozhi.probe import HEADER

_FOR_PERSONS = (
    "Voice devices of the xiaozhi family ask here for their server.\n"
    "Type this address into the device's Wi-Fi page (advanced, OTA address); then type the code"
    " that it shows into the console, under Voice devices.\n"
    "语音设备（小智固件）通过此地址连接：在设备配网页面的高级选项里填写此地址，"
    "然后在控制台的“语音设备”中输入设备显示的验证码。\n"
)


class Devices(Protocol):
    """Who answers; `VoiceDevices` is one."""

    def bootstrap(self, asking: Asking, address: str, peer: str) -> Reply:
        """What a device is told. Raises Refused."""
        ...

    def probed(self, address: str, word: str) -> Reply:
        """What a probe of our own is told."""
        ...

    def activate(self, mac: str, client: str, challenge: str) -> bool:
        """Whether it is bound now. Raises Refused."""
        ...

    def refused(self, code: str) -> None:
        """Count a refusal."""
        ...


class _Said(Struct, frozen=True):
    message: str


class OtaDoors:
    """Routes over the devices; `public_url` is that of the settings."""

    def __init__(self, devices: Devices, public_url: str) -> None:
        self._devices = devices
        self._public_url = public_url

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        return [
            *(
                Route(place, self._counting(answer), methods=[method])
                for place in (PLACE, f"{PLACE}/")
                for method, answer in (("POST", self._bootstrap), ("GET", _tell))
            ),
            Route(f"{PLACE}/activate", self._counting(self._activate), methods=["POST"]),
        ]

    async def _bootstrap(self, request: Request) -> Response:
        scope = request.scope
        body = await read_body(scope, request.receive, BODY_BYTES)
        address = own_address(self._public_url, scope)
        if word := header(scope, HEADER):
            return _json(self._devices.probed(address, word))
        peer = request.client.host if request.client else ""
        return _json(self._devices.bootstrap(asking_of(scope, body), address, peer))

    async def _activate(self, request: Request) -> Response:
        """200 once when the device is bound, 202 until then; a device takes all else as a failure
        and asks from the beginning."""
        body = await read_body(request.scope, request.receive, BODY_BYTES)
        asking = asking_of(request.scope, b"")
        if self._devices.activate(asking.mac, asking.client, challenge_in(body)):
            return _json(_Said("activated"))
        return _json(_Said("the code has not been typed in the console yet"), 202)

    def _counting(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except Refused as refused:
                self._devices.refused(refused.problem.code or "refused")
                return reply_to(refused)

        return answered


async def _tell(request: Request) -> Response:
    del request
    return PlainTextResponse(_FOR_PERSONS, headers={"Cache-Control": "no-store"})


def _json(value: Struct, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, "application/json")
