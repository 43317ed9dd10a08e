"""The guide's example of a Step-3 folder in transformers says what the folder's own reader says."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")
pytest.importorskip("transformers", reason="transformers is not installed (extra step3)")

from edgewise.step3.conversation import Conversation
from edgewise.step3.sampling import Sampling
from tests.docs.commands import ROOT
from tests.step3.small_folder import small_folder

LIMIT_S = 100
ASKED = "What colour is it?"


@pytest.mark.slow
def test_the_example_writes_what_a_conversation_writes(tmp_path: Path):
    folder = small_folder(tmp_path / "model")
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "snippets" / "step3_transformers.py", folder, ASKED],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    asked = [{"role": "user", "content": ASKED}]
    said = Conversation(folder).answer(asked, [], Sampling(max_tokens=32))
    assert done.stdout.removesuffix("\n") == "".join(piece.text for piece in said)
