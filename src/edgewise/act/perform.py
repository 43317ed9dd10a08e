"""Perform an allowed call: write its effects, then read back until the device shows them.

Nothing is a success until it was read back (rule 37); a command older than its time to live is
dropped, never queued (rule 36); a group that must land whole is undone when a part fails, as far
as the policy allows that (rule 38). It decides nothing itself.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import msgspec

from edgewise.act.driver import Drivers
from edgewise.core.call import Call, Effect, EffectKind, Resolved, Result, Status
from edgewise.core.capability import Capability
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading, as_list, as_object
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError

DEVICE_FAILURES = (EdgewiseError, OSError)
"""What a driver may raise where a device does not do its part; a TimeoutError is an OSError."""

HOLD_READBACK_S = 3.0
"""A motor stands within tenths of a second; one that runs on longer was not stopped."""

MayRestore = Callable[[Sequence[Effect]], Awaitable[bool]]
Objection = Callable[[], Awaitable[Result | None]]
"""Why effects that were allowed may not be written after all, asked just before; None: they may."""


async def perform(
    call: Call,
    capability: Capability,
    resolved: Resolved,
    drivers: Drivers,
    clock: Clock,
    may_restore: MayRestore,
    objection: Objection | None = None,
) -> Result:
    """Write and read back the effects of one allowed call.

    `may_restore` says whether effects that put things back are allowed now; `objection` has the
    last word before the write, which a slow bus may hold back long after the decision. Never
    raises for what a device does: failure is a Result with a code (`expired`, `timed_out`,
    `no_readback`, or a driver's; `not_held` for a motor that was to stop), and `changed` holds what
    the device shows of it nevertheless.
    """
    if not resolved.effects:
        return _result(call, Status.DONE, resolved, {}, {})
    age_s = clock.monotonic() - call.asked_at
    if age_s > capability.time_to_live_s:
        return expired(call)
    written = _Written()
    left_s = capability.time_to_live_s - age_s
    failed = await _hand_over(call, resolved, drivers, objection, left_s, written)
    if failed is not None and not written.handed_over:
        return failed
    before = values_of(written.earlier, [effect.target for effect in resolved.effects])
    held = {e.target for e in resolved.effects if e.kind is EffectKind.HOLD}
    within_s = min(capability.readback_s, HOLD_READBACK_S) if held else capability.readback_s
    look = _Look(drivers, written.earlier, within_s)
    shown, awaited = await _read_back(written.effects, look, written.receipts)
    if failed is None and not awaited.waiting:
        return _result(call, Status.DONE, resolved, shown, before, written.receipts)
    if failed is not None:
        slow = failed.code == "timed_out" or bool(held)
        shown |= await _landed(written.unsure, look if slow else replace(look, within_s=0.0), held)
    if resolved.atomic and shown:
        shown = await _restore(shown, before, look, held, may_restore)
    failed = failed or _unseen(call, awaited, held)
    seen_before = {target: before[target] for target in shown}
    return msgspec.structs.replace(failed, changed=shown, before=seen_before)


def expired(call: Call) -> Result:
    """The result of a call whose time was over before it began: nothing was done."""
    return _failed(call, Status.EXPIRED, "expired", _EXPIRED)


@dataclass(frozen=True, slots=True)
class _Look:
    """How to read back: where, how long, and what was there before the write."""

    drivers: Drivers
    earlier: Mapping[str, Reading]
    within_s: float


@dataclass(slots=True)
class _Written:
    """What drivers took: `effects` with their receipts; `unsure` was handed over and failed.
    `earlier` is what was read before."""

    earlier: dict[str, Reading] = field(default_factory=dict[str, Reading])
    effects: list[Effect] = field(default_factory=list[Effect])
    receipts: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    unsure: list[Effect] = field(default_factory=list[Effect])

    @property
    def handed_over(self) -> bool:
        """Whether any driver was given anything, be it in vain."""
        return bool(self.effects or self.unsure)


async def _hand_over(
    call: Call,
    resolved: Resolved,
    drivers: Drivers,
    objection: Objection | None,
    within_s: float,
    written: _Written,
) -> Result | None:
    """Read what is there, hear the last objection, write; why that did not come to its end."""
    try:
        async with asyncio.timeout(max(0.05, within_s)):
            written.earlier = await drivers.read([effect.target for effect in resolved.effects])
            objected = await objection() if objection is not None else None
            if objected is None:
                await _write(resolved.effects, drivers, written)
            return objected
    except DEVICE_FAILURES as error:
        return _failed(call, Status.FAILED, _code_of(error), _words_for(error))


async def _write(effects: Sequence[Effect], drivers: Drivers, written: _Written) -> None:
    """Hand each driver its effects in order of appearance, noting in `written` how far it came."""
    for batch in drivers.batches(effects):
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


def _has_landed(effect: Effect, reading: Reading | None, earlier: Reading | None) -> bool:
    """Whether `reading` shows what was written. A motor was held when it stands, but not when it
    stands where it was going: then it ran on to its end."""
    if effect.kind is EffectKind.SET:
        gone = reading is None and effect.value is None
        return gone or (reading is not None and shows(reading.value, effect.value))
    if reading is None or _aim(reading) is not None:
        return False
    goal = _aim(earlier)
    return goal is None or not shows(reading.value, goal)


def _aim(reading: Reading | None) -> JsonValue:
    """Where a motor is going, `None` when it stands."""
    return None if reading is None or reading.target == reading.value else reading.target


@dataclass(slots=True)
class _Awaited:
    """What is still waited for after a write, and what was seen of it so far. A motor that was on
    its way there and then has another aim is `overtaken`."""

    waiting: dict[str, Effect]
    earlier: Mapping[str, Reading]
    shown: dict[str, JsonValue]
    on_its_way: set[str] = field(default_factory=set[str])
    overtaken: bool = False

    @property
    def over(self) -> bool:
        return not self.waiting or self.overtaken

    def take(self, readings: Mapping[str, Reading]) -> None:
        for target, effect in list(self.waiting.items()):
            reading = readings.get(target)
            if _has_landed(effect, reading, self.earlier.get(target)):
                self.shown[target] = None if reading is None else reading.value
                del self.waiting[target]
            elif effect.kind is EffectKind.SET and (aim := _aim(reading)) is not None:
                if shows(aim, effect.value):
                    self.on_its_way.add(target)
                elif target in self.on_its_way:
                    self.overtaken = True


async def _read_back(
    effects: Sequence[Effect], look: _Look, receipts: Mapping[str, JsonValue]
) -> tuple[dict[str, JsonValue], _Awaited]:
    """What is shown of the effects, and what is waited for in vain."""
    drivers = look.drivers
    wanted = {e.target: e for e in effects if drivers.has_readback(e.target)}
    receipts_only = {e.target: receipts.get(e.target) for e in effects if e.target not in wanted}
    awaited = _Awaited(wanted, look.earlier, receipts_only)

    async def wait() -> None:
        if awaited.waiting:
            awaited.take(await drivers.read(list(awaited.waiting)))
        if awaited.waiting:
            async for _ in drivers.watch(list(awaited.waiting)):
                awaited.take(await drivers.read(list(awaited.waiting)))
                if awaited.over:
                    return

    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.05, look.within_s)):
            for _ in range(2):  # a reading that fails is tried once more
                with suppress(*DEVICE_FAILURES):
                    await wait()
                    break
    told = {e.target: awaited.shown[e.target] for e in effects if e.target in awaited.shown}
    return told, awaited


async def _landed(
    unsure: Sequence[Effect], look: _Look, held: Collection[str]
) -> dict[str, JsonValue]:
    """What the device shows of effects whose driver failed: what is not as it was before."""
    readable = [effect for effect in unsure if look.drivers.has_readback(effect.target)]
    landed, _ = await _read_back(readable, look, {})
    before = values_of(look.earlier, [effect.target for effect in readable])
    stopped = {t for t in held if _aim(look.earlier.get(t)) is not None}
    return {t: v for t, v in landed.items() if t in stopped or not shows(before[t], v)}


async def _restore(
    shown: dict[str, JsonValue],
    before: Mapping[str, JsonValue],
    look: _Look,
    held: Collection[str],
    may_restore: MayRestore,
) -> dict[str, JsonValue]:
    """Put back what is shown where that is allowed; what is still changed after it. What was held
    stays where it is, and what had no reading before has no place to go back to."""
    drivers = look.drivers
    back = tuple(
        Effect(t, before[t], 38)
        for t in shown
        if t not in held
        and drivers.has_readback(t)
        and not shows(before[t], shown[t])
        and not (before[t] is None and t.startswith("Vehicle."))
    )
    if not back:
        return shown
    with suppress(*DEVICE_FAILURES):
        if not await may_restore(back):
            return shown
        async with asyncio.timeout(max(0.05, look.within_s)):
            await drivers.write(back)
    restored, _ = await _read_back(back, look, {})
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


def _unseen(call: Call, awaited: _Awaited, held: Collection[str]) -> Result:
    if awaited.overtaken:
        return _failed(call, Status.FAILED, "overtaken", _OVERTAKEN)
    if any(target in held for target in awaited.waiting):
        return _failed(call, Status.FAILED, "not_held", _NOT_HELD)
    return _failed(call, Status.FAILED, "no_readback", _NO_READBACK)


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


_OVERTAKEN = Words("it was sent somewhere else on its way", "途中又收到了别的指令")
_EXPIRED = Words(
    "the command had become too old, so I did not carry it out; please say it again",
    "这条指令等得太久，已作废，请再说一遍",
)
_NO_ANSWER = Words("the device did not answer in time", "设备没有及时响应")
_NO_READBACK = Words(
    "I sent it, but the device does not show the change; please check it yourself",
    "指令已发出，但没有读到变化，请您自行确认",
)
_NOT_HELD = Words(
    "I told it to stop, but I do not see it standing still; please use its switch",
    "已让它停下，但没有看到它停住，请用它的开关",
)
_BY_CODE = {
    "no_provider": Words(
        "nothing that is connected provides it right now", "目前没有连接提供这项功能的部件"
    ),
    "timed_out": _NO_ANSWER,
    "out_of_range": Words("the device does not accept that value", "设备不接受这个数值"),
}
