"""The platform's settings: `cloud.toml` in its data folder.

Backends are addresses with a key and a residency class; models are the public names, each over one
or several backends by weight. Secrets are never in the file: it names environment variables.
"""

import os
import re
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from edgewise.cloud.caller import Limits
from edgewise.cloud.prices import Price, PriceList
from edgewise.cloud.settings_faults import told_fault, wrong_address
from edgewise.errors import UserError
from edgewise.step3.config import text_part
from edgewise.step3.config_file import read_config

Name = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.:/@\-]+$")]
PORT = 8475
CONFIG = "cloud.toml"
DATABASE = "cloud.db"
"""The files of a platform's folder that say that one is there."""
EMBEDDED_CONTEXT_TOKENS = 2048
EMBEDDED_OUTPUT_TOKENS = 512
"""What the model of this machine holds and, unless it is said, writes (`think/llama_child.py`)."""
STEP3_OUTPUT_TOKENS = 1024
"""What a model of `step3` writes unless it is said; it holds what its own config says."""
_VERSION = re.compile(r"/v\d")
STORAGE = "storage"
"""The name under which what is stored has its price."""


class UsageReport(StrEnum):
    """When a backend tells its token counts: with the last event alone, or with each (vLLM, SGLang
    and ourselves: `stream_options.continuous_usage_stats`), so that a stopped one is exact too."""

    FINAL = "final"
    CONTINUOUS = "continuous"


class ToolChoice(StrEnum):
    """Forms of `tool_choice`; what a backend does not obey is refused instead of ignored."""

    AUTO = "auto"
    NONE = "none"
    REQUIRED = "required"
    NAMED = "named"


class BackendConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenAI-compatible upstream, `embedded`: the models of this machine, or `step3`: the folder
    of a Step-3 checkpoint, which a process of its own serves (extra `step3`).

    `url` ends in `/v1`; `key_env` names the environment variable that holds its key. Retries and
    fallbacks stay within one `residency`. `first_byte_s` bounds the wait for a reply's start,
    `idle_s` the silence within a stream; `health_every_s` is how often it is asked for its models
    while it rests or nobody asks it.
    """

    name: Name
    url: str = ""
    embedded: bool = False
    step3: str = ""
    key_env: str = ""
    residency: str = "default"
    usage: UsageReport = UsageReport.FINAL
    tool_choice: tuple[ToolChoice, ...] = tuple(ToolChoice)
    connect_s: Annotated[float, Meta(gt=0)] = 5.0
    first_byte_s: Annotated[float, Meta(gt=0)] = 120.0
    idle_s: Annotated[float, Meta(gt=0)] = 60.0
    most_connections: Annotated[int, Meta(ge=1)] = 512
    health_every_s: Annotated[float, Meta(gt=0)] = 10.0


class Route(Struct, frozen=True, forbid_unknown_fields=True):
    """One backend of a model, the name it has there (empty: the same), and its share."""

    backend: str
    model: Annotated[str, Meta(max_length=256, pattern=r"^[ -~]*$")] = ""
    weight: Annotated[int, Meta(ge=0)] = 1


class ModelKind(StrEnum):
    """What a model is asked for."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    SPEECH = "speech"
    TRANSCRIPTION = "transcription"


class ModelConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """A public model name. `image_tokens` bounds what one image costs in the reservation;
    `most_searches` web searches are held for a request that lets the upstream search."""

    name: Name
    routes: tuple[Route, ...]
    kind: ModelKind = ModelKind.CHAT
    context_tokens: Annotated[int, Meta(ge=1)] = 32_768
    output_tokens: Annotated[int, Meta(ge=1)] = 4_096
    image_tokens: Annotated[int, Meta(ge=0)] = 2_048
    most_searches: Annotated[int, Meta(ge=0, le=10_000)] = 5
    owned_by: str = "edgewise"
    created: int = 1_767_225_600


class OidcConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Sign-in by another service: its issuer's address, and this platform's client there."""

    issuer: str
    client_id: str
    client_secret_env: str = ""
    name: str = "Single sign-on"


class AgentConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The device Agent API: the model that thinks for devices (empty: the first chat model), and
    how many sessions one owner, one project and all together may have open."""

    model: str = ""
    most_of_owner: Annotated[int, Meta(ge=1)] = 4
    most_of_project: Annotated[int, Meta(ge=1)] = 2_000
    most: Annotated[int, Meta(ge=1)] = 10_000


class SensesConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Hearing and speaking in `/v1/realtime`: the names of a model of the kind transcription and of
    one of the kind speech, both of a backend of this machine (`embedded = true`); by those names
    they are priced. Empty: the first there is. How many sessions one key and all together may have
    open, and how long one lasts. `call_addresses` are the addresses of this machine at which calls
    over WebRTC are reached (empty: where the platform listens)."""

    ears: str = ""
    voice: str = ""
    most_of_key: Annotated[int, Meta(ge=1)] = 8
    most: Annotated[int, Meta(ge=1)] = 64
    session_s: Annotated[float, Meta(gt=0)] = 1_800.0
    idle_s: Annotated[float, Meta(gt=0)] = 600.0
    call_addresses: tuple[str, ...] = ()


class XiaozhiConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Voice devices of the xiaozhi family: the model that thinks for them (empty: that of
    `[agent]`), their language (`zh`, `en`; empty: as they are spoken to), how many may be connected
    of all and of one project, how long the code of a new one lives, after how much silence a
    connection ends, and the minutes from UTC to the clock on their wall (nothing: this
    machine's)."""

    enabled: bool = False
    model: str = ""
    language: Literal["", "zh", "en"] = ""
    most: Annotated[int, Meta(ge=1)] = 256
    most_of_project: Annotated[int, Meta(ge=1)] = 64
    code_s: Annotated[float, Meta(ge=30, le=86_400)] = 600.0
    quiet_s: Annotated[float, Meta(gt=0)] = 600.0
    utc_offset_min: Annotated[int, Meta(ge=-840, le=840)] | None = None


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings. `defaults` are the limits of a key that has none of its own, `project_defaults`
    those of a project; `media_hosts` the only hosts whose https addresses of images, sound and
    video are sent on (empty: any public); `project_files_bytes` is what the files of one project
    may have together, and `disk_reserve_bytes` what uploads leave free for the journal. A client
    that does not take what is written to it within `write_s` counts as one that left.
    Who is no operator may make organisations in the console until they own
    `organisations_a_person` of them (0: none).
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = PORT
    public_url: str = ""
    database: str = ""
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    backend: tuple[BackendConfig, ...] = ()
    model: tuple[ModelConfig, ...] = ()
    price: tuple[Price, ...] = ()
    defaults: Limits = Limits(6_000, 20_000_000, 512, 256)
    project_defaults: Limits = Limits(60_000, 200_000_000, 2_048, 1_024)
    oidc: OidcConfig | None = None
    agent: AgentConfig = AgentConfig()
    senses: SensesConfig = SensesConfig()
    xiaozhi: XiaozhiConfig = XiaozhiConfig()
    otlp_endpoint: str = ""
    write_s: Annotated[float, Meta(gt=0)] = 30.0
    media_hosts: tuple[str, ...] = ()
    request_log: bool = True
    body_limit_bytes: Annotated[int, Meta(ge=1024)] = 32 * 1024 * 1024
    file_limit_bytes: Annotated[int, Meta(ge=1024)] = 512 * 1024 * 1024
    organisations_a_person: Annotated[int, Meta(ge=0)] = 0
    project_files_bytes: Annotated[int, Meta(ge=1024)] = 10 * 1024 * 1024 * 1024
    disk_reserve_bytes: Annotated[int, Meta(ge=0)] = 1024 * 1024 * 1024

    @property
    def agent_model(self) -> str:
        """The model that thinks for devices; empty when there is no chat model."""
        chat = (model.name for model in self.model if model.kind is ModelKind.CHAT)
        return self.agent.model or next(chat, "")

    @property
    def ears_model(self) -> str:
        """The model that hears in `/v1/realtime`; empty when there is none of this machine."""
        return self.senses.ears or self._embedded(ModelKind.TRANSCRIPTION)

    @property
    def voice_model(self) -> str:
        """The model that speaks there; empty as above."""
        return self.senses.voice or self._embedded(ModelKind.SPEECH)

    @property
    def xiaozhi_model(self) -> str:
        """The model that thinks for voice devices; empty when there is no chat model."""
        return self.xiaozhi.model or self.agent_model

    def _embedded(self, kind: ModelKind) -> str:
        found = (m.name for m in self.model if m.kind is kind and is_embedded(self, m))
        return next(found, "")


