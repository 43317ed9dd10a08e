"""Which requests are where, and which passes are under way: decided by the front for all workers.

Micro-batches do not wait for each other: a pass of one starts when all attention workers have told
of its last. Whoever runs the workers is not known here (`afd_processes`).
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from edgewise.step3.afd_message import Ask, Begun, Go, Order, Passed, Plan, Report
from edgewise.step3.afd_requests import pages


class Crew(Protocol):
    """Workers that run; both raise ModelError when one is lost."""

    @property
    def plan(self) -> Plan: ...
    def send(self, rank: int, order: Order) -> None: ...
    def receive(self) -> Sequence[tuple[int, Report]]:
        """What they say next, by rank; waits for it."""
        ...


def answer(
    crew: Crew, pages_each: int, asks: Sequence[Ask], known: dict[int, list[int]]
) -> Iterator[tuple[int, int]]:
    """Tokens as they come, each with its request's place in `asks`, of those in `known`.

    That grows by each token before it is told, and ended requests leave it; so after an error it
    says where to go on. `pages_each`: of each attention worker's cache."""
    board = Board(crew, pages_each, [Begun(one, asks[one], tuple(known[one])) for one in known])
    for micro in range(crew.plan.micro_batches):
        board.go(micro)
    while known:
        for rank, report in crew.receive():
            if not isinstance(report, Passed):
                continue
            board.note(rank, report)
            for chosen in report.chosen:
                is_told = chosen.token not in asks[chosen.number].sampling.stop_ids
                if is_told:
                    known[chosen.number].append(chosen.token)
                if chosen.is_last:
                    del known[chosen.number]
                if is_told:
                    yield chosen.number, chosen.token


@dataclass(slots=True)
class Cell:
    """One micro-batch of one attention worker: requests that wait, and of each that runs, how many
    tokens it has in the next pass."""

    waiting: deque[Begun] = field(default_factory=deque[Begun])
    running: dict[int, int] = field(default_factory=dict[int, int])


class Board:
    """A request stays in its cell, chosen in turn so that workers and micro-batches fill alike. It
    begins when the worker's cache has pages for all that it may come to."""

    def __init__(self, crew: Crew, pages_each: int, begun: list[Begun]) -> None:
        self.crew, self.plan = crew, crew.plan
        self.asks = {one.number: one.ask for one in begun}
        self.free = [pages_each] * self.plan.attention
        self.cells = {
            (micro, worker): Cell()
            for micro in range(self.plan.micro_batches)
            for worker in range(self.plan.attention)
        }
        self.due: list[set[int]] = [set() for _ in range(self.plan.micro_batches)]
        for place, one in enumerate(begun):
            round_, worker = divmod(place, self.plan.attention)
            self.cells[(round_ + worker) % self.plan.micro_batches, worker].waiting.append(one)

    def go(self, micro: int) -> None:
        """Starts a pass of a micro-batch, with those that can join, unless it is empty."""
        joined = [self._join(micro, worker) for worker in range(self.plan.attention)]
        counts = tuple(
            sum(self.cells[micro, worker].running.values()) for worker in range(self.plan.attention)
        )
        if not any(counts):
            return
        self.due[micro] = {worker for worker, count in enumerate(counts) if count}
        for rank in range(self.plan.workers):
            own = joined[rank] if rank < self.plan.attention else ()
            self.crew.send(rank, Go(micro, counts, own))

    def note(self, worker: int, passed: Passed) -> None:
        """Takes down a pass of a worker; when it was the last, the next one starts. What ended
        makes room, also for those that wait in other micro-batches."""
        micro = passed.micro
        cell = self.cells[micro, worker]
        freed = False
        for chosen in passed.chosen:
            if chosen.is_last:
                del cell.running[chosen.number]
                self.free[worker] += pages(self.asks[chosen.number])
                freed = True
            else:
                cell.running[chosen.number] = 1
        self.due[micro].discard(worker)
        for one in range(self.plan.micro_batches) if freed else (micro,):
            if not self.due[one]:
                self.go(one)

    def _join(self, micro: int, worker: int) -> tuple[Begun, ...]:
        cell = self.cells[micro, worker]
        joined: list[Begun] = []
        while cell.waiting and pages(cell.waiting[0].ask) <= self.free[worker]:
            one = cell.waiting.popleft()
            self.free[worker] -= pages(one.ask)
            cell.running[one.number] = len(one.ask.prompt) + len(one.known)
            joined.append(one)
        return tuple(joined)
