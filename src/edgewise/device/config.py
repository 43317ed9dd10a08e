"""Where a device keeps its data, and what its owner has set in `config.toml` there.

Every key has a default; an unknown key or a wrong type is an error that names it.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from edgewise.errors import UserError


class McpServer(Struct, frozen=True, forbid_unknown_fields=True):
    """An MCP server whose tools become capabilities: a command to start, or an address."""

    command: tuple[str, ...] = ()
    url: str = ""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's settings.

    `keep_text` lets the trail keep what was said; it is off by default. `desktop` lets the device
    show notifications and steer players on the session bus. `chat_model` is a name of `edgewise
    models`; empty: none.
    """

    keep_text: bool = False
    vehicle: Literal["simulated", "kuksa"] = "simulated"
    kuksa_address: str = "127.0.0.1:55555"
    driver_on_left: bool = True
    desktop: bool = False
    chat_model: str = "smollm2-135m"
    port: int = 8474
    mcp: dict[str, McpServer] = {}


def data_folder() -> Path:
    """The device's folder: `EDGEWISE_HOME`, else `edgewise` in the user's data folder."""
    named = os.environ.get("EDGEWISE_HOME")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "edgewise"


def load_config(folder: Path) -> Config:
    """The settings in `folder/config.toml`, or the defaults when there is no such file.

    Raises UserError for a file that is not TOML or has an unknown key or a wrong type.
    """
    path = folder / "config.toml"
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise UserError(f"{path} can not be read: {error}", code="bad_config") from error
    try:
        return msgspec.convert(tomllib.loads(text), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UserError(f"{path}: {error}; correct the file", code="bad_config") from error
