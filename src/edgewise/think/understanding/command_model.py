"""The command model: a small trained encoder that reads every word of a sentence in its place.

One pass gives a vector for each word piece; linear heads read them: which function a stretch of the
text asks for and which label it would have in a public source (the means over its pieces), which
piece begins another order, which pieces are a name, a time, a message (BIO tags). Trained by
`python -m scripts.understand.train`, described in command_model.md. Runs on onnxruntime, one
thread, 8-bit weights. It does not know which way (on, off): see polarity.py.
"""

import functools
import hashlib
import json
import threading
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from edgewise.errors import ModelError
from edgewise.think.understanding.normalise import ENDS, is_chinese
from edgewise.think.understanding.tagging import Span, Tagger
from edgewise.think.understanding.word_pieces import FIRST, WordPieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NONE = "none"
"""Chat, open questions, sentences about the world: nothing here to call."""
UNEXPOSED = "unexposed"
"""Brake, gear, horn, engine start and the like: recognised in order to be declined."""
SIZE = 384
LONGEST = 96
"""Word pieces read of one text; what stands behind them is not seen."""
SURE_ALONE = 0.75
"""From here a function is believed whatever label a source would give."""
MOST_OF, SURE_INSIDE = 0.8, 0.9
"""A clause that is this share of its text is read in the pass over the text, and so is one of whose
function that pass is as sure as the second."""
LINK = 2
"""Characters of a joining word, with which an order begins."""
FILES = (
    "command_model.onnx", "command_model.npz", "command_pieces.txt", "command_words.npy",
)  # fmt: skip
ENDINGS = ("ing", "ed", "es", "s", "ly", "er", "ers")
_MANY = 24


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and its probability."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What the model saw in one text of T pieces: scores (T, functions + labels), where further
    orders begin, its mentions."""

    offsets: tuple[tuple[int, int], ...]
    scores: "NDArray[np.float32]"
    begins: tuple[int, ...]
    mentions: tuple[Span, ...]


class CommandModel:
    """Text -> functions with probabilities, beginnings of orders, typed spans. Thread-safe."""

    def __init__(
        self, session: Any, pieces: WordPieces, words: "NDArray[np.int8]",
        scale: "NDArray[np.float32]", functions: tuple[str, ...], of: "NDArray[np.int64]",
        tagger: Tagger, temperature: float,
    ) -> None:  # fmt: skip
        """`words` are the vectors of the pieces (N, SIZE), `scale` (N, 1) what each counts for,
        `of` (labels) the function of each label of the sources."""

        self.functions, self._of = functions, of
        self._session, self._pieces = session, pieces
        self._words, self._scale = words, scale
        self._tagger, self._temperature = tagger, temperature
        self._lock = threading.Lock()
        self._seen: dict[str, Sight] = {}

    def guess(self, plain: str, within: str = "", count: int = 5) -> list[Guess]:
        """The `count` likeliest functions of a normalised clause, the likeliest first. A clause
        of the text `within` is read there, in the pass that was made over it, and again alone where
        that leaves it in doubt what a small part of the text asks for."""
        inside, latin = self._inside(plain, within), not is_chinese(plain)
        if len(inside):
            found = self._likeliest(inside, count, latin=latin)
            sure = found[0].confidence >= SURE_INSIDE and (
                latin or self._stands_apart(plain, within)
            )
            if sure or len(plain) >= MOST_OF * len(within):
                return found
        scores = self.see(plain).scores
        return self._likeliest(scores, count, latin=latin) if len(scores) else [Guess(NONE, 1.0)]

    def _stands_apart(self, plain: str, within: str) -> bool:
        """Whether the pass over the text saw an order begin where this clause begins, and another
        one, or nothing more, behind it. Chinese orders stand too close to be read together where
        it did not."""
        begins = self.see(within).begins
        start = within.find(plain)
        end = start + len(plain)
        opens = start == 0 or any(0 <= start - begin <= LINK for begin in begins)
        return opens and (not within[end:].strip(ENDS) or end in begins or end + 1 in begins)

    def _likeliest(self, scores: "NDArray[np.float32]", count: int, *, latin: bool) -> list[Guess]:
        """From the scores of some pieces."""
        import numpy as np

        shares = likely(scores / self._temperature, self._of, latin=latin)
        best = np.argsort(-shares)[:count]
        return [Guess(self.functions[int(i)], float(shares[int(i)])) for i in best]

    def _inside(self, plain: str, within: str) -> "NDArray[np.float32]":
        """The scores of the pieces of a clause in the pass over its text, if it is there."""
        at = within.find(plain) if plain else -1
        if at < 0 or not self.sees(within, at + len(plain)):
            return self.see("").scores
        sight = self.see(within)
        pieces = [i for i, (s, _) in enumerate(sight.offsets) if at <= s < at + len(plain)]
        return sight.scores[pieces]

    def see(self, plain: str) -> Sight:
        """One pass over a text; the last texts are remembered."""
        with self._lock:
            sight = self._seen.get(plain)
        if sight is None:
            sight = self._look(plain)
            with self._lock:
                if len(self._seen) >= _MANY:
                    self._seen.clear()
                self._seen[plain] = sight
        return sight

    def sees(self, plain: str, end: int) -> bool:
        """Whether the pass over a text reaches `end`: it reads so many pieces and no more."""
        offsets = self.see(plain).offsets
        return len(offsets) < LONGEST - 1 or offsets[-1][1] >= end

    def known_share(self, plain: str) -> float:
        """The share of a text's Latin words that the vocabulary knows whole, from 0 to 1."""
        words = [word for word in plain.replace("'", " ").split() if word.isascii()]
        words = [word for word in (w.strip(" .,;:!?") for w in words) if word.isalpha()]
        if not words:
            return 1.0
        return sum(map(self.knows, words)) / len(words)

    def knows(self, word: str) -> bool:
        """Whether a word, or what it is without a common ending, is one piece."""
        stems = (word[: -len(end)] for end in ENDINGS if word.endswith(end))
        forms = [word, *(form for stem in stems for form in (stem, stem + "e", stem[:-1]))]
        return any(len(self._pieces(form)) == 1 for form in forms if form)

    def meaning(self, plain: str) -> "NDArray[np.float32]":
        """The mean of a text's word vectors (SIZE), of length one; it knows no word order."""
        import numpy as np

        ids = [number for number, _, _ in self._pieces(plain)]
        if not ids:
            return np.zeros(SIZE, np.float32)
        mean = self._vectors(ids).mean(axis=0)
        return mean / (float(np.sqrt(mean @ mean)) or 1.0)

    def _vectors(self, ids: list[int]) -> "NDArray[np.float32]":
        """The word vectors (T, SIZE) of pieces."""
        return self._words[ids] * self._scale[ids]

    def _look(self, plain: str) -> Sight:
        import numpy as np

        pieces = self._pieces(plain)[: LONGEST - 1]
        scored = len(self.functions) + len(self._of)
        if not pieces:
            return Sight((), np.empty((0, scored), np.float32), (), ())
        ids = [FIRST, *(number for number, _, _ in pieces)]
        offsets = tuple((start, end) for _, start, end in pieces)
        out = self._session.run(None, {"words": self._vectors(ids)[None]})[0][0, 1:]
        scores, starts = out[:, :scored], out[:, -1]
        begins = tuple(offsets[i][0] for i in np.flatnonzero(starts > 0) if i)
        return Sight(offsets, scores, begins, self._tagger(out[:, scored:-1], offsets, plain))


