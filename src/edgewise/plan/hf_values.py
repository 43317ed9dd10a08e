"""The values of a `config.json` by their keys, each checked where it is read.

A key that is missing or null takes its default; without one it is asked for by name. A config
nested in another is called by its path (`text_config.hidden_size`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from edgewise.errors import UserError
from edgewise.plan.arch import LARGEST


class HfValues:
    """A config's mapping; `path` is where it stands in the file."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def size(self, *keys: str, default: int | None = None) -> int:
        """A whole number from 1, under the first of the keys that is there. Raises UserError."""
        return self._whole(keys, default, least=1)

    def count(self, *keys: str, default: int | None = None) -> int:
        """Like `size`, from 0."""
        return self._whole(keys, default, least=0)

    def last(self, key: str, layers: int) -> int:
        """A layer's number, where -1 or nothing means the last one."""
        return layers - 1 if self._values.get(key) == -1 else self.count(key, default=layers - 1)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, f"is {value!r}; it is true or false")
        return value

    def number(self, key: str, default: float) -> float:
        """A number above 0 that need not be whole."""
        value = self._values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            raise self.wrong(key, f"is {value!r}; it is a number above 0")
        return float(value)

    def text(self, key: str) -> str:
        """A text, empty where there is none."""
        value = self._values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(key, f"is {value!r}; it is a text")
        return value

    def kinds(self, key: str, length: int, *known: str) -> list[str] | None:
        """Each layer's kind, one of those known, or None, also for an empty list. A longer list's
        rest is of layers that predict several tokens, which are not counted."""
        found = self._list(key, length)
        for each in found or ():
            if each not in known:
                raise self.wrong(key, f"has {each!r}; known here: {', '.join(known)}")
        return cast(list[str] | None, found)

    def integers(self, key: str, length: int | None = None) -> list[int] | None:
        """Whole numbers, or None; with `length`, one a layer, and None for an empty list. A text of
        them with commas, as Step-3 writes its layers, is a list too."""
        value = self._values.get(key)
        if isinstance(value, str):
            parts: list[Any] = [part.strip() for part in value.split(",") if part.strip()]
            if not all(part.isdecimal() for part in parts):
                raise self.wrong(key, f"is {value!r}; it is whole numbers with commas")
            return [int(part) for part in parts]
        found = self._list(key, length)
        if found is None:
            return None
        if any(isinstance(each, bool) or not isinstance(each, int) for each in found):
            raise self.wrong(key, "is no list of whole numbers")
        return cast(list[int], found)

    def within(self, key: str) -> "HfValues | None":
        """The config nested under the key, or None."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.wrong(key, f"is {value!r}; it is a config of its own")
        return HfValues(cast(Mapping[str, Any], value), f"{self._path}{key}.")

    def keys(self) -> tuple[str, ...]:
        """All its keys."""
        return tuple(self._values)

    def has(self, key: str) -> bool:
        """Whether a value that is not null stands there."""
        return self._values.get(key) is not None

    def stands(self, key: str) -> bool:
        """Whether the key is there, be its value null."""
        return key in self._values

    def wrong(self, key: str, what: str) -> UserError:
        """The error that a key cannot be used."""
        return UserError(
            f"the model's config is wrong: {self._path}{key} {what}", code="bad_architecture"
        )

    def _whole(self, keys: Sequence[str], default: int | None, least: int) -> int:
        key = next((each for each in keys if self._values.get(each) is not None), keys[0])
        value = self._values.get(key)
        if value is None:
            if default is None:
                raise self.wrong(" or ".join(keys), "is missing")
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, f"is {value!r}; it is a whole number")
        if not least <= value <= LARGEST:
            raise self.wrong(key, f"is {value}; it is from {least} to {LARGEST}")
        return value

    def _list(self, key: str, length: int | None) -> list[Any] | None:
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise self.wrong(key, f"is {value!r}; it is a list")
        found = list(cast(Sequence[Any], value))
        if length is not None and not found:
            return None
        if length is not None and len(found) < length:
            raise self.wrong(key, f"has {len(found)} entries; there are {length} layers")
        return found if length is None else found[:length]
