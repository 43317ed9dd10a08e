"""The process of a Step-3 model: the only one of a platform's that loads torch."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from edgewise.engine.serving import serve
from edgewise.think.step3_wire import Wrote, asks, encode

if TYPE_CHECKING:
    from edgewise.step3.conversation import Desk


class Step3Handler:
    """Answers orders of `step3_wire.py`, several at once; a report for each token."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    @property
    def busy(self) -> bool:
        return self._desk.busy

    def add(self, number: int, order: bytes) -> None:
        from edgewise.step3.sampling import Sampling

        ask = asks.decode(order)
        top_p = max(ask.top_p, 1e-6)  # 0, which the API allows, leaves the likeliest
        sampling = Sampling(ask.temperature, top_p, ask.seed, ask.most_tokens)
        self._desk.add(number, ask.messages, ask.pictures, sampling)

    def cancel(self, number: int) -> None:
        self._desk.cancel(number)

    def step(self) -> Iterator[tuple[int, bytes | None]]:
        for number, piece in self._desk.step():
            wrote = Wrote(piece.text, piece.prompt_tokens, piece.tokens, piece.finish)
            yield number, encode(wrote)
            if piece.finish:
                yield number, None


def load(folder: Path, threads: int, device: str) -> Step3Handler:
    """Raises UserError for a folder that cannot be read; ImportError without the extra."""
    import torch

    from edgewise.step3.conversation import Conversation, Desk

    torch.set_num_threads(threads)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return Step3Handler(Desk(Conversation(folder, device=device)))


def main() -> int:
    """Run it; the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="auto")
    given = parser.parse_args()
    return serve(
        lambda: load(given.folder, given.threads, given.device),
        extra="step3",
        parent=given.parent,
        memory_limit_bytes=given.memory_limit_bytes,
    )


if __name__ == "__main__":
    sys.exit(main())
