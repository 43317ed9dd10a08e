"""The agent of a connected voice device, given to its conversation: at once by what the device
could do last time, and again where it can do something else now."""

import asyncio
import logging

from msgspec.structs import replace

from edgewise.cloud.xiaozhi.camera import PATH as CAMERA
from edgewise.cloud.xiaozhi.connected import Connected, Devices
from edgewise.cloud.xiaozhi.hosts import Hosts
from edgewise.cloud.xiaozhi.minds import ComingMind
from edgewise.core.words import Language
from edgewise.errors import DeviceError
from edgewise.hosting.talk_mind import TalkMind
from edgewise.perceive.vocabulary import vocabulary_of
from edgewise.talk.talk import Talk
from edgewise.talk.xiaozhi.tools import BoardTool, Tools, Vision

_log = logging.getLogger("edgewise.cloud.xiaozhi")

SESSION = "voice"
"""Of the turns of a device: one conversation over all its connections."""
LISTING_S = 2.0
"""How long a person's first words wait for what the device can do."""


class Hosting:
    """For one connection; `run` it while the link is served, which brings the device's answers."""

    def __init__(
        self,
        one: Connected,
        devices: Devices,
        hosts: Hosts,
        tools: Tools,
        mind: ComingMind,
        talk: Talk,
        language: Language | None,
    ) -> None:
        self._one = one
        self._devices = devices
        self._hosts = hosts
        self._tools = tools
        self._mind = mind
        self._talk = talk
        self._language = language or Language.CHINESE

    async def run(self) -> None:
        """Until the conversation has the agent that fits. Raises DeviceError, ModelError."""
        known = self._hosts.known(self._one.admitted.device)
        listed = known.tools if known is not None else None
        listing = asyncio.create_task(self._listed())
        try:
            if listed is None:
                await asyncio.wait({listing}, timeout=LISTING_S)
            if not listing.done():
                listed = listed or ()
                await self._use(listed)
            found = await listing
        finally:
            listing.cancel()
        found = (listed or ()) if found is None else found
        if found != listed:
            await self._use(found)

    async def leave(self) -> None:
        """The connection ended."""
        self._tools.end()
        await self._hosts.leave(self._one.admitted.device, self._tools)

    async def _listed(self) -> tuple[BoardTool, ...] | None:
        """The tools that a device tells of; None where it does not answer."""
        one = self._one
        if not one.hello.features.mcp:
            return ()
        camera = Vision(one.address + CAMERA, self._devices.camera_token(one.admitted.device))
        try:
            await self._tools.begin(camera)
            return await self._tools.list()
        except DeviceError as error:
            _log.info("a voice device does not tell its tools: %s", error)
            return None

    async def _use(self, listed: tuple[BoardTool, ...]) -> None:
        hosted = await self._hosts.enter(self._one.admitted.device, listed, self._tools)
        capabilities = hosted.agent.catalogue.capabilities
        vocabulary = vocabulary_of(capabilities, self._language)
        self._talk.configure(replace(self._talk.settings, vocabulary=vocabulary))
        self._mind.set(TalkMind(hosted.agent, hosted.board, SESSION, turns=hosted.turns))
