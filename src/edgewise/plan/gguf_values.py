"""The metadata of a GGUF file by keys of its family, each checked where it is read."""

from collections.abc import Mapping
from typing import Any, cast

from edgewise.errors import UserError
from edgewise.plan.arch import LARGEST


class GgufValues:
    """A file's metadata; keys without the family's name before them are the family's. Raises
    UserError without a family."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        self._metadata = metadata
        self.family = self.text("general.architecture")
        if not self.family:
            raise self._wrong("general.architecture", "is missing")

    def text(self, key: str) -> str:
        """A text under its whole key, empty where there is none."""
        value = self._metadata.get(key, "")
        return value if isinstance(value, str) else ""

    def raw(self, key: str) -> object:
        """Whatever stands there, None where nothing does."""
        return self._metadata.get(f"{self.family}.{key}")

    def size(self, key: str, default: int | None = None) -> int:
        """A whole number from 1. Raises UserError that names the key."""
        return self._whole(key, self.raw(key), default, least=1)

    def count(self, key: str) -> int:
        """A whole number from 0, 0 where there is none."""
        return self._whole(key, self.raw(key), 0, least=0)

    def of_layer(self, key: str, number: int, default: int | None = None, least: int = 1) -> int:
        """A whole number for all layers, or the layer's own of a list."""
        value = self.raw(key)
        if isinstance(value, list):
            listed = cast(list[Any], value)
            if number >= len(listed):
                raise self._wrong(key, f"has {len(listed)} entries; there is a layer {number}")
            value = int(listed[number]) if isinstance(listed[number], bool) else listed[number]
        return self._whole(key, value, default, least)

    def _whole(self, key: str, value: object, default: int | None, least: int) -> int:
        if value is None:
            if default is None:
                raise self._wrong(key, "is missing")
            value = default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, f"is {value!r}; it is a whole number")
        if not least <= value <= LARGEST:
            raise self._wrong(key, f"is {value}; it is from {least} to {LARGEST}")
        return value

    def _wrong(self, key: str, what: str) -> UserError:
        whole = key if key.startswith("general.") else f"{self.family}.{key}"
        return UserError(f"the GGUF file is wrong: {whole} {what}", code="bad_architecture")
