"""A line to a server on loopback that breaks when it is told to, as a tunnel does."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class CutLine:
    """Passes bytes on. `budgets` says after how many bytes towards the device each connection
    breaks; when they are used up, the line holds. While `dead`, nothing is let in."""

    def __init__(self, address: str, budgets: Iterator[int]) -> None:
        parts = urlsplit(address)
        self._host, self._port = str(parts.hostname), int(parts.port or 0)
        self._budgets = budgets
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.dead = False

    def cut(self) -> None:
        """Break all connections now, without a goodbye."""
        for writer in self._writers:
            writer.transport.abort()

    def let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection."""
        task = asyncio.ensure_future(self._pass_on(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def end(self) -> None:
        """Break all, and wait until nothing is passed on any more."""
        self.dead = True
        self.cut()
        await asyncio.gather(*self._passing)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.dead:
            writer.transport.abort()
            return
        self.connections += 1
        up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, up_writer}
        budget = next(self._budgets, None)
        with suppress(OSError):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, up_writer, None))
                group.create_task(self._pump(up_reader, writer, budget))
        for each in (writer, up_writer):
            each.transport.abort()
            self._writers.discard(each)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, budget: int | None
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(4_096):
                if budget is not None:
                    data = data[: max(0, budget)]
                    budget -= len(data)
                writer.write(data)
                await writer.drain()
                if budget is not None and budget <= 0:
                    self.cut()
                    return
        writer.transport.abort()


@asynccontextmanager
async def cut_line(address: str, *budgets: int) -> AsyncGenerator[tuple[CutLine, str]]:
    """The line, and the address of its end."""
    line = CutLine(address, iter(budgets))
    server = await asyncio.start_server(line.let_in, "127.0.0.1", 0)
    try:
        yield line, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        await line.end()
        server.close()
