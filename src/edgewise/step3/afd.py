"""Attention and feed-forward apart: one Step-3 model in several processes, by the part of a layer.

    with Disaggregated(folder, Plan(attention=2, ffn=1)) as model:
        for number, token in model.stream([Ask(prompt), Ask(other)]): ...

Attention workers keep the requests, each its own; FFN workers split the experts among them and keep
nothing. This front hands out requests, starts the passes and notes the tokens, which are those of
one process; in bf16 but for near ties, since sums in another order round otherwise. If a worker is
lost, all are started anew, and requests go on from the tokens that are known. It serves to read, to
try and to measure on one machine; what serves many is in the guide.
Source: Step-3 system report (arXiv 2507.19427), sections 3 and 5.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from edgewise.errors import ModelError, UserError
from edgewise.step3.afd_board import answer
from edgewise.step3.afd_message import Ask, Plan, Spent
from edgewise.step3.afd_processes import Workers
from edgewise.step3.afd_requests import settle
from edgewise.step3.config import Step3TextConfig, text_part
from edgewise.step3.config_file import read_config
from edgewise.step3.weights import open_checkpoint

MOST_WORKERS = 64


class Disaggregated:
    """A folder's model in the processes of `plan` (None: one attention worker, one FFN worker),
    from `with` (or `start`) to its end.

    `threads` of each process; `pages` of each attention worker's cache; `pulse_s`: how long all
    may be silent before each must show that it lives; `wait_limit_s`: how long a worker waits for
    another within a layer. One call at a time. Raises UserError for a folder or
    plan that does not fit, before anything is started; ModelError (`worker_lost`), which names the
    worker, when one is lost."""

    def __init__(
        self,
        folder: Path,
        plan: Plan | None = None,
        *,
        threads: int = 1,
        pages: int = 256,
        pulse_s: float = 5.0,
        wait_limit_s: float = 300.0,
    ) -> None:
        config = read_config(folder)
        open_checkpoint(folder, config)
        self.config = text_part(config)
        self.folder, self.plan = folder, plan or Plan()
        self.threads, self.pages = threads, pages
        self.pulse_s, self.wait_limit_s = pulse_s, wait_limit_s
        _check(self.plan, self.config)
        self._workers: Workers | None = None
        self._is_clean = True

    def __enter__(self) -> "Disaggregated":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Starts the workers, each of which loads its part; does nothing if they run."""
        if self._workers is None:
            self._workers = Workers(
                self.folder,
                self.plan,
                threads=self.threads,
                pages=self.pages,
                pulse_s=self.pulse_s,
                wait_limit_s=self.wait_limit_s,
            )
            self._is_clean = True

    def close(self) -> None:
        """Ends the workers."""
        workers, self._workers = self._workers, None
        if workers is not None:
            workers.end()

    @property
    def processes(self) -> dict[str, int]:
        """The id of each worker's process, by the worker's name."""
        return {one.name: one.process.pid for one in self._running.all}

    @property
    def held(self) -> dict[str, list[str]]:
        """The tensors that each worker loaded, with the part where it is only one."""
        running = self._running
        return {one.name: running.ready[one.rank].held for one in running.all}

    @property
    def held_bytes(self) -> dict[str, int]:
        running = self._running
        return {one.name: running.ready[one.rank].held_bytes for one in running.all}

    def measure(self) -> dict[str, Spent]:
        """What each worker spent since this was asked the last time; between answers only."""
        return self._running.measure()

    def decode(self, asks: Sequence[Ask], *, restarts: int = 1) -> list[list[int]]:
        """The tokens after each prompt; see `stream`."""
        answers: list[list[int]] = [[] for _ in asks]
        for number, token in self.stream(asks, restarts=restarts):
            answers[number].append(token)
        return answers

    def stream(self, asks: Sequence[Ask], *, restarts: int = 1) -> Iterator[tuple[int, int]]:
        """Tokens as they come, each with its request's place in `asks`. Tokens of `stop_ids` end an
        answer and are not told. After a lost worker all are started anew, so many times, and each
        answer goes on behind what was told. Raises UserError, ModelError."""
        settled = [settle(ask, self.config, self.pages) for ask in asks]
        known: dict[int, list[int]] = {number: [] for number in range(len(asks))}
        while True:
            try:
                if not self._is_clean:  # an answer was left, or a worker lost
                    self.close()
                self.start()
                self._is_clean = False
                yield from answer(self._running, self.pages, settled, known)
                self._is_clean = True
                return
            except ModelError as error:
                if error.code != "worker_lost" or restarts == 0:
                    raise
                restarts -= 1

    @property
    def _running(self) -> Workers:
        if self._workers is None:
            raise UserError("the workers are not started; use `with`, or call start()")
        return self._workers


def _check(plan: Plan, config: Step3TextConfig) -> None:
    for name, count in (
        ("attention", plan.attention),
        ("ffn", plan.ffn),
        ("micro_batches", plan.micro_batches),
    ):
        if not 1 <= count <= MOST_WORKERS:
            raise UserError(f"{name} is {count}; it must be from 1 to {MOST_WORKERS}")
    if plan.ffn > config.moe_num_experts:
        raise UserError(
            f"ffn is {plan.ffn}; the model has {config.moe_num_experts} experts to split, and each"
            " worker needs one"
        )
