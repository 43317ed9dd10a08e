import hashlib
import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FOLDER = SCRIPTS.parent / "src/edgewise/think/understanding"


def load_sentences():
    spec = importlib.util.spec_from_file_location(
        "understand_sentences", SCRIPTS / "understand_sentences.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_same_seed_makes_the_same_sentences():
    module = load_sentences()
    capabilities = module.read_capabilities()[:3]
    assert module.make_sentences(capabilities, 1) == module.make_sentences(capabilities, 1)
    assert module.make_sentences(capabilities, 1) != module.make_sentences(capabilities, 2)


def test_patterns_belong_to_capabilities_that_exist():
    module = load_sentences()
    names = {capability.name for capability in module.read_capabilities()} | {"none", "unexposed"}
    assert set(module.read_grammar()) <= names


def test_no_held_out_sentence_is_in_the_training_patterns():
    grammar = (SCRIPTS / "understand_grammar.txt").read_text(encoding="utf-8")
    held_out = (SCRIPTS.parent / "tests/think/heldout").glob("*.jsonl")
    for path in held_out:
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.split('"text": "', 1)[1].split('"', 1)[0]
            assert f"\n{text}\n" not in grammar


def test_the_card_tells_the_hash_of_the_shipped_weights():
    digest = hashlib.sha256((FOLDER / "weights.npz").read_bytes()).hexdigest()
    assert digest in (FOLDER / "weights.md").read_text(encoding="utf-8")
