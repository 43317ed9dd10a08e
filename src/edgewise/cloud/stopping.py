"""What runs when the platform ends: it has a moment to end by itself, then it is ended in order.

Each request is stopped by the way that its flight itself knows (`Flight.end`): its client is told
`server_stopping`, its upstream is stopped, what it produced is counted, and it is settled as
cancelled. What would begin later is refused (`Ledger.open`).
"""

import asyncio
import logging

from edgewise.cloud.ledger import Ledger
from edgewise.cloud.refusal import server_stopping

_log = logging.getLogger("edgewise.cloud")

GRACE_S = 5.0
"""How long what runs may take to end by itself."""
END_S = 3.0
"""How long it may then take to stop its upstream, settle, and tell its client."""


class Stopping:
    """Ends the flights of a ledger, once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def begin(self, grace_s: float = GRACE_S) -> None:
        """The platform ends: what runs is ended in `grace_s`."""
        asyncio.get_running_loop().call_later(grace_s, self.end)

    def end(self) -> None:
        """End what runs now."""
        if self._ledger.running and not self._ledger.is_closing:
            _log.warning("%d of the requests end with the platform", len(self._ledger.running))
        self._ledger.is_closing = True
        for flight in list(self._ledger.running.values()):
            flight.end(server_stopping())

    async def close(self) -> None:
        """End what runs and wait until it is settled, not for ever."""
        self.end()
        until = asyncio.get_running_loop().time() + END_S
        while self._is_ending() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110  they tell nobody
            await asyncio.sleep(0.02)

    def _is_ending(self) -> bool:
        """Whether one that knows how to stop is not settled yet."""
        return any(flight.stop is not None for flight in self._ledger.running.values())