def load_config(file: Path) -> Config:
    """The settings in `file`; the built-in ones when there is none (the embedded model alone).

    Raises UserError that names the field for what does not validate.
    """
    if not file.is_file():
        return built_in()
    raw = b""
    try:
        raw = file.read_bytes()
        config = _fitted(msgspec.toml.decode(raw, type=Config), raw)
    except OSError as error:
        raise UserError(f"{file} can not be read: {error.strerror}", code="bad_config") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        fault = told_fault(error, raw, Config)
        said = f"{file}: {fault}; docs/reference/cloud-settings.md lists every key"
        raise UserError(said, code="bad_config") from error
    _check(file, config)
    return config


def doubtful(config: Config) -> Iterator[str]:
    """What may be meant, but is most often a slip."""
    for backend in config.backend:
        if backend.url and not _VERSION.search(urlsplit(backend.url).path):
            yield (
                f"backend {backend.name!r}: url is {backend.url!r}; the address of an OpenAI API"
                " usually ends in /v1"
            )


def built_in() -> Config:
    """What runs without a file: the models of this machine, one that chats under the name
    `edgewise-small`, one that hears and one that speaks."""
    return Config(
        backend=(
            BackendConfig(
                "embedded", embedded=True, tool_choice=(ToolChoice.AUTO, ToolChoice.NONE)
            ),
        ),
        model=(
            ModelConfig(
                "edgewise-small",
                (Route("embedded"),),
                context_tokens=EMBEDDED_CONTEXT_TOKENS,
                output_tokens=EMBEDDED_OUTPUT_TOKENS,
            ),
            ModelConfig("edgewise-ears", (Route("embedded"),), ModelKind.TRANSCRIPTION),
            ModelConfig("edgewise-voice", (Route("embedded"),), ModelKind.SPEECH),
        ),
    )


def secret_of(backend: BackendConfig, environment: Any = os.environ) -> str:
    """The backend's key. Raises UserError when its variable is not set."""
    if not backend.key_env:
        return ""
    secret = environment.get(backend.key_env, "")
    if not secret:
        raise UserError(
            f"backend {backend.name!r}: the environment variable {backend.key_env} is not set",
            code="bad_config",
        )
    return secret


def _check(file: Path, config: Config) -> None:
    """Raises UserError for what a type can not say."""
    try:
        PriceList(config.price)
    except UserError as error:
        raise UserError(f"{file}: price: {error}", code="bad_config") from error
    wrong = (_wrong_names, _wrong_backends, _wrong_models, _wrong_addresses)
    for said in (said for look in wrong for said in look(config)):
        raise UserError(f"{file}: {said}", code="bad_config")


def _wrong_addresses(config: Config) -> Iterator[str]:
    if config.public_url and (wrong := wrong_address(config.public_url)):
        yield f"public_url is {config.public_url!r}; {wrong}"
    for address in config.senses.call_addresses:
        try:
            ip_address(address)
        except ValueError:
            yield f"senses: call_addresses: {address!r} is no IP address; name one of this machine"


def _wrong_names(config: Config) -> Iterator[str]:
    models = [model.name for model in config.model]
    for kind, given in (("backend", [one.name for one in config.backend]), ("model", models)):
        for name in sorted({one for one in given if given.count(one) > 1}):
            yield f"{kind}: {name!r} is named twice; give one of them another name"
    for price in config.price:
        if price.model not in (*models, STORAGE):
            known = ", ".join(models) or "none"
            yield f"a price names the model {price.model!r}, which is not there; there are: {known}"
    if config.agent.model and config.agent.model not in models:
        known = ", ".join(models) or "none"
        yield f"agent.model is {config.agent.model!r}, which is not there; there are: {known}"
    yield from _wrong_voices(config)
    yield from _wrong_senses(config)


