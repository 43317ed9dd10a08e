"""Where a device keeps its data, and what its owner has set in `config.toml` there.

Every key has a default; an unknown key or a wrong type is an error that names it.
"""

import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from edgewise.core.place import Mode
from edgewise.core.signal import as_object
from edgewise.core.words import Language
from edgewise.device.clouds import Cloud, check_clouds
from edgewise.device.screen.screen_config import Backend, ScreenConfig, check_screen
from edgewise.device.wyoming_config import Seat, WyomingConfig, check_wyoming
from edgewise.errors import UserError
from edgewise.perceive.recognisers import RECOGNISERS

MOST_CHANNELS = 8
MOST_QUEUE_HOURS = 168.0
"""As long as it is remembered which entry was sent (`outbox.py`)."""


_Vehicle = Literal["simulated", "kuksa"]
_Spoken = Literal["", "en", "zh"]
_Sense = Literal["", "embedded"]
_Region = Literal["", "CN", "HK", "TW", "JP", "KR", "EU", "IN", "GB", "US", "CA"]
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "vehicle": get_args(_Vehicle),
    "language": get_args(_Spoken),
    "region": get_args(_Region),
    "mode": tuple(Mode),
    "screen.backend": get_args(Backend),
    "senses.hear": ("", "embedded", *RECOGNISERS),
}
"""What may stand for a key, where that is a choice."""


class McpServer(Struct, frozen=True, forbid_unknown_fields=True):
    """An MCP server whose tools become capabilities: a command to start, or an address."""

    command: tuple[str, ...] = ()
    url: str = ""


class SensesConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[senses]`: what the device hears, speaks and sees with. Each is "embedded", the models that
    come in packages; "" turns it off; `hear` may name another recogniser of `edgewise models`.

    `language` is the one that is spoken here; empty: told apart in each turn. `voices` are those of
    the languages (`edgewise say --voices`). `wake` is a wake word (`hey_jarvis`) or any phrase
    ("小边小边"); empty: all that is said is meant for the device. `channels` are the seats that the
    channels of this machine's microphone are at, in their order, "" for one at no seat; empty: one
    channel.
    """

    hear: str = "embedded"
    speak: _Sense = "embedded"
    see: _Sense = "embedded"
    language: _Spoken = ""
    voices: dict[Language, str] = {}
    wake: str = ""
    channels: tuple[Seat, ...] = ()


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's settings.

    `keep_text` lets the trail keep what was said; it is off by default. `desktop` lets the device
    show notifications and steer players on the session bus. `chat_model` is a name of `edgewise
    models`; empty: none. `language` is that of replies whose request tells none ("22", "ok"), of
    the cockpit until the person chooses, and of the commands; empty: English, and the browser's.
    `region` is where the device is: it decides whom an emergency call without a number reaches
    (empty: China for Chinese words, else 112), and which clouds are in its region (empty: none is).

    `mode` is where open questions are thought about until `edgewise mode` says otherwise; a fresh
    device asks no cloud. `cloud_regions` are the other regions that clouds may be in at all (empty:
    no list; mechanism and consent are needed either way). `money_a_day`, in units of currency, and
    `bytes_a_day` bound what clouds may cost. `queue_hours` is how long a question that nobody can
    answer now may wait, sealed, for a cloud; 0: none waits.

    `voice_command` is another program that speaks instead of the device's own voice: it reads text,
    writes WAV (`answer/voice_command.py`); empty: none.
    """

    keep_text: bool = False
    vehicle: _Vehicle = "simulated"
    kuksa_address: str = "127.0.0.1:55555"
    driver_on_left: bool = True
    desktop: bool = False
    chat_model: str = "smollm2-135m"
    port: int = 8474
    language: _Spoken = ""
    region: _Region = ""
    mcp: dict[str, McpServer] = {}
    mode: Mode = Mode.DEVICE_ONLY
    cloud_regions: tuple[str, ...] = ()
    money_a_day: float = 1.0
    bytes_a_day: int = 20_000_000
    queue_hours: float = 0.0
    voice_command: tuple[str, ...] = ()
    cloud: tuple[Cloud, ...] = ()
    senses: SensesConfig = SensesConfig()
    wyoming: WyomingConfig = WyomingConfig()
    screen: ScreenConfig = ScreenConfig()

    @property
    def spoken(self) -> Language:
        """The device's language where one must be chosen."""
        return Language(self.language or Language.ENGLISH)


def data_folder() -> Path:
    """The device's folder: `EDGEWISE_HOME`, else `edgewise` in the user's data folder."""
    named = os.environ.get("EDGEWISE_HOME")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "edgewise"


def load_config(folder: Path) -> Config:
    """The settings in `folder/config.toml`, or the defaults when there is no such file;
    `EDGEWISE_LANGUAGE` goes before the file's `language`.

    Raises UserError for a file that is not TOML or has an unknown key or a wrong type.
    """
    config = _read(folder / "config.toml")
    named = os.environ.get("EDGEWISE_LANGUAGE", "")
    if not named:
        return config
    if named not in tuple(Language):
        raise UserError(
            f"EDGEWISE_LANGUAGE is {named!r}; known are {' and '.join(Language)}", code="bad_config"
        )
    return msgspec.structs.replace(config, language=named)


def _read(path: Path) -> Config:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} can not be read: {error}", code="bad_config") from error
    try:
        given = tomllib.loads(text)
        _check_choices(given)
        config = msgspec.convert(given, Config)
        _check(config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise UserError(f"{path}: {error}; correct the file", code="bad_config") from error
    except UserError as error:
        raise UserError(f"{path}: {error}", code="bad_config") from error
    return config


def _check_choices(given: Mapping[str, object]) -> None:
    for key, known in _CHOICES.items():
        table, _, name = key.rpartition(".")
        value = (as_object(given.get(table)) if table else given).get(name)
        if isinstance(value, str) and value not in known:
            names = ", ".join(name or '""' for name in known)
            raise UserError(f"{key} is {value!r}; it is one of {names}")


def _check(config: Config) -> None:
    _check_channels(config.senses.channels)
    check_clouds(config.cloud)
    check_wyoming(config.wyoming)
    check_screen(config.screen)
    if not (math.isfinite(config.money_a_day) and config.money_a_day >= 0):
        raise UserError(f"money_a_day is {config.money_a_day:g}; it is 0 or more")
    if not 0 <= config.queue_hours <= MOST_QUEUE_HOURS:
        raise UserError(
            f"queue_hours is {config.queue_hours:g}; it is 0 (off) to {MOST_QUEUE_HOURS:g}"
        )
    if config.bytes_a_day < 0:
        raise UserError(f"bytes_a_day is {config.bytes_a_day}; it is 0 or more")


def _check_channels(channels: tuple[Seat, ...]) -> None:
    if len(channels) > MOST_CHANNELS:
        raise UserError(f"senses.channels names {len(channels)}; at most {MOST_CHANNELS} are heard")
    seats = [seat for seat in channels if seat]
    if len(seats) != len(set(seats)):
        raise UserError("senses.channels names a seat twice; one microphone is at each")
