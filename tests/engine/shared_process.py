"""A process of a model that answers several orders at once; its orders are words, see `Shared`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator

from edgewise.engine.serving import serve
from edgewise.errors import UserError


class Shared:
    """`count N` reports the numbers below N, one a step; `told` what was cancelled; `bad` is
    refused; `die` ends the process."""

    def __init__(self) -> None:
        self._left: dict[int, list[bytes]] = {}
        self._cancelled = 0

    @property
    def busy(self) -> bool:
        return bool(self._left)

    def add(self, number: int, order: bytes) -> None:
        word, _, count = order.partition(b" ")
        if word == b"bad":
            raise UserError("this is no order", code="bad_order")
        if word == b"die":
            os._exit(7)
        told = [b"%d" % n for n in range(int(count or b"0"))]
        self._left[number] = told if word == b"count" else [b"%d" % self._cancelled]

    def cancel(self, number: int) -> None:
        self._cancelled += self._left.pop(number, None) is not None

    def step(self) -> Iterator[tuple[int, bytes | None]]:
        time.sleep(0.001)
        for number, left in list(self._left.items()):
            if left:
                yield number, left.pop(0)
            else:
                del self._left[number]
                yield number, None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    given = parser.parse_args()
    return serve(Shared, extra="none", parent=given.parent)


if __name__ == "__main__":
    sys.exit(main())
