"""Sample data for a first start: people, messages, places, music, in Chinese and English.

All of it is invented; places carry real coordinates, rounded. Numbers are of ranges kept for
fiction or plainly made up. The rows are in `sample.json` beside this file; times in it that start
with `+` or `-` are days from the start, so that the calendar is never empty.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, cast

import msgspec

from edgewise.core.call import Effect
from edgewise.device.phone.collections import VALUES
from edgewise.device.phone.store import DocumentStore

_DAYS = re.compile(r"([+-]\d+)T(\d{2}:\d{2})")


async def load_sample(store: DocumentStore, wall: float) -> bool:
    """Fills a store that nothing was ever written to; says whether it did. One transaction."""
    if not store.is_new:
        return False
    await store.write(list(sample_effects(wall)))
    return True


def sample_effects(wall: float) -> Iterator[Effect]:
    """The sample as effects on the stores, with its days counted from `wall` (local time)."""
    for collection, content in sample().items():
        if isinstance(content, list):
            for number, row in enumerate(cast(list[dict[str, Any]], content), 1):
                yield Effect(f"{collection}.{row.get('id', number)}", _dated(row, wall))
        elif collection in VALUES:
            for key, value in cast(dict[str, Any], content).items():
                yield Effect(f"{collection}.{key}", value)
        else:
            yield Effect(collection, content)


def sample_rows(wall: float) -> dict[str, Any]:
    """The sample as the stores tell it: rows with ids by collection, without their stamps."""
    return {
        collection: [
            {**_dated(row, wall), "id": str(row.get("id", number))}
            for number, row in enumerate(cast(list[dict[str, Any]], content), 1)
        ]
        if isinstance(content, list)
        else content
        for collection, content in sample().items()
    }


def sample() -> dict[str, Any]:
    """The file's content: lists of rows, settings by key, documents; by collection."""
    text = files("edgewise.device.phone").joinpath("sample.json").read_bytes()
    return cast(dict[str, Any], msgspec.json.decode(text))


def _dated(row: dict[str, Any], wall: float) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in row.items():
        match = _DAYS.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            made[key] = value
            continue
        day = datetime.fromtimestamp(wall).date() + timedelta(days=int(match[1]))
        at = datetime.fromisoformat(f"{day.isoformat()}T{match[2]}")
        made[key] = at.timestamp() if key == "at" else at.isoformat(timespec="minutes")
    return {key: value for key, value in made.items() if key != "id"}
