import os
from collections.abc import Iterator

import pytest

from benchmarks.processes import Cores, share_cores


@pytest.fixture
def cores() -> Iterator[Cores]:
    """The cores that a benchmark would use; this process has its own again after."""
    before = os.sched_getaffinity(0)
    yield share_cores()
    os.sched_setaffinity(0, before)
