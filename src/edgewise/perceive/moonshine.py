"""English words by Moonshine tiny (arXiv 2410.15608), straight on onnxruntime, greedy.

The encoder takes samples as they are, so that its cost grows with the length of the sound. The
decoder's graph holds both of its ways: without a past at the first token, with one from then on
(what it keeps of the encoder is made once). It takes no prompt. Runs in the ears' process.
"""

import importlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct

from edgewise.core.words import Language
from edgewise.engine.packages import find_file
from edgewise.perceive.hear import Vocabulary
from edgewise.perceive.mel import Samples
from edgewise.perceive.recognise import Guess, mean_probability
from edgewise.perceive.recognisers import MOONSHINE
from edgewise.sound.pcm import LISTENING_HZ

_BEGIN, _END = 1, 2
_HEADS, _HEAD_SIZE = 8, 36
TOKENS_PER_S = 6.5
"""The most that is written for a second of sound: the makers' own limit against loops."""
AROUND_S = 0.3
"""Of silence put around a sound. One that begins at once is heard with a word too much before it
("It said a timer" for "set a timer"): 61 words wrong instead of 88 in 255 sentences."""
_LOOP = 4
"""So many times the same run of tokens is a loop."""


class Encoded(Struct, frozen=True):
    """An encoded sound."""

    heard: Any
    whole: Any
    length_s: float


class Moonshine:
    """The loaded model."""

    name = MOONSHINE
    longest_s = 30.0

    def __init__(self, threads: int = 1) -> None:
        """Raises ModelError (`model_missing`), TrustError; ImportError without onnxruntime."""
        runtime: Any = importlib.import_module("onnxruntime")
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        paths = [str(find_file(MOONSHINE, f"{part}.ort")) for part in _PARTS]
        self._encoder: Any = runtime.InferenceSession(paths[0], options)
        self._decoder: Any = runtime.InferenceSession(paths[1], options)
        self._pieces = read_pieces(find_file(MOONSHINE, "tokenizer.bin").read_bytes())
        self._splitting = Splitting(self._pieces)
        self._past = [one.name for one in self._decoder.get_inputs() if "past" in one.name]
        self._kept = [
            one.name.replace("present", "past_key_values")
            for one in self._decoder.get_outputs()[1:]
        ]

    def recognise(
        self,
        samples: Samples,
        *,
        language: Language | None,
        vocabulary: Vocabulary,
        is_final: bool,
        is_cancelled: Callable[[], bool],
    ) -> Guess:
        """The words in `samples`. The vocabulary is for who corrects them (`hear_english.py`)."""
        del language, vocabulary, is_final
        return self.write(self.encode(samples), is_cancelled)

    def listen(self, samples: Samples, is_cancelled: Callable[[], bool]) -> "MoonshineListening":
        """The words in `samples`, and what others would be worth."""
        sound = self.encode(samples)
        return MoonshineListening(self, sound, [self.write(sound, is_cancelled)])

    def encode(self, samples: Samples) -> Encoded:
        """The sound as the decoder reads it, with silence around."""
        sound = np.pad(samples, int(AROUND_S * LISTENING_HZ))
        whole = np.ones((1, len(sound)), np.int64)
        heard = self._encoder.run(None, {"input_values": sound[None], "attention_mask": whole})[0]
        return Encoded(heard, whole, len(samples) / LISTENING_HZ)

    def write(self, sound: Encoded, is_cancelled: Callable[[], bool]) -> Guess:
        """The words of an encoded sound."""
        most = int(sound.length_s * TOKENS_PER_S) + 2
        tokens, likely = self._write(sound.heard, sound.whole, most, is_cancelled)
        confidence = mean_probability(likely)
        return Guess(spell(self._pieces, tokens), Language.ENGLISH, confidence)

    def likely(self, sound: Encoded, text: str) -> list[float]:
        """The probabilities of a text's tokens, given the sound: one pass of the decoder."""
        tokens = [*self._splitting.split(text), _END]
        given = {
            "input_ids": np.array([[_BEGIN, *tokens[:-1]]], np.int64),
            "use_cache_branch": np.array([False]),
            "encoder_hidden_states": sound.heard,
            "encoder_attention_mask": sound.whole,
        }
        past = dict.fromkeys(self._past, np.zeros((1, _HEADS, 0, _HEAD_SIZE), np.float32))
        scores = self._decoder.run(["logits"], given | past)[0][0]
        return [_probability(row, token) for row, token in zip(scores, tokens, strict=True)]

    def _write(
        self, heard: Any, whole: Any, most: int, is_cancelled: Callable[[], bool]
    ) -> tuple[list[int], list[float]]:
        past: dict[str, Any] = dict.fromkeys(
            self._past, np.zeros((1, _HEADS, 0, _HEAD_SIZE), np.float32)
        )
        fixed = {"encoder_hidden_states": heard, "encoder_attention_mask": whole}
        tokens, likely, last, goes_on = list[int](), list[float](), _BEGIN, False
        while len(tokens) < most and not is_cancelled():
            given = {
                "input_ids": np.array([[last]], np.int64),
                "use_cache_branch": np.array([goes_on]),
            }
            scores, *kept = self._decoder.run(None, given | fixed | past)
            for name, value in zip(self._kept, kept, strict=True):
                if not goes_on or "decoder" in name:
                    past[name] = value
            goes_on = True
            last = int(scores[0, -1].argmax())
            likely.append(_probability(scores[0, -1], last))
            if last == _END:
                break
            tokens.append(last)
            if (kept_of := without_loop(tokens)) is not None:
                return kept_of, likely
        return tokens, likely


