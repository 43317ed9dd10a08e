"""What the platform opens for voice devices beside their bootstrap: the WebSocket with the agents
behind it, and the place for their cameras' pictures. Put together, and ended, as one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.routing import BaseRoute

from edgewise.cloud.caller import Caller
from edgewise.cloud.config import Config, ModelConfig, ModelKind, is_embedded
from edgewise.cloud.directory import Directory
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.refusal import key_revoked
from edgewise.cloud.senses import Senses
from edgewise.cloud.xiaozhi.adviser import PlatformAdviser
from edgewise.cloud.xiaozhi.camera import Camera
from edgewise.cloud.xiaozhi.chat import GatewayChat
from edgewise.cloud.xiaozhi.door import VoiceDoor
from edgewise.cloud.xiaozhi.hands import BoardHands
from edgewise.cloud.xiaozhi.hosts import Hosts
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from edgewise.core.clock import Clock
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.see import Eyes
from edgewise.talk.xiaozhi.link import Bounds
from edgewise.talk.xiaozhi.tools import BoardTool
from edgewise.think.models import EMBEDDED, entry


class Voice:
    """All of it for one platform. Close it in the end, after its server."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        gateway: Gateway,
        directory: Directory,
        senses: Senses | None,
        devices: VoiceDevices,
        clock: Clock,
    ) -> None:
        """`folder` holds the agents' trails and memories."""
        self._config = config
        self._gateway = gateway
        self._directory = directory
        self._devices = devices
        self._clock = clock
        self._eyes: Eyes | None = None
        own = config.xiaozhi
        language = Language(own.language) if own.language else None
        self.hosts = Hosts(
            folder, clock, self._hands, self._chat,
            adviser=self._adviser, language=language, most=own.most,
        )  # fmt: skip
        self.door = VoiceDoor(
            config, gateway, directory, senses, devices, self.hosts, clock,
            language=language, most=own.most, most_of_project=own.most_of_project,
            bounds=Bounds(quiet_s=own.quiet_s),
        )  # fmt: skip
        self._camera = Camera(devices, self._own_eyes)

    def routes(self) -> list[BaseRoute]:
        """What to mount at the root of the application."""
        return [*self.door.routes(), *self._camera.routes()]

    async def close(self) -> None:
        """End the agents and the eyes."""
        await self.hosts.close()
        if self._eyes is not None:
            await self._eyes.close()

    def _hands(self, tools: Sequence[BoardTool]) -> BoardHands:
        return BoardHands(tools, self._clock)

    def _chat(self, device: str) -> GatewayChat | None:
        """The language model of a device; None where the platform has none."""
        model = self._model()
        if model is None:
            return None
        small = is_embedded(self._config, model)
        languages = entry(EMBEDDED).languages if small else tuple(Language)
        ask = self._caller_of(device)
        return GatewayChat(self._gateway, ask, model.name, languages, small=small)

    def _adviser(self, device: str) -> PlatformAdviser | None:
        """The same model with tools; None where it is one that takes none."""
        model = self._model()
        if model is None or is_embedded(self._config, model):
            return None
        return PlatformAdviser(self._gateway, self._caller_of(device), model.name)

    def _model(self) -> ModelConfig | None:
        name = self._config.xiaozhi_model
        if not name:
            return None
        model = next(one for one in self._config.model if one.name == name)
        assert model.kind is ModelKind.CHAT
        return model

    def _caller_of(self, device: str) -> Callable[[], Caller]:
        def ask() -> Caller:
            found = self._devices.caller_of(device)
            if found is None:
                raise key_revoked()
            return found

        return ask

    def _own_eyes(self) -> Eyes:
        """Raises ModelError where there are none."""
        if self._eyes is None:
            try:
                from edgewise.perceive.eyes import LocalEyes
            except ImportError as error:
                told = "pictures need the extra `see`: pip install 'edgewise[see]'"
                raise ModelError(told, code="missing_package") from error
            self._eyes = LocalEyes()
        return self._eyes
