"""The workers of a plan as threads of this process, over gloo on loopback; and one process's own
tokens, to compare with."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import torch
import torch.distributed as dist

from edgewise.step3.afd_board import answer
from edgewise.step3.afd_link import Group
from edgewise.step3.afd_message import Ask, Go, Order, Plan, Report
from edgewise.step3.afd_pipeline import AttentionPasses, FeedPasses, Stage
from edgewise.step3.afd_split import FeedSide, attention_side, fill_side
from edgewise.step3.answer import Request
from edgewise.step3.cache import PagedCache
from edgewise.step3.config import Step3TextConfig, text_part
from edgewise.step3.config_file import read_config
from edgewise.step3.generate import generate_plain
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling
from edgewise.step3.weights import open_checkpoint

PAGES = 32
LIMIT_S = 30.0
ASKS = [
    Ask(tuple(range(3 + number, 3 + number + length)), sampling)
    for number, (length, sampling) in enumerate(
        [
            (5, Sampling(max_tokens=9)),
            (1, Sampling(max_tokens=6)),
            (17, Sampling(max_tokens=7, temperature=0.8, top_p=0.9, seed=11)),
            (3, Sampling(max_tokens=1)),
            (8, Sampling(max_tokens=8, temperature=1.5, seed=2**33)),
            (2, Sampling(max_tokens=5)),
            (30, Sampling(max_tokens=4, temperature=1.0, top_p=0.5, seed=5)),
        ]
    )
]


def one_process(model: Step3ForCausalLM, ask: Ask) -> list[int]:
    """The tokens after a prompt, without a cache."""
    return generate_plain(model, Request(ask.prompt, ask.sampling)).tokens


class Threads:
    """A `Crew`; daemon threads, which end with the process."""

    def __init__(self, folder: Path, plan: Plan, *, pages: int = PAGES) -> None:
        self.plan = plan
        self.told: SimpleQueue[tuple[int, Report] | BaseException] = SimpleQueue()
        self.gos = {
            (rank, micro): SimpleQueue[Go]()
            for rank in range(plan.workers)
            for micro in range(plan.micro_batches)
        }
        groups = groups_of(plan)
        self.passes = {
            rank: passes_of(
                folder, plan, rank, [groups[rank, m] for m in range(plan.micro_batches)], pages
            )
            for rank in range(plan.workers)
        }

    def start(self) -> "Threads":
        for rank, passes in self.passes.items():
            for micro, one in enumerate(passes):
                threading.Thread(target=self.serve, args=(rank, micro, one), daemon=True).start()
        return self

    def serve(self, rank: int, micro: int, passes: AttentionPasses | FeedPasses) -> None:
        try:
            with torch.inference_mode():
                while True:
                    passed = passes.go(self.gos[rank, micro].get())
                    if passed is not None:
                        self.told.put((rank, passed))
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.told.put(error)

    def send(self, rank: int, order: Order) -> None:
        assert isinstance(order, Go)
        self.gos[rank, order.micro].put(order)

    def receive(self) -> list[tuple[int, Report]]:
        told = self.told.get(timeout=LIMIT_S)
        if isinstance(told, BaseException):
            raise told
        return [told]


def tokens_of(crew: Threads, asks: Sequence[Ask], pages: int = PAGES) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in asks]
    for number, token in answer(crew, pages, asks, {n: [] for n in range(len(asks))}):
        found[number].append(token)
    return found


def groups_of(plan: Plan) -> dict[tuple[int, int], Group]:
    """For each rank and micro-batch, its end of a process group."""
    store = dist.HashStore()

    def join(rank: int, micro: int) -> Group:
        own = dist.PrefixStore(str(micro), store)
        limit = timedelta(seconds=LIMIT_S)
        return dist.ProcessGroupGloo(own, rank, plan.workers, limit)

    places = [(rank, micro) for micro in range(plan.micro_batches) for rank in range(plan.workers)]
    with ThreadPoolExecutor(len(places)) as pool:
        return dict(zip(places, pool.map(lambda place: join(*place), places), strict=True))


def passes_of(
    folder: Path, plan: Plan, rank: int, groups: Sequence[Group], pages: int
) -> list[AttentionPasses | FeedPasses]:
    config: Step3TextConfig = text_part(read_config(folder))
    checkpoint, stage = open_checkpoint(folder, config), Stage()
    role, index = plan.place(rank)
    with torch.device("meta"):
        side = attention_side(config) if role == "attention" else FeedSide(config, index, plan.ffn)
    if isinstance(side, FeedSide):
        fill_side(side, checkpoint, side.parts(), "cpu")
        return [FeedPasses(side, config, group, stage) for group in groups]
    fill_side(side, checkpoint, {}, "cpu")
    cache = PagedCache(config, pages)
    return [AttentionPasses(side, cache, plan, rank, group, stage) for group in groups]
