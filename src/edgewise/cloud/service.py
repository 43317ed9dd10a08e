"""The platform put together: database, directory, ledger, backends, gateway; started and ended.

What a folder and a database hold belongs to one process: the journal, the flights and the sums of
budgets live in it alone. The order of the start matters: what a crash left is entered before the
sums of the budgets are read, and both before the first request.
"""

import asyncio
import fcntl
import logging
import os
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from edgewise.cloud import doors
from edgewise.cloud.accounts import FirstStart, first_start
from edgewise.cloud.agent_api import AgentApi
from edgewise.cloud.backend import Backend
from edgewise.cloud.batch_run import BatchRunner
from edgewise.cloud.budget import Budget, Budgets
from edgewise.cloud.caller import Caller
from edgewise.cloud.calls import RealtimeCalls
from edgewise.cloud.config import DATABASE, BackendConfig, Config, secret_of
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.embedded import Embedded
from edgewise.cloud.exchange import settled
from edgewise.cloud.file_store import FileStore
from edgewise.cloud.flight import Flights
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.journal import Journal
from edgewise.cloud.ledger import Ledger
from edgewise.cloud.ledger_table import cost_below, insert_entries, spent_of
from edgewise.cloud.limits import RateLimits
from edgewise.cloud.messages import Messages
from edgewise.cloud.pool import Pool
from edgewise.cloud.prices import PriceList
from edgewise.cloud.realtime import Realtime
from edgewise.cloud.repeats import Repeats
from edgewise.cloud.request_log import RequestLog
from edgewise.cloud.response_store import SqlResponseStore
from edgewise.cloud.responses import Responses
from edgewise.cloud.revocation import Revocation
from edgewise.cloud.senses import Senses, local_senses
from edgewise.cloud.step3 import Step3
from edgewise.cloud.stopping import Stopping
from edgewise.cloud.storage_meter import StorageMeter
from edgewise.cloud.streams import Streams
from edgewise.cloud.telemetry import Telemetry
from edgewise.cloud.upstream import Upstream
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from edgewise.core.clock import Clock, SystemClock
from edgewise.errors import EdgewiseError, UserError

if TYPE_CHECKING:
    from edgewise.cloud.xiaozhi.voice import Voice

_log = logging.getLogger("edgewise.cloud")

REQUESTS = "requests.log"
METRICS_TOKEN = "metrics-token"
VOICE_SECRET = "voice-secret"
BUDGETS_S = 0.5
HOLD_S = 5.0


