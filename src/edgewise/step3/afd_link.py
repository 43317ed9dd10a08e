"""What goes between attention and FFN workers: tokens and their experts one way, sums back.

Each micro-batch has a process group of its own, so nothing of one waits in a queue behind another;
within a group all go by the same order of layers. gloo carries it between CPUs, over loopback; NCCL
between GPUs, where each worker has one. Vectors go in the model's own type (the paper sends FP8 to
the FFN side): the tokens are to be those of one process.
Letters of shapes: N tokens, h hidden, K experts a token.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from edgewise.step3.afd_message import Plan


class Work(Protocol):
    def wait(self) -> object: ...


class Group(Protocol):
    """A process group of torch, of which ranks are those of the plan."""

    def send(self, tensors: list[Tensor], rank: int, tag: int, /) -> Work: ...
    def recv(self, tensors: list[Tensor], rank: int, tag: int, /) -> Work: ...


Begun = tuple[int, Work]
"""What is under way, with the rank of the other end."""


class PeerLost(Exception):
    """The worker of rank `peer` does not answer, or has ended."""

    def __init__(self, peer: int, reason: str) -> None:
        super().__init__(reason)
        self.peer = peer


class Shape(NamedTuple):
    """Of what goes to the FFN side in one layer: `experts` is K, or 0 in a dense layer."""

    hidden: int
    experts: int
    dtype: torch.dtype

    def size(self, tokens: int) -> int:
        """Bytes for that many tokens: experts (int32), vectors, weights of the experts."""
        return tokens * (4 * self.experts + (self.hidden + self.experts) * self.dtype.itemsize)


def backend_for(workers: int) -> str:
    """NCCL where each worker can have a GPU of its own, else gloo."""
    has_gpus = torch.cuda.is_available() and torch.cuda.device_count() >= workers
    return "nccl" if has_gpus and dist.is_nccl_available() else "gloo"


def device_for(backend: str, rank: int) -> str:
    return f"cuda:{rank}" if backend == "nccl" else "cpu"


def join(plan: Plan, rank: int, store: str, wait_limit_s: float) -> Sequence[Group]:
    """Meets the other workers by the file `store`; a group for each micro-batch, in order."""
    limit = timedelta(seconds=wait_limit_s)
    dist.init_process_group(
        backend_for(plan.workers),
        store=dist.FileStore(store, plan.workers),  # pyright: ignore[reportPrivateImportUsage]
        rank=rank,
        world_size=plan.workers,
        timeout=limit,
    )
    groups = [dist.new_group(timeout=limit) for _ in range(plan.micro_batches)]
    return [group for group in groups if isinstance(group, dist.ProcessGroup)]  # all of them


def pack(tokens: Tensor, chosen: Tensor | None, weights: Tensor | None) -> Tensor:
    """tokens (N, h), chosen and weights (N, K) or None -> bytes, one after the other."""
    if chosen is None or weights is None:
        return as_bytes(tokens)
    return torch.cat((as_bytes(chosen.int()), as_bytes(tokens), as_bytes(weights)))


def unpack(sent: Tensor, tokens: int, shape: Shape) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """What was packed."""
    if not shape.experts:
        return sent.view(shape.dtype).view(tokens, shape.hidden), None, None
    first = 4 * tokens * shape.experts
    second = first + tokens * shape.hidden * shape.dtype.itemsize
    return (
        sent[first:second].view(shape.dtype).view(tokens, shape.hidden),
        sent[:first].view(torch.int32).view(tokens, shape.experts),
        sent[second:].view(shape.dtype).view(tokens, shape.experts),
    )


def as_bytes(tensor: Tensor) -> Tensor:
    return tensor.contiguous().view(torch.uint8).flatten()


def send(to: Sequence[tuple[int, Tensor]], group: Group) -> list[Begun]:
    """Begins to send each tensor to its rank; they must stay as they are until `finish`."""
    return [_begin(group.send, peer, tensor) for peer, tensor in to]


def receive(of: Sequence[tuple[int, Tensor]], group: Group) -> list[Begun]:
    """Begins to fill each tensor from its rank."""
    return [_begin(group.recv, peer, tensor) for peer, tensor in of]


def finish(begun: Sequence[Begun]) -> None:
    """Waits for all of them. Raises PeerLost."""
    for peer, work in begun:
        try:
            work.wait()
        except RuntimeError as error:
            raise PeerLost(peer, str(error)) from error


def _begin(begin: Callable[[list[Tensor], int, int], Work], peer: int, tensor: Tensor) -> Begun:
    try:
        return peer, begin([tensor], peer, 0)
    except RuntimeError as error:
        raise PeerLost(peer, str(error)) from error
