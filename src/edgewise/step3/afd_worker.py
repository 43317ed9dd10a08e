"""A worker's process: `python -m edgewise.step3.afd_worker FD`, begun by `afd_processes`.

FD is its end of a pair of sockets. The main thread only listens, so it always answers and ends the
process when the front is gone; one thread joins and loads, then one for each micro-batch computes.
What libraries print goes to the log with standard error.
"""

import os
import sys
import threading
import traceback
from contextlib import nullcontext
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

import torch

from edgewise.errors import EdgewiseError
from edgewise.step3.afd_link import PeerLost, backend_for, device_for, join
from edgewise.step3.afd_message import (
    Failed,
    Go,
    Lost,
    Ready,
    Report,
    Setup,
    Tell,
    encode,
    orders,
)
from edgewise.step3.afd_pipeline import AttentionPasses, FeedPasses, Stage
from edgewise.step3.afd_split import FeedSide, attention_side, fill_side
from edgewise.step3.cache import PagedCache
from edgewise.step3.config import text_part
from edgewise.step3.config_file import read_config
from edgewise.step3.weights import open_checkpoint


def main() -> None:
    """Serves until told to stop, or the front is gone."""
    connection = Connection(int(sys.argv[1]))
    try:
        Worker(connection).listen()
    finally:
        os._exit(0)  # threads may wait for peers that are gone


class Worker:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.stage = Stage()
        self.gos: list[SimpleQueue[Go]] = []
        self.telling = threading.Lock()

    def listen(self) -> None:
        try:
            while True:
                match orders.decode(self.connection.recv_bytes()):
                    case Setup() as setup:
                        self.gos = [SimpleQueue() for _ in range(setup.plan.micro_batches)]
                        threading.Thread(target=self.begin, args=(setup,), daemon=True).start()
                    case Go() as go:
                        self.gos[go.micro].put(go)
                    case Tell():
                        self.report(self.stage.spent())
                    case _:
                        return
        except (EOFError, OSError):
            return

    def report(self, report: Report) -> None:
        with self.telling:
            self.connection.send_bytes(encode(report))

    def begin(self, setup: Setup) -> None:
        """Joins the others, loads this worker's part, and starts a thread for each micro-batch."""
        try:
            torch.set_num_threads(setup.threads)
            passes, ready = prepare(setup, self.stage)
            for one, gos in zip(passes, self.gos, strict=True):
                threading.Thread(target=self.serve, args=(one, gos, setup), daemon=True).start()
            self.report(ready)
        except BaseException as error:  # noqa: BLE001 - a thread's outermost: it may not die alone
            self.give_up(error)

    def serve(
        self, passes: AttentionPasses | FeedPasses, gos: SimpleQueue[Go], setup: Setup
    ) -> None:
        """One micro-batch, pass after pass."""
        try:
            torch.set_num_threads(setup.threads)
            with torch.inference_mode(), own_stream():
                while True:
                    passed = passes.go(gos.get())
                    if passed is not None:
                        self.report(passed)
        except BaseException as error:  # noqa: BLE001 - a thread's outermost: it may not die alone
            self.give_up(error)

    def give_up(self, error: BaseException) -> None:
        """Says why, and ends the process: half a pass is of no use."""
        try:
            if isinstance(error, PeerLost):
                self.report(Lost(error.peer, str(error)))
            elif isinstance(error, EdgewiseError):
                self.report(Failed(str(error)))
            else:
                self.report(Failed("".join(traceback.format_exception(error))))
        finally:
            os._exit(1)


def prepare(setup: Setup, stage: Stage) -> tuple[list[AttentionPasses | FeedPasses], Ready]:
    """Meets the other workers and loads: the passes of each micro-batch. Raises UserError."""
    plan = setup.plan
    folder = Path(setup.folder)
    device = device_for(backend_for(plan.workers), setup.rank)
    if device != "cpu":
        torch.cuda.set_device(device)
    groups = join(plan, setup.rank, setup.store, setup.wait_limit_s)
    config = read_config(folder)
    checkpoint = open_checkpoint(folder, config)  # its eyes, if it has any, are left there
    text = text_part(config)
    role, index = plan.place(setup.rank)
    passes: list[AttentionPasses | FeedPasses]
    with torch.device("meta"):
        side = attention_side(text) if role == "attention" else FeedSide(text, index, plan.ffn)
    if isinstance(side, FeedSide):
        held = fill_side(side, checkpoint, side.parts(), device)
        passes = [FeedPasses(side, text, group, stage) for group in groups]
    else:
        held = fill_side(side, checkpoint, {}, device)
        dtype = side.lm_head.weight.dtype
        cache = PagedCache(text, setup.pages, dtype=dtype, device=device)
        passes = [AttentionPasses(side, cache, plan, setup.rank, group, stage) for group in groups]
    return passes, Ready(held, sum(weight.nbytes for weight in side.parameters()))


def own_stream() -> torch.cuda.StreamContext | nullcontext[None]:
    """On a GPU, a queue of its own for each micro-batch: one that waits holds up no other."""
    if not torch.cuda.is_initialized():
        return nullcontext()
    return torch.cuda.stream(torch.cuda.Stream())


if __name__ == "__main__":
    main()