def _wrong_voices(config: Config) -> Iterator[str]:
    chat = [model.name for model in config.model if model.kind is ModelKind.CHAT]
    if config.xiaozhi.model and config.xiaozhi.model not in chat:
        known = ", ".join(chat) or "none"
        yield f"xiaozhi.model is {config.xiaozhi.model!r}; name a chat model (there are: {known})"


def _wrong_senses(config: Config) -> Iterator[str]:
    for field, named, kind in (
        ("ears", config.senses.ears, ModelKind.TRANSCRIPTION),
        ("voice", config.senses.voice, ModelKind.SPEECH),
    ):
        fits = [m.name for m in config.model if m.kind is kind and is_embedded(config, m)]
        if named and named not in fits:
            known = ", ".join(fits) or "none"
            yield (
                f"senses.{field} is {named!r}; name a model of the kind {kind.value} over a backend"
                f" with embedded = true (there are: {known})"
            )


def _wrong_backends(config: Config) -> Iterator[str]:
    for backend in config.backend:
        if [backend.embedded, bool(backend.url), bool(backend.step3)].count(True) != 1:
            yield f'backend {backend.name!r} needs one of: url, embedded = true, step3 = "FOLDER"'
        parts = urlsplit(backend.url)
        if backend.url and (parts.scheme not in ("http", "https") or not parts.hostname):
            yield (
                f"backend {backend.name!r}: url is {backend.url!r}; write an address like"
                " http://127.0.0.1:8000/v1"
            )


def _wrong_models(config: Config) -> Iterator[str]:
    names = [backend.name for backend in config.backend]
    for model in config.model:
        for route in model.routes:
            if route.backend not in names:
                yield (
                    f"model {model.name!r} names the backend {route.backend!r}, which is not there;"
                    f" there are: {', '.join(names) or 'none'}"
                )
        if is_embedded(config, model):
            yield from _wrong_embedded(model)
            if model.kind is not ModelKind.CHAT and len(model.routes) > 1:
                yield (
                    f"model {model.name!r} is for {model.kind.value} and of this machine; give it"
                    " that one route"
                )
        if not any(route.weight for route in model.routes):
            yield f"no route of model {model.name!r} has a weight"


def _wrong_embedded(model: ModelConfig) -> Iterator[str]:
    if model.kind is ModelKind.EMBEDDING:
        yield (
            f"model {model.name!r} is for {model.kind.value}, but an embedded backend chats, hears"
            " and speaks; name another backend"
        )
    if model.kind is ModelKind.CHAT and model.context_tokens > EMBEDDED_CONTEXT_TOKENS:
        yield (
            f"model {model.name!r}: context_tokens is {model.context_tokens}, but its embedded"
            f" backend holds {EMBEDDED_CONTEXT_TOKENS}"
        )


def _fitted(config: Config, raw: bytes) -> Config:
    """With what a model of this machine holds, where the file does not say how much."""
    given: list[dict[str, Any]] = msgspec.toml.decode(raw).get("model", [])
    models = [
        msgspec.structs.replace(
            model, **{name: most for name, most in _held(config, model).items() if name not in said}
        )
        for model, said in zip(config.model, given, strict=True)
    ]
    return msgspec.structs.replace(config, model=tuple(models))


def _held(config: Config, model: ModelConfig) -> dict[str, int]:
    """What a chat model of this machine holds; nothing for others. Raises UserError for a folder of
    Step-3 that cannot be read."""
    if model.kind is not ModelKind.CHAT:
        return {}
    if is_embedded(config, model):
        return {
            "context_tokens": EMBEDDED_CONTEXT_TOKENS,
            "output_tokens": EMBEDDED_OUTPUT_TOKENS,
        }
    named = {route.backend for route in model.routes}
    folders = [one.step3 for one in config.backend if one.step3 and one.name in named]
    if not folders:
        return {}
    least = min(text_part(read_config(Path(one).expanduser())).context for one in folders)
    return {"context_tokens": least, "output_tokens": min(least, STEP3_OUTPUT_TOKENS)}


def is_embedded(config: Config, model: ModelConfig) -> bool:
    """Whether the model is one of this machine's own."""
    embedded = {backend.name for backend in config.backend if backend.embedded}
    return any(route.backend in embedded for route in model.routes)
