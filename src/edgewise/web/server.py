"""A uvicorn server that ends in order, when it is told so by a signal."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn


def _no_denial(record: logging.LogRecord) -> bool:
    """Not a WebSocket that was refused in order, by a response: uvicorn 0.54 logs it as a fault."""
    return record.getMessage() != "ASGI callable returned without completing handshake."


class Server(uvicorn.Server):
    """A server that leaves signals to `ended_by_signals`: uvicorn's own handling raises the signal
    again when it is done, which would end the process before what is behind it is closed.

    `when_ending` is called before open replies are waited for: streams without end must end then.
    """

    def __init__(
        self, config: uvicorn.Config, when_ending: Callable[[], object] | None = None
    ) -> None:
        super().__init__(config)
        self._when_ending = when_ending
        logging.getLogger("uvicorn.error").addFilter(_no_denial)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._when_ending is not None:
            self._when_ending()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    @contextmanager
    def ended_by_signals(self) -> Generator[None, None, None]:
        """Let SIGINT and SIGTERM end the server; a second SIGINT does not wait for its requests."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGINT, signal.SIGTERM)
        for number in caught:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in caught:
                loop.remove_signal_handler(number)
