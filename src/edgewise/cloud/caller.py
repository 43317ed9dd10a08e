"""Who calls the platform, and what that key may do: facts of the in-memory directory.

A developer's key belongs to a project and a person; a device's credential to a project and one
device, and opens the device Agent API and what its scope names, never the management of accounts.
"""

from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from edgewise.cloud.refusal import Refused, unknown_model


class KeyKind(StrEnum):
    """Developers' keys and devices' credentials look alike on the wire and are kept apart here."""

    DEVELOPER = "developer"
    DEVICE = "device"


class Endpoint(StrEnum):
    """What a key can be limited to; one word for a group of routes."""

    MODELS = "models"
    CHAT = "chat"
    RESPONSES = "responses"
    MESSAGES = "messages"
    EMBEDDINGS = "embeddings"
    SPEECH = "speech"
    TRANSCRIPTIONS = "transcriptions"
    REALTIME = "realtime"
    FILES = "files"
    BATCHES = "batches"
    AGENT = "agent"
    USAGE = "usage"
    VOICE = "voice"


DEVICE_ENDPOINTS = frozenset({Endpoint.MODELS, Endpoint.AGENT})
"""What a device may call when its scope names no endpoints."""
NEVER_FOR_DEVICES = frozenset({Endpoint.USAGE})


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of a key or project; 0 is none."""

    requests_a_minute: int = 0
    tokens_a_minute: int = 0
    requests_at_once: int = 0
    streams_at_once: int = 0


class Caller(Struct, frozen=True):
    """A key as the hot path knows it. `models` and `endpoints` empty: all (see `may`). A word of
    `endpoints` that this version does not know opens nothing, and does not make them empty.

    `expires_at` is wall seconds, 0 never. `content` is whether the project lets prompts be logged.
    """

    key: str
    kind: KeyKind
    organisation: str
    project: str
    device: str = ""
    models: frozenset[str] = frozenset()
    endpoints: frozenset[str] = frozenset()
    limits: Limits = Limits()
    project_limits: Limits = Limits()
    expires_at: float = 0.0
    content: bool = False

    def may(self, endpoint: Endpoint) -> bool:
        """Whether the key's scope holds the endpoint."""
        if self.kind is KeyKind.DEVICE:
            if endpoint in NEVER_FOR_DEVICES:
                return False
            return endpoint in (self.endpoints or DEVICE_ENDPOINTS)
        return not self.endpoints or endpoint in self.endpoints

    def check_endpoint(self, endpoint: Endpoint) -> None:
        """Raises Refused (403) when the key is not for this endpoint."""
        if not self.may(endpoint):
            raise Refused(
                403,
                "key_scope",
                f"this key is not for the endpoint {endpoint.value!r};"
                " use another key, or widen its scope in the console",
            )

    def check_model(self, model: str) -> None:
        """Raises Refused (404) when the key is not for this model."""
        if self.models and model not in self.models:
            raise unknown_model(model)


def digest_of(secret: str) -> bytes:
    """What is kept of a key: SHA-256 of its 256 random bits, which needs no salt and no stretching.

    Looking a digest up tells nothing by its timing, since nobody can choose its first bytes.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
