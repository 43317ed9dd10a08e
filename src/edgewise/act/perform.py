"""Perform an allowed call: write its effects, then read back until the device shows them.

Nothing is a success until it was read back (rule 37); a command older than its time to live is
dropped, never queued (rule 36); a group that must land whole is undone when a part fails, as far
as the policy allows that (rule 38). It decides nothing itself.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from edgewise.act.driver import Drivers
from edgewise.core.call import Call, Effect, Resolved, Result, Status
from edgewise.core.capability import Capability
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading, as_list, as_object
from edgewise.core.words import Words
from edgewise.errors import DeviceError, EdgewiseError

DEVICE_FAILURES = (EdgewiseError, OSError)
"""What a driver may raise where a device does not do its part; a TimeoutError is an OSError."""

MayRestore = Callable[[Sequence[Effect]], Awaitable[bool]]


async def perform(
    call: Call,
    capability: Capability,
    resolved: Resolved,
    drivers: Drivers,
    clock: Clock,
    may_restore: MayRestore,
) -> Result:
    """Write and read back the effects of one allowed call.

    `may_restore` says whether effects that put things back are allowed now. Never raises for what
    a device does: failure is a Result with a code (`expired`, `timed_out`, `no_readback`, or a
    driver's), and `changed` holds what the device shows of it nevertheless.
    """
    if not resolved.effects:
        return _result(call, Status.DONE, resolved, {}, {})
    age_s = clock.monotonic() - call.asked_at
    if age_s > capability.time_to_live_s:
        return _failed(call, Status.EXPIRED, "expired", _EXPIRED)
    targets = [effect.target for effect in resolved.effects]
    written = _Written()
    before: dict[str, JsonValue] | None = None
    try:
        async with asyncio.timeout(max(0.05, capability.time_to_live_s - age_s)):
            before = values_of(await drivers.read(targets), targets)
            await _write(resolved.effects, drivers, written)
    except DEVICE_FAILURES as error:
        failed = _failed(call, Status.FAILED, _code_of(error), _words_for(error))
        if before is None:
            return failed
    else:
        failed = None
    effects = written.effects
    shown, missing = await _read_back(effects, drivers, capability.readback_s, written.receipts)
    if failed is None and not missing:
        return _result(call, Status.DONE, resolved, shown, before, written.receipts)
    if failed is not None:
        within_s = capability.readback_s if failed.code == "timed_out" else 0.0
        unsure = [e for e in written.unsure if drivers.has_readback(e.target)]
        landed, _ = await _read_back(unsure, drivers, within_s, {})
        shown |= {t: v for t, v in landed.items() if not shows(before[t], v)}
    if resolved.atomic and shown:
        shown = await _restore(shown, before, drivers, capability.readback_s, may_restore)
    failed = failed or _failed(call, Status.FAILED, "no_readback", _NO_READBACK)
    seen_before = {target: before[target] for target in shown}
    return msgspec.structs.replace(failed, changed=shown, before=seen_before)


@dataclass(slots=True)
class _Written:
    """What drivers took: `effects` with their receipts; `unsure` was handed over and failed."""

    effects: list[Effect] = field(default_factory=list[Effect])
    receipts: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    unsure: list[Effect] = field(default_factory=list[Effect])


async def _write(effects: Sequence[Effect], drivers: Drivers, written: _Written) -> None:
    """Hand each driver its effects in order of appearance, noting in `written` how far it came."""
    batches: dict[str, list[Effect]] = {}
    for effect in effects:
        batches.setdefault(effect.target.partition(".")[0], []).append(effect)
    for prefix, batch in batches.items():
        if prefix not in drivers.prefixes:
            raise DeviceError(f"no device provides {batch[0].target}", code="no_provider")
    for batch in batches.values():
        written.unsure = batch
        written.receipts |= await drivers.write(batch)
        written.effects += batch
        written.unsure = []


def shows(value: JsonValue, wanted: JsonValue) -> bool:
    """Whether a reading shows what was written; a stored row may hold more than was written.

    A list and a tuple of the same values are the same, as they are in JSON.
    """
    if isinstance(wanted, dict):
        shown, rows = as_object(value), as_object(wanted).items()
        return isinstance(value, dict) and all(shows(shown.get(key), row) for key, row in rows)
    if isinstance(wanted, list | tuple):
        rows, shown_rows = as_list(wanted), as_list(value)
        alike = isinstance(value, list | tuple) and len(rows) == len(shown_rows)
        return alike and all(map(shows, shown_rows, rows))
    if isinstance(wanted, float) or isinstance(value, float):
        both = isinstance(value, int | float) and isinstance(wanted, int | float)
        return both and math.isclose(value, wanted, abs_tol=0.05)
    return value == wanted


def values_of(readings: Mapping[str, Reading], targets: Sequence[str]) -> dict[str, JsonValue]:
    """The value at each of `targets`, `None` where there is none."""
    return {t: readings[t].value if t in readings else None for t in targets}


async def _read_back(
    effects: Sequence[Effect],
    drivers: Drivers,
    within_s: float,
    receipts: Mapping[str, JsonValue],
) -> tuple[dict[str, JsonValue], list[str]]:
    wanted = {e.target: e.value for e in effects if drivers.has_readback(e.target)}
    shown: dict[str, JsonValue] = {
        e.target: receipts.get(e.target) for e in effects if e.target not in wanted
    }
    waiting = dict(wanted)

    def take(readings: Mapping[str, Reading]) -> None:
        for target in list(waiting):
            reading = readings.get(target)
            gone = reading is None and waiting[target] is None
            if gone or (reading is not None and shows(reading.value, waiting[target])):
                shown[target] = None if reading is None else reading.value
                del waiting[target]

    async def wait() -> None:
        if waiting:
            take(await drivers.read(list(waiting)))
        if waiting:
            async for _ in drivers.watch(list(waiting)):
                take(await drivers.read(list(waiting)))
                if not waiting:
                    return

    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.05, within_s)):
            for _ in range(2):  # a reading that fails is tried once more
                with suppress(*DEVICE_FAILURES):
                    await wait()
                    break
    return {e.target: shown[e.target] for e in effects if e.target in shown}, list(waiting)


async def _restore(
    shown: dict[str, JsonValue],
    before: Mapping[str, JsonValue],
    drivers: Drivers,
    within_s: float,
    may_restore: MayRestore,
) -> dict[str, JsonValue]:
    """Put back what is shown where that is allowed; what is still changed after it."""
    back = tuple(
        Effect(t, before[t], 38)
        for t in shown
        if drivers.has_readback(t) and not shows(before[t], shown[t])
    )
    if not back:
        return shown
    with suppress(*DEVICE_FAILURES):
        if not await may_restore(back):
            return shown
        async with asyncio.timeout(max(0.05, within_s)):
            await drivers.write(back)
    restored, _ = await _read_back(back, drivers, within_s, {})
    return {t: v for t, v in shown.items() if t not in restored}


def _result(
    call: Call,
    status: Status,
    resolved: Resolved,
    changed: dict[str, JsonValue],
    before: dict[str, JsonValue],
    receipts: Mapping[str, JsonValue] | None = None,
) -> Result:
    data = resolved.data
    if receipts:
        data = next(iter(receipts.values())) if len(receipts) == 1 else dict(receipts)
    return Result(
        call.id,
        call.capability,
        status,
        changed=changed,
        before=before,
        data=data,
        label=resolved.label,
        notes=resolved.notes,
    )


def _failed(call: Call, status: Status, code: str, words: Words) -> Result:
    return Result(call.id, call.capability, status, code=code, words=words)


def _code_of(error: Exception) -> str:
    if isinstance(error, EdgewiseError):
        return error.code
    return "timed_out" if isinstance(error, TimeoutError) else "device_failed"


def _words_for(error: Exception) -> Words:
    return _BY_CODE.get(_code_of(error)) or Words(
        f"the device refused it: {error}", f"设备拒绝了：{error}"
    )


_EXPIRED = Words(
    "the command had become too old, so I did not carry it out; please say it again",
    "这条指令等得太久，已作废，请再说一遍",
)
_NO_ANSWER = Words("the device did not answer in time", "设备没有及时响应")
_NO_READBACK = Words(
    "I sent it, but the device does not show the change; please check it yourself",
    "指令已发出，但没有读到变化，请您自行确认",
)
_BY_CODE = {
    "no_provider": Words(
        "nothing in this car provides it right now", "车上目前没有提供这项功能的部件"
    ),
    "timed_out": _NO_ANSWER,
    "out_of_range": Words("the device does not accept that value", "设备不接受这个数值"),
}
