"""When the self-test is made: soon after the start, and when somebody looks at the page. It never
keeps the platform from starting."""

import asyncio
import logging

from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.cloud.xiaozhi.self_test import Verdict, examine
from edgewise.core.clock import Clock

_log = logging.getLogger("edgewise.cloud")

LOOK_S = 3.0
AGAIN_S = 5.0


class Checks:
    """What was found of each address, and when."""

    def __init__(self, probe: Probe, clock: Clock) -> None:
        self._probe = probe
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._found: dict[str, tuple[float, Verdict]] = {}

    async def look(self, public_url: str) -> None:
        """Soon after the start, see whether the address of the settings leads here; say in the log
        when it does not. Without one there is nothing to see yet."""
        if not public_url:
            return
        await asyncio.sleep(LOOK_S)
        found = await self.check(public_url, self._probe.port)
        if not found.ok:
            _log.warning("voice devices: %s", found.words.en)

    async def check(self, address: str, listens_at: int = 0) -> Verdict:
        """Whether an address leads here, asked anew when the last time is a while ago."""
        address = address.rstrip("/")
        async with self._one_at_a_time:
            at, found = self._found.get(address, (0.0, None))
            now = self._clock.monotonic()
            if found is None or now - at >= AGAIN_S:
                found = await examine(address, self._probe, listens_at)
                self._found[address] = now, found
            return found

    def last(self, address: str) -> Verdict | None:
        """What was found of an address last."""
        found = self._found.get(address.rstrip("/"))
        return None if found is None else found[1]