class Cloud:
    """One running platform; made by `start_cloud`, ended by `close`."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        clock: Clock,
        opened: AsyncExitStack,
        senses: Senses | None = None,
    ) -> None:
        """What is opened is put on `opened`, to be closed whether the start goes on or fails.
        `senses` are closed with it; None: this machine's, where the settings name a model of it."""
        self.config = config
        self.folder = folder
        self.clock = clock
        self.ending = asyncio.Event()  # set when the server ends: replies without end must end now
        self.first_start: FirstStart | None = None
        self._opened = opened
        opened.callback(os.close, _hold(folder))
        self.metrics_token = _token(folder / METRICS_TOKEN)
        self.database = Database(config.database or f"sqlite:///{folder / DATABASE}")
        opened.callback(self.database.close)
        self._hold = self.database.hold()
        opened.callback(self._hold.close)
        self.directory = Directory(self.database, config.defaults, config.project_defaults)
        self._open_books(opened)
        self.senses = senses or _senses(config, folder)
        if self.senses is not None:
            opened.push_async_callback(self.senses.close)
        self.pool = Pool(_backends(config, folder, self.senses), clock, Random())
        opened.push_async_callback(self.pool.close)
        self.gateway = Gateway(
            config, self.pool, self.ledger, self.budgets, self.limits, clock, self.telemetry,
            self.directory.holds,
        )  # fmt: skip
        opened.push_async_callback(settled)
        self._open_routes(opened)
        self._known_budgets: tuple[object, ...] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        opened.push_async_callback(self._end_tasks)
        self.batches = BatchRunner(
            self.database,
            self.files,
            self.gateway,
            self.directory.caller_of,
            clock,
            folder / "batches",
        )
        self.stopping = Stopping(self.ledger)
        opened.push_async_callback(self.stopping.close)
        opened.push_async_callback(self.batches.close)
        revocation = Revocation(self.ledger.running, self._check_soon)
        self.directory.when_gone(revocation.tell)

    def _open_books(self, opened: AsyncExitStack) -> None:
        """What notes and counts requests."""
        config, folder, clock = self.config, self.folder, self.clock
        self.request_log = RequestLog(folder / REQUESTS) if config.request_log else None
        if self.request_log is not None:
            opened.push_async_callback(asyncio.to_thread, self.request_log.close)
        self.telemetry = Telemetry(config.otlp_endpoint, self.request_log)
        opened.push_async_callback(asyncio.to_thread, self.telemetry.close)
        self.budgets = Budgets(clock)
        self.limits = RateLimits(clock)
        self.ledger = _ledger(config, folder, self.database, clock)
        opened.push_async_callback(self.ledger.close)

    def _open_routes(self, opened: AsyncExitStack) -> None:
        """What answers beside completions, and what it keeps."""
        config, clock = self.config, self.clock
        self.streams = Streams()
        opened.push_async_callback(self.streams.close)
        self.repeats = Repeats(clock)
        opened.push_async_callback(self.repeats.close)
        self.kept_responses = SqlResponseStore(self.database, clock.now)
        self.responses = _responses(config, self.kept_responses, self.gateway, clock)
        opened.push_async_callback(self.responses.close)
        self.messages = Messages(self.gateway, config, doors)
        self.agent = _agent(config, self.gateway, self.find, clock)
        opened.push_async_callback(self.agent.close)
        self.voice = self._voice()
        if self.voice is not None:
            opened.push_async_callback(self.voice.bound.close)
            opened.push_async_callback(self.voice.kept.close)
        self.voice_door = self._voice_door()
        if self.voice_door is not None:
            opened.push_async_callback(self.voice_door.close)
        self.realtime = Realtime(config, self.gateway, self.directory, self.senses, clock)
        self.calls = RealtimeCalls(self.realtime, config)
        opened.push_async_callback(self.calls.close)
        self.files = FileStore(self.database, self.folder / "files", clock)
        self.storage = StorageMeter(self.database, self.files, self.ledger, self.budgets, clock)

    def _voice(self) -> VoiceDevices | None:
        """Voice devices, where the settings let them in."""
        set_up = self.config.xiaozhi
        if not set_up.enabled:
            return None
        offset_min = set_up.utc_offset_min
        if offset_min is None:
            offset_min = time.localtime(self.clock.now()).tm_gmtoff // 60
        return VoiceDevices(
            self.config,
            self.database,
            self.directory,
            self.clock,
            _token(self.folder / VOICE_SECRET).encode(),
            self.folder,
            self.telemetry.refuse_voice,
            utc_offset_min=offset_min,
        )

    def _voice_door(self) -> "Voice | None":
        """What they talk to; agents, policy and understanding are read only where it is wanted."""
        if self.voice is None:
            return None
        from edgewise.cloud.xiaozhi.voice import Voice

        return Voice(
            self.config, self.folder / "voice", self.gateway, self.directory, self.senses,
            self.voice, self.clock,
        )  # fmt: skip

    def _check_soon(self) -> None:
        """Keys were revoked: what they hold open ends."""
        self.agent.check_soon()
        if self.voice_door is not None:
            self.voice_door.door.check_soon()
        self.realtime.check_soon()

    def end_soon(self) -> None:
        """The server ends: replies without end do so now, requests have a moment."""
        self.ending.set()
        self.realtime.end_soon()
        if self.voice_door is not None:
            self.voice_door.door.end_soon()
        self.stopping.begin()

    def find(self, secret: str) -> Caller | None:
        """Whose a key is, from memory."""
        return self.directory.find(secret, self.clock.now())

    async def start(self) -> None:
        """Enter what a crash left, read the budgets' sums, and begin to keep all of it fresh. The
        first administrator, whose password is told once, is made when nothing can fail any more."""
        for entry in await asyncio.to_thread(self.ledger.recover):
            if self.request_log is not None:
                self.request_log.note(entry, 0.0, None)
        await self._load_budgets()
        await self.files.sweep()
        await self.storage.enter()
        self._begin(self.directory.keep_fresh())
        self._begin(self.ledger.keep_flushing())
        self._begin(self._keep_budgets())
        self._begin(self._keep_hold())
        if self.request_log is not None:
            self._begin(self.request_log.keep_writing())
        self._begin(self.storage.keep_metering())
        self._begin(self.pool.keep_asking())
        self._begin(self.kept_responses.keep_swept())
        if self.voice is not None:
            self._begin(self.voice.bound.keep())
            self._begin(self.voice.kept.keep())
            self._begin(self.voice.checks.look(self.config.public_url))
        if self.voice_door is not None:
            self._begin(self.voice_door.hosts.keep())
        await self.batches.start()
        self.first_start = first_start(self.database, now_s=self.clock.now())

    async def close(self) -> None:
        """End in order, the last opened first: what runs is settled and entered before the files
        are closed. What fails on the way keeps nothing else open, and is raised at the end."""
        await self._opened.aclose()

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_look_at)
        self._tasks.append(task)

    async def _keep_hold(self) -> None:
        while True:
            await asyncio.sleep(HOLD_S)
            await asyncio.to_thread(self._hold.check)

    async def _keep_budgets(self) -> None:
        while True:
            await asyncio.sleep(BUDGETS_S)
            if self.directory.budgets() is not self._known_budgets:
                with suppress(EdgewiseError):  # away: the next look comes soon
                    await self._load_budgets()

    async def _load_budgets(self) -> None:
        """Take the directory's budgets; what each had spent is read once, when it is new here."""
        rows = self.directory.budgets()
        budgets = [
            Budget(row.id, row.scope_kind, row.scope, row.period, row.limit_nano) for row in rows
        ]
        now_s = self.clock.now()

        def read() -> dict[str, int]:
            with self.database.read() as connection:
                return spent_of(connection, budgets, now_s)

        spent, since = await self.ledger.read_whole(read)
        for budget in budgets:
            spent[budget.id] += sum(cost_below(budget, entry, now_s) for entry in since)
        self.budgets.load(budgets, spent)
        self._known_budgets = rows


