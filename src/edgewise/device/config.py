"""Where a device keeps its data, and what its owner has set in `config.toml` there.

Every key has a default; an unknown key or a wrong type is an error that names it.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from edgewise.core.words import Language
from edgewise.errors import UserError


class McpServer(Struct, frozen=True, forbid_unknown_fields=True):
    """An MCP server whose tools become capabilities: a command to start, or an address."""

    command: tuple[str, ...] = ()
    url: str = ""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's settings.

    `keep_text` lets the trail keep what was said; it is off by default. `desktop` lets the device
    show notifications and steer players on the session bus. `chat_model` is a name of `edgewise
    models`; empty: none. `language` is that of replies whose request tells none ("22", "ok"), of
    the cockpit until the person chooses, and of the commands; empty: English, and the browser's.
    `region` decides whom an emergency call without a number reaches; empty: China for Chinese
    words, else 112.
    """

    keep_text: bool = False
    vehicle: Literal["simulated", "kuksa"] = "simulated"
    kuksa_address: str = "127.0.0.1:55555"
    driver_on_left: bool = True
    desktop: bool = False
    chat_model: str = "smollm2-135m"
    port: int = 8474
    language: Literal["", "en", "zh"] = ""
    region: Literal["", "CN", "HK", "TW", "JP", "KR", "EU", "IN", "GB", "US", "CA"] = ""
    mcp: dict[str, McpServer] = {}

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
        return msgspec.convert(tomllib.loads(text), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise UserError(f"{path}: {error}; correct the file", code="bad_config") from error
