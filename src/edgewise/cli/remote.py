"""The device that `edgewise run` started, as the commands use it: over its API on loopback.

The commands are the person's own, so they carry the owner's token and name the person's seat.
"""

import json
from base64 import b64encode
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from edgewise.core.event import Event, from_json
from edgewise.core.label import Residency
from edgewise.core.message import Request
from edgewise.core.part import DocumentPart
from edgewise.device.cloud_told import Clouds, LeftOfTurn
from edgewise.device.config import data_folder
from edgewise.device.presence import find
from edgewise.errors import LinkError, UserError

if TYPE_CHECKING:
    from edgewise.device.erase import Erased
    from edgewise.device.screen_api import ScreenTold

_Told = TypeVar("_Told")


class RemoteDevice:
    """Runs requests on another process's device."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self._token = token

    async def run(
        self, request: Request, pictures: Sequence[tuple[str, bytes, bool]] = ()
    ) -> AsyncGenerator[Event, None]:
        """The events of one turn; `pictures` are what it asks about, each as its name, bytes, and
        whether nothing made of it may leave. Raises LinkError when the device goes away, UserError
        when it refuses the request."""
        if not request.text.strip():
            raise UserError("there is nothing to ask: the text is empty", code="invalid_field")
        body: dict[str, Any] = {
            "text": request.text,
            "session": request.session,
            "zone": request.speaker.zone,
            "language": request.language,
            **({} if request.deadline_s is None else {"deadline_s": request.deadline_s}),
        }
        if documents := _documents(request):
            body["documents"] = documents
        if pictures:
            body["pictures"] = [
                {"name": name, "data": b64encode(data).decode("ascii"), "private": private}
                for name, data, private in pictures
            ]
        async with aclosing(self._events("/v1/agent/turns", body)) as events:
            async for event in events:
                yield event

    async def launch_page(self) -> str:
        """An address of the cockpit that opens one page. Raises as `run`."""
        async with self._asked("/v1/launch", {}) as reply:
            return self.address + json.loads(await reply.aread())["path"]

    async def clouds(self) -> Clouds:
        """How it stands with its clouds. Raises as `run`."""
        return await self._read("/v1/clouds", Clouds)

    async def left(self, turn: str) -> LeftOfTurn:
        """What left in a turn. Raises as `run`."""
        return await self._read(f"/v1/agent/turns/{quote(turn, safe='')}/left", LeftOfTurn)

    async def sent_picture(self, sha256: str) -> bytes:
        """A picture exactly as it left. Raises as `run`; UserError when it is forgotten."""
        async with self._asked(f"/v1/agent/left/pictures/{quote(sha256, safe='')}", None) as reply:
            return await reply.aread()

    async def erase(self, turn: str) -> "Erased":
        """Erase that turn, or everything (empty). Raises as `run`."""
        from edgewise.device.erase import Erased

        return await self._read("/v1/agent/erase", Erased, {"turn": turn})

    async def screen(self) -> "ScreenTold":
        """What is on its screen. Raises as `run`."""
        from edgewise.device.screen_api import ScreenTold

        return await self._read("/v1/screen", ScreenTold)

    async def screen_picture(self) -> bytes:
        """A picture of its screen, as PNG. Raises as `run`."""
        async with self._asked("/v1/screen.png", None) as reply:
            return await reply.aread()

    def step_on_screen(self, body: dict[str, Any]) -> AsyncGenerator[Event, None]:
        """The events of one step on its screen. Raises as `run`."""
        return self._events("/v1/screen/step", body)

    async def _events(self, path: str, body: dict[str, Any]) -> AsyncGenerator[Event, None]:
        async with self._asked(path, body) as reply:
            async for line in reply.aiter_lines():
                if line.startswith("data:"):
                    yield from_json(line[5:].strip())

    async def _read(
        self, path: str, shape: type[_Told], body: dict[str, Any] | None = None
    ) -> _Told:
        async with self._asked(path, body) as reply:
            return msgspec.json.decode(await reply.aread(), type=shape)

    @asynccontextmanager
    async def _asked(self, path: str, body: dict[str, Any] | None) -> AsyncGenerator[Any, None]:
        """The device's answer (an `httpx.Response`) to one request; without a body to a GET."""
        import ssl

        import httpx

        # Trusts nobody: the address is plain HTTP here, and reading all certificates takes 15 ms.
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with (
                httpx.AsyncClient(
                    base_url=self.address, timeout=90.0, trust_env=False, verify=trusted
                ) as client,
                client.stream(
                    "GET" if body is None else "POST", path, json=body, headers=headers
                ) as reply,
            ):
                if reply.status_code != 200:
                    raise _refused(reply.status_code, await reply.aread())
                yield reply
        except msgspec.ValidationError as error:
            raise LinkError(
                f"the device at {self.address} speaks another version ({error}); start it again"
            ) from error
        except httpx.HTTPError as error:
            raise LinkError(
                f"the device at {self.address} does not answer ({error}); start it again with"
                " `edgewise run`, or ask with --alone"
            ) from error


def running_device(folder: Path | None = None) -> RemoteDevice | None:
    """The device that runs from the data folder, if there is one."""
    folder = folder or data_folder()
    from edgewise.device.doorkeeper import OWNER_TOKEN, load_token

    presence = find(folder)
    if presence is None:
        return None
    return RemoteDevice(presence.address, load_token(folder / OWNER_TOKEN))


def _documents(request: Request) -> list[dict[str, Any]]:
    """The documents as the API takes them; their text is what is to be read already."""
    return [
        {
            "name": part.name,
            "text": part.text,
            "private": part.label.residency is Residency.DEVICE,
            "as_it_is": True,
        }
        for part in request.parts
        if isinstance(part, DocumentPart)
    ]


def _refused(status: int, body: bytes) -> UserError:
    try:
        error = json.loads(body)["error"]
        remedy = _REMEDIES.get(error["code"], error.get("remedy"))
        told = "; ".join(filter(None, (error["message"], remedy)))
        return UserError(told, code=error["code"])
    except (ValueError, KeyError, TypeError):
        return UserError(f"the device refused the request with status {status}")


_REMEDIES = {"invalid_field": "", "unknown_turn": "see `edgewise explain`"}
"""Instead of remedies that are for programs."""