_PARTS = ("encoder_model", "decoder_model_merged")


class MoonshineListening:
    """Implements `Listening`."""

    def __init__(self, model: Moonshine, sound: Encoded, guesses: list[Guess]) -> None:
        self.guesses: Sequence[Guess] = guesses
        self._model = model
        self._sound = sound

    def likely(self, text: str) -> Sequence[float]:
        """See `Listening`."""
        return self._model.likely(self._sound, text)


def read_pieces(data: bytes) -> list[bytes]:
    """The tokens' bytes: each behind its length, which takes a second byte from 128 on."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length += (data[at] - 1) * 128
            at += 1
        pieces.append(data[at : at + length])
        at += length
    return pieces


class Splitting:
    """Text to tokens, as they were joined in the making of the table: of two neighbours that are a
    token together, those of the lowest number first (byte pair encoding of SentencePiece)."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}

    def split(self, text: str) -> list[int]:
        """The tokens of `text`."""
        signs = "\u2581" + text.replace(" ", "\u2581")
        parts = [sign.encode() for sign in signs]
        while True:
            joined = [self._numbers.get(a + b, -1) for a, b in pairwise(parts)]
            best = min((number for number in joined if number >= 0), default=None)
            if best is None:
                break
            at = joined.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [token for part in parts for token in self._tokens(part)]

    def _tokens(self, part: bytes) -> list[int]:
        if part in self._numbers:
            return [self._numbers[part]]
        return [self._numbers[bytes([byte])] for byte in part]


def spell(pieces: list[bytes], tokens: list[int]) -> str:
    """The text of tokens, without those of control."""
    parts = (pieces[token] for token in tokens if token > _END)
    text = b"".join(_byte_of(part) for part in parts).decode("utf-8", "replace")
    return text.replace("\u2581", " ").strip()


def without_loop(tokens: list[int]) -> list[int] | None:
    """The tokens up to the first round of a loop at their end; None where there is none."""
    for size in range(1, len(tokens) // _LOOP + 1):
        tail = tokens[-size:] * _LOOP
        if tokens[-len(tail) :] == tail:
            return tokens[: len(tokens) - size * (_LOOP - 1)]
    return None


def _byte_of(piece: bytes) -> bytes:
    """A token such as `<0x41>` is that byte."""
    if len(piece) == 6 and piece.startswith(b"<0x"):
        return bytes([int(piece[3:5], 16)])
    return piece


def _probability(scores: Any, chosen: int) -> float:
    return float(1.0 / np.exp(scores - scores[chosen]).sum())
