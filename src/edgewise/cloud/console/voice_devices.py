"""Voice devices of an organisation: added by the code that they show, seen live, taken away.

A member sees them; an administrator adds, renames and takes away, as with devices' credentials.
"""

from collections import Counter
from collections.abc import AsyncGenerator
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import Member, body_of, change, read
from edgewise.cloud.console.live import followed
from edgewise.cloud.console.people import Name
from edgewise.cloud.refusal import Refused
from edgewise.cloud.roles import Action
from edgewise.cloud.service import Cloud
from edgewise.cloud.xiaozhi.bindings import Binding, rename, unbind
from edgewise.cloud.xiaozhi.bootstrap import PLACE, own_address
from edgewise.cloud.xiaozhi.self_test import Verdict, verdict_of
from edgewise.cloud.xiaozhi.voice_devices import Shown, VoiceDevices
from edgewise.web.frame import EVENT_STREAM_HEADERS, frame
from edgewise.web.loopback import is_loopback

Text = Annotated[str, Meta(min_length=1, max_length=300)]
MOST_STREAMS = 16


class NewVoiceDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """A device to add: the code that it shows, and what it is called."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    project: Text
    name: Text


class Offer(Struct, frozen=True):
    """What the page shows. `address` is what a person types into a device; `verdict` is what was
    found of it last."""

    enabled: bool
    address: str
    devices: list[Shown]
    verdict: Verdict | None = None


class VoiceRoutes:
    """The routes, and the streams that are open by account."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """Their places below /console/api."""
        place = "/organisations/{organisation}/voice-devices"
        return [
            Route(place, offer, methods=["GET"]),
            Route(place, add, methods=["POST"]),
            Route(f"{place}/check", check, methods=["POST"]),
            Route(f"{place}/live", self.live, methods=["GET"]),
            Route(f"{place}/{{device}}", rename_it, methods=["PATCH"]),
            Route(f"{place}/{{device}}/remove", remove, methods=["POST"]),
        ]

    async def live(self, request: Request) -> Response:
        """A stream of the devices, without end: all of them, whenever something changed."""
        member = await read(request, lambda _, member: member)
        voice = _voice(request)
        if self._open[member.account] >= MOST_STREAMS:
            said = f"{MOST_STREAMS} pages of yours watch already; close one"
            raise Refused(429, "too_many_streams", said)
        headers = {name.decode(): value.decode() for name, value in EVENT_STREAM_HEADERS}
        return StreamingResponse(self._follow(request, member, voice), headers=headers)

    async def _follow(
        self, request: Request, member: Member, voice: VoiceDevices
    ) -> AsyncGenerator[bytes, None]:
        self._open[member.account] += 1
        shown: list[Shown] | None = None

        def news() -> bytes | None:
            nonlocal shown
            found = voice.shown(member.organisation)
            if found == shown:
                return None
            shown = found
            return frame(msgspec.json.encode({"devices": found}), event="voice_devices")

        try:
            async for part in followed(request, news):
                yield part
        finally:
            self._open[member.account] -= 1


async def offer(request: Request) -> Response:
    """The devices, and the address that is typed into one."""
    member = await read(request, lambda _, member: member)
    cloud = _cloud(request)
    address = own_address(cloud.config.public_url, request.scope)
    if cloud.voice is None:
        return answer(request, Offer(False, address + PLACE + "/", []))
    verdict = cloud.voice.checks.last(_asked(request)[0])
    devices = cloud.voice.shown(member.organisation)
    return answer(request, Offer(True, address + PLACE + "/", devices, verdict))


async def add(request: Request) -> Response:
    """Bind the device that shows a code to a project."""
    given = await body_of(request, NewVoiceDevice)
    now_s = _cloud(request).clock.now()
    await read(request, lambda _, member: member, Action.MANAGE_KEYS)
    voice = _voice(request)
    try:
        with voice.adding() as adding:

            def do(connection: Connection, member: Member) -> Binding:
                return adding.bind(
                    connection,
                    member.organisation,
                    given.project,
                    given.name,
                    given.code,
                    account=member.account,
                    now_s=now_s,
                )

            made = await change(request, Action.MANAGE_KEYS, do)
    except Refused as refused:
        voice.refused(refused.problem.code or "refused")
        raise
    return answer(request, _shown(voice, made), 201)


async def rename_it(request: Request) -> Response:
    """Give a device another name."""
    given = await body_of(request, Name)
    voice = _voice(request)
    now_s = _cloud(request).clock.now()

    def do(connection: Connection, member: Member) -> Binding:
        device: str = request.path_params["device"]
        return rename(connection, member.organisation, device, given.name, now_s=now_s)

    renamed = await change(request, Action.MANAGE_KEYS, do)
    voice.bound.learn(renamed)
    return answer(request, _shown(voice, renamed))


async def remove(request: Request) -> Response:
    """Take a device away: its token ends, what was said to it is deleted, and it shows a code
    again."""
    voice, cloud = _voice(request), _cloud(request)
    now_s = cloud.clock.now()

    def do(connection: Connection, member: Member) -> Binding:
        device: str = request.path_params["device"]
        return unbind(connection, member.organisation, device, now_s=now_s)

    gone = await change(request, Action.MANAGE_KEYS, do)
    voice.bound.forget(gone)
    if cloud.voice_door is not None:
        await cloud.voice_door.hosts.erase(gone.device)
    return answer(request, {"removed": gone.device})


async def check(request: Request) -> Response:
    """Ask the advertised address as a device would, from outside in."""
    await read(request, lambda _, member: member)
    voice = _voice(request)
    asked, port = _asked(request)
    verdict = await voice.checks.check(asked, port)
    came_by = own_address(_cloud(request).config.public_url, request.scope)
    name = urlsplit(came_by).hostname or ""
    if verdict.code in ("reached", "loopback") and came_by != asked and not is_loopback(name):
        verdict = verdict_of("not_told", asked, told=came_by)
    return answer(request, verdict)


def _asked(request: Request) -> tuple[str, int]:
    """The address to ask and the port that this process listens at. Without a public_url it is the
    socket that the request came in by: what a Host says leads anywhere."""
    public_url = _cloud(request).config.public_url
    host, port = request.scope.get("server") or ("", 0)
    if public_url or not port:
        return public_url.rstrip("/"), port or 0
    return (f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"), port


def _shown(voice: VoiceDevices, binding: Binding) -> Shown:
    """As the list has it."""
    found = voice.shown(binding.organisation)
    return next(one for one in found if one.device == binding.device)


def _voice(request: Request) -> VoiceDevices:
    """Raises Refused (409) where the settings let no voice devices in."""
    voice = _cloud(request).voice
    if voice is None:
        said = "voice devices are off; set enabled = true under [xiaozhi] in cloud.toml"
        raise Refused(409, "voice_devices_off", said)
    return voice


def _cloud(request: Request) -> Cloud:
    return request.app.state.cloud
