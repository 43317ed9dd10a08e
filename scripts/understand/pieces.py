"""The word pieces of the command model: MiniLM's for Latin script, one a character for Chinese."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

PAD, UNKNOWN, START = "[PAD]", "[UNK]", "[CLS]"
_LATIN = re.compile(r"(##)?[\x21-\x7e\u00a0-\u024f\u20ac]+")


def latin_pieces(vocabulary: Path) -> list[tuple[str, int]]:
    """MiniLM's pieces of Latin script with their numbers, the three special ones first."""
    known = vocabulary.read_text("utf-8").splitlines()
    special = [(piece, known.index(piece)) for piece in (PAD, UNKNOWN, START)]
    kept = [
        (piece, number)
        for number, piece in enumerate(known)
        if _LATIN.fullmatch(piece) and not re.fullmatch(r"\[\w+\]", piece)
    ]
    return special + kept


def chinese_pieces(texts: Iterable[str], at_least: int = 2) -> list[str]:
    """Characters beyond Latin script that occur often enough to be learnt."""
    counts = Counter(char for text in texts for char in text if ord(char) > 0x2FF)
    return sorted(char for char, count in counts.items() if count >= at_least)


def make_tokenizer(pieces: Iterable[str]) -> Tokenizer:
    """Text -> pieces with offsets. The piece before all, `[CLS]`, is put there by the caller."""
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=60))
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def save(tokenizer: Tokenizer, file: Path) -> None:
    """One line of JSON, the same bytes for the same pieces."""
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    file.write_text(text, "utf-8")
