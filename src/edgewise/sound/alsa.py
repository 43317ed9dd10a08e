"""Keeps ALSA's own words off the terminal: what fails is told by who tried it, with a remedy.

Source: alsa-lib, snd_lib_error_set_handler.
"""

import ctypes
from functools import cache
from typing import Any

_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)


@cache
def silence_alsa() -> Any:
    """From now on the library prints nothing in this process; nothing happens where it is not
    there. What is returned must live as long as the library, so it is kept here."""

    @_HANDLER
    def say_nothing(*_: object) -> None:
        """In place of printing."""

    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(say_nothing)
    except (OSError, AttributeError):
        return None
    return say_nothing