def likely(
    scores: "NDArray[np.float32]", of: "NDArray[np.int64]", *, latin: bool
) -> "NDArray[np.float32]":
    """Probabilities of the functions (F) that some pieces ask for, from their scores (T, F + L);
    `of` (L) is the function of each label. Where no function is sure, each that the public sources
    know counts, in their language, as much as their labels for it: they draw the line between
    functions differently, and a sentence is taken by the convention of the set it is like."""
    import numpy as np

    mean = scores.mean(axis=0)
    cut = len(mean) - len(of)
    shares = _softmax(mean[:cut])
    if not latin or not len(of) or shares.max() >= SURE_ALONE:
        return shares
    known = np.bincount(of, minlength=cut) > 0
    told = np.bincount(of, _softmax(mean[cut:]), cut)
    both = np.where(known, told * shares[known].sum(), shares)
    return both if both.max() > shares.max() else shares


def _softmax(scores: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np

    shares = np.exp(scores - scores.max(initial=-np.inf))
    return shares / shares.sum()


@functools.cache
def weights_hash() -> str:
    """SHA-256 over the shipped files, in their order; empty where there are none."""
    folder = resources.files("edgewise.think.understanding")
    digest = hashlib.sha256()
    for name in FILES:
        if not (folder / name).is_file():
            return ""
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


@functools.cache
def load_command_model() -> CommandModel:
    """The shipped model, read once a process: nothing in it ever changes.

    Raises ModelError when a file or a library is missing.
    """
    try:
        import numpy as np
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise ModelError(
            f"understanding needs {error.name}; install: pip install 'edgewise[understand]'",
            code="missing_package",
        ) from error
    folder = resources.files("edgewise.think.understanding")
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise ModelError(f"{missing[0]} is missing; make it with: make train-understand",
                         code="missing_model")  # fmt: skip
    options: Any = onnxruntime.SessionOptions()  # pyright: ignore
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / FILES[0]), options, providers=["CPUExecutionProvider"]
    )
    words = np.asarray(np.load(str(folder / FILES[3]), mmap_mode="r"))
    pieces = WordPieces((folder / FILES[2]).read_text("utf-8").rstrip("\n").split("\n"))
    with (folder / FILES[1]).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        names = json.loads(str(stored["names"]))
        return CommandModel(
            session, pieces, words, stored["scale"].astype(np.float32), tuple(names["functions"]),
            np.array(names["of"], np.int64),
            Tagger(names["tags"], stored["transitions"].astype(np.float32)),
            float(stored["temperature"]),
        )  # fmt: skip
