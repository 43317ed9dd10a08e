"""In which language a command speaks: as it was told, else the device's (`config.toml`)."""

from typing import Annotated

import typer

from edgewise.core.words import Language
from edgewise.device.config import data_folder, load_config

Tongue = Annotated[
    Language | None,
    typer.Option("--language", help="Language of the words; the device's when left out."),
]


def spoken(chosen: Language | None = None) -> Language:
    """`chosen`, or the device's language. Raises UserError for settings that can not be read."""
    return chosen or load_config(data_folder()).spoken
