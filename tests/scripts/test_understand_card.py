"""The card beside the shipped weights tells of these weights."""

import hashlib
from pathlib import Path

from edgewise.think.understanding import command_model
from scripts.understand.card import SHIPPED

FOLDER = Path(command_model.__file__).parent
CARD = (FOLDER / "command_model.md").read_text("utf-8")


def test_the_card_names_the_files_beside_it():
    for name in SHIPPED:
        digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        assert f"| {digest} |" in CARD, name
