import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_process_that_understands_tells_what_it_holds_in_memory() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "edgewise.learn.footprint"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert 40 < float(told.stdout) <= 120
