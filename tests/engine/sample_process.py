"""A process as a model's: answers, counts slowly, fails, dies or hangs, as the order says."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

from edgewise.engine.serving import serve
from edgewise.errors import ModelError, UserError


class Sample:
    """Does what the order names."""

    def answer(self, order: bytes, is_cancelled: Callable[[], bool]) -> Iterator[bytes]:
        os.write(1, b"a library prints what it likes\n")
        match order:
            case b"pid":
                yield str(os.getpid()).encode()
            case b"bad":
                raise UserError("what came is no sound", code="bad_sound")
            case b"bad later":
                yield b"first"
                raise UserError("what came is no sound", code="bad_sound")
            case b"flood":
                for _ in range(5000):
                    yield bytes(2000)
            case b"die":
                os.write(2, b"about to die\n")
                os._exit(7)
            case b"hang":
                time.sleep(60)
            case b"much":
                yield bytes(200_000_000)
            case b"count":
                for number in range(1000):
                    if is_cancelled():
                        return
                    yield str(number).encode()
                    time.sleep(0.005)
            case _:
                yield order[::-1]


def load() -> Sample:
    if "--slow" in sys.argv:
        time.sleep(1)
    if "--bare" in sys.argv:
        raise ImportError("No module named 'a_library'")
    if "--broken" in sys.argv:
        raise ModelError("the file is not here", code="model_missing")
    return Sample()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    given, _ = parser.parse_known_args()
    sys.exit(
        serve(
            load, extra="sample", parent=given.parent, memory_limit_bytes=given.memory_limit_bytes
        )
    )
