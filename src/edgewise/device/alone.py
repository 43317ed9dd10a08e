"""A device for one question: made, asked, and closed; with a name its car and talk are kept."""

import hashlib
import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from edgewise.core.signal import JsonValue, as_object
from edgewise.device.config import data_folder, load_config
from edgewise.device.folder import prepare
from edgewise.device.runtime import Device, start_device


@asynccontextmanager
async def device_alone(
    state: Mapping[str, JsonValue] | None, keep_as: str, *, pace: float
) -> AsyncGenerator[Device, None]:
    """A device in this process. `state` is laid over the car kept under `keep_as`, if any."""
    folder = data_folder()
    spoken = load_config(folder).spoken
    warnings = [warning.said_in(spoken) for warning in prepare(folder)]
    kept = _kept_path(folder, keep_as) if keep_as else None
    start = {**(_load(kept) if kept else {}), **(state or {})}
    keep = bool(keep_as)
    device = await start_device(folder, state=start, pace=pace, keep_sessions=keep, alone=True)
    device.notices += warnings
    try:
        yield device
    finally:
        if kept is not None and device.vehicle is not None:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(os.open(kept, flags, 0o600), "w", encoding="utf-8") as file:
                kept.chmod(0o600)
                json.dump(device.vehicle.export_state(), file)
        await device.close()


def _kept_path(folder: Path, name: str) -> Path:
    return folder / "cars" / (hashlib.sha256(name.encode()).hexdigest()[:24] + ".json")


def _load(path: Path) -> dict[str, JsonValue]:
    try:
        return as_object(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}
