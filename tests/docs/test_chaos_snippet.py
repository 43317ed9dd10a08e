"""The example of the guide to faults runs, falls back, and lets nothing out."""

import subprocess
import sys

from tests.docs.commands import ROOT


def test_the_client_behind_faults_is_answered_and_nothing_is_found():
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "snippets" / "chaos.py")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "healthy: hello"
    assert [line.partition(":")[0] for line in lines[1:3]] == ["cloud_down", "half_open"]
    assert all("(on the device, after " in line for line in lines[1:3])
    assert lines[3].endswith("requests left")