async def start_cloud(
    config: Config, folder: Path, clock: Clock | None = None, senses: Senses | None = None
) -> Cloud:
    """A running platform over the data in `folder`.

    Raises UserError for settings that do not hold or a folder in use, LinkError or DeviceError for
    a database that is not there.
    """
    _prepare(folder)
    opened = AsyncExitStack()
    try:
        cloud = Cloud(config, folder, clock or SystemClock(), opened, senses)
        await cloud.start()
    except BaseException:
        await opened.aclose()
        raise
    return cloud


def _ledger(config: Config, folder: Path, database: Database, clock: Clock) -> Ledger:
    prices, journal = PriceList(config.price), Journal(folder / "journal")
    return Ledger(
        Flights(folder / "flights"),
        journal,
        prices,
        config.currency,
        clock,
        lambda entries: insert_entries(database, entries),
    )


def _responses(
    config: Config, store: SqlResponseStore, gateway: Gateway, clock: Clock
) -> Responses:
    return Responses(
        gateway,
        store,
        doors,
        body_limit_bytes=config.body_limit_bytes,
        now_s=clock.now,
    )


def _senses(config: Config, folder: Path) -> Senses | None:
    """This machine's ears and voice, where a model of the settings is of them."""
    if not config.ears_model and not config.voice_model:
        return None
    return local_senses(folder)


def _agent(
    config: Config, gateway: Gateway, find: Callable[[str], Caller | None], clock: Clock
) -> AgentApi:
    return AgentApi(
        gateway,
        find,
        model=config.agent_model,
        most_of_owner=config.agent.most_of_owner,
        most_of_project=config.agent.most_of_project,
        most=config.agent.most,
        clock=clock,
    )


def _backends(config: Config, folder: Path, senses: Senses | None) -> dict[str, Backend]:
    keys = {one.name: secret_of(one) for one in config.backend}  # before anything is opened

    def backend(one: BackendConfig) -> Backend:
        if one.step3:
            return Step3(one)
        if one.embedded:
            return Embedded(one, folder / "models", senses)
        return Upstream(one, keys[one.name])

    return {one.name: backend(one) for one in config.backend}


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _hold(folder: Path) -> int:
    """Hold the folder for this process. Raises UserError when another one does."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise UserError(
            f"another platform runs from {folder}; end it, or name another folder with --folder",
            code="folder_in_use",
        ) from error
    return handle


def _token(file: Path) -> str:
    """The secret in a file, made at the first start for its owner alone."""
    if not file.is_file() or not file.read_text("ascii").strip():
        with open(file, "w", encoding="ascii", opener=lambda n, f: os.open(n, f, 0o600)) as made:
            made.write(secrets.token_urlsafe(32) + "\n")
    return file.read_text("ascii").strip()


def _look_at(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("a task of the platform ended by a fault", exc_info=task.exception())
