import hashlib
from pathlib import Path

import numpy as np
import pytest

from edgewise.errors import TrustError
from edgewise.think.understanding import embed


@pytest.fixture(scope="module")
def embedder() -> embed.Embedder:
    return embed.load_embedder()


def test_a_text_is_a_unit_vector(embedder: embed.Embedder):
    vector = embedder("turn on the headlights")
    assert vector.shape == (embed.SIZE,)
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def test_an_empty_text_is_the_zero_vector(embedder: embed.Embedder):
    assert not embedder("").any()


def test_like_words_are_nearer_than_others(embedder: embed.Embedder):
    cold = embedder("it is chilly")
    assert cold @ embedder("it is cold") > cold @ embedder("play a song")


def test_a_changed_file_is_refused(tmp_path: Path):
    path = tmp_path / "weights"
    path.write_bytes(b"right")
    digest = hashlib.sha256(b"right").hexdigest()
    embed._check(path, 5, digest)
    path.write_bytes(b"wrong")
    with pytest.raises(TrustError, match="SHA-256"):
        embed._check(path, 5, digest)
    with pytest.raises(TrustError, match="bytes"):
        embed._check(path, 6, digest)
