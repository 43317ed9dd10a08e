"""Serves an upstream on loopback: inside a test, or as a process of its own."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
import uvicorn
import uvloop
from uvicorn.server import ServerState

from edgewise.testing.upstream.answers import Answer, load_answers
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.connection import OpenConnection
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.fixed import PACES
from edgewise.web.connection import listen
from edgewise.web.server import Server


@asynccontextmanager
async def started_upstream(
    *,
    models: tuple[str, ...] = ("fake",),
    key: str = "",
    directive: Directive | None = None,
    fixed: bool = False,
    answers: Mapping[str, Answer] | None = None,
    port: int = 0,
) -> AsyncGenerator[Upstream]:
    """An upstream that is served until the block ends; connections that are open then are cut."""
    upstream = Upstream(models=models, key=key, directive=directive, fixed=fixed, answers=answers)
    with listen(port) as listening:
        upstream.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config, state = _config(upstream), ServerState()
        config.load()
        serving = await asyncio.get_running_loop().create_server(
            lambda: OpenConnection(config, state, {}), sock=listening
        )
        try:
            yield upstream
        finally:
            serving.close()
            for connection in list(state.connections):
                cast(OpenConnection, connection).transport.abort()
            await asyncio.gather(*state.tasks)


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal ends the process; the first line is `{"address": ...}`."""
    options = _options(arguments)
    upstream = Upstream(
        models=tuple(options.model or (PACES if options.fixed else ["fake"])),
        key=options.key,
        directive=_directive(options),
        fixed=options.fixed,
        answers=load_answers(options.answers) if options.answers else None,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(upstream, options.port))


async def _serve(upstream: Upstream, port: int) -> None:
    server = Server(_config(upstream))
    with listen(port) as listening, server.ended_by_signals():
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        sys.stdout.write(json.dumps({"address": address}) + "\n")
        sys.stdout.flush()
        await server.serve(sockets=[listening])


def _config(upstream: Upstream) -> uvicorn.Config:
    return uvicorn.Config(
        upstream,
        http=OpenConnection,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="critical",  # a reply that is cut is no mistake here
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _directive(options: Any) -> Directive:
    directive = msgspec.json.decode(options.directive, type=Directive)
    if options.delay_ms is not None:
        directive = msgspec.structs.replace(directive, delay_ms=options.delay_ms)
    return directive


def _options(arguments: list[str] | None) -> Any:
    parser = argparse.ArgumentParser(
        prog="python -m edgewise.testing.upstream", description=__doc__
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model", action="append", help="a model's name; may be repeated")
    parser.add_argument("--key", default="", help="the API key that requests must have")
    parser.add_argument("--delay-ms", type=float, help="before each token")
    parser.add_argument(
        "--directive", default="{}", help="for all requests, as JSON (directive.py)"
    )
    parser.add_argument("--answers", type=Path, help="a file of answers (answers.py)")
    parser.add_argument("--fixed", action="store_true", help="one encoded reply, for benchmarks")
    return parser.parse_args(arguments)
