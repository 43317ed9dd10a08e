import hashlib
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FOLDER = SCRIPTS.parent / "src/edgewise/think/understanding"


def test_the_card_tells_the_hash_of_the_shipped_weights():
    digest = hashlib.sha256((FOLDER / "weights.npz").read_bytes()).hexdigest()
    assert digest in (FOLDER / "weights.md").read_text(encoding="utf-8")
