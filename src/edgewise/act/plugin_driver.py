"""The driver of `plugin`: a write runs the function of a third party, with a time limit.

Whatever the function raises is a failed call, never a failed device.
"""

import asyncio
import inspect
import logging
import typing
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec

from edgewise.act.plugin import Plugin
from edgewise.core.call import Effect
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.signal import JsonValue, Reading
from edgewise.errors import DeviceError, EdgewiseError

LARGEST_ANSWER_BYTES = 65_536

_log = logging.getLogger(__name__)


class PluginDriver:
    """`act.driver.Driver` for `plugin`: a write calls the function, its answer is the receipt."""

    prefix = "plugin"
    receipts_only = ("plugin",)

    def __init__(self, plugins: Iterable[Plugin], clock: Clock | None = None) -> None:
        self._plugins = {f"plugin.{plugin.capability.name}": plugin for plugin in plugins}
        self._clock = clock or SystemClock()

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        """Nothing: functions have no state to read."""
        return {}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        """Calls each function in order; the answers by target.

        Raises DeviceError: `unknown_target`, `refused` with the function's own message,
        `timed_out`. Functions called before the failing one have acted.
        """
        for effect in effects:
            if effect.target not in self._plugins:
                raise DeviceError(f"no plug-in provides {effect.target}", code="unknown_target")
        return {
            effect.target: await self._run(self._plugins[effect.target], effect)
            for effect in effects
        }

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        """Yields the empty current state and then waits for ever."""
        yield {}
        await asyncio.Event().wait()

    async def _run(self, plugin: Plugin, effect: Effect) -> JsonValue:
        name = plugin.capability.name
        try:
            arguments = _typed(plugin.function, cast(dict[str, Any], effect.value or {}))
            async with asyncio.timeout(plugin.time_limit_s):
                if inspect.iscoroutinefunction(plugin.function):
                    answer = await cast(Awaitable[Any], plugin.function(**arguments))
                else:
                    answer = await asyncio.to_thread(plugin.function, **arguments)
        except TimeoutError as error:
            raise DeviceError(
                f"{name} took longer than its limit of {plugin.time_limit_s:g} s", code="timed_out"
            ) from error
        except EdgewiseError as error:
            raise DeviceError(str(error), code="refused") from error
        except Exception as error:  # the border to a stranger's code
            _log.warning("%s failed", name, exc_info=error)
            text = str(error) or type(error).__name__
            raise DeviceError(f"{name}: {text}", code="refused") from error
        return _answer(name, answer)


def _typed(function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """JSON arguments as the function's own types: Enum and Zone members instead of their values."""
    hints = typing.get_type_hints(function)
    return {
        name: msgspec.convert(value, hints[name]) if name in hints else value
        for name, value in given.items()
    }


def _answer(name: str, answer: Any) -> JsonValue:
    try:
        encoded = msgspec.json.encode(answer)
    except (TypeError, msgspec.MsgspecError) as error:
        raise DeviceError(f"{name} returned no JSON value: {error}", code="refused") from error
    if len(encoded) > LARGEST_ANSWER_BYTES:
        raise DeviceError(
            f"{name} returned {len(encoded)} bytes; at most {LARGEST_ANSWER_BYTES}", code="refused"
        )
    return msgspec.json.decode(encoded)
