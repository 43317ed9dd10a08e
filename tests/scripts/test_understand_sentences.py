"""The sentences that the grammar gives: the same for a seed, with spans that fit."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from edgewise.think.understanding.normalise import is_chinese, normalise
from scripts import understand_sentences as sentences
from scripts.sentence_patterns import SPAN_TYPES, grammar_files
from scripts.speech_slips import FOLDER

HELD_OUT = Path(__file__).resolve().parents[1] / "think/heldout"
FEW = 50


@cache
def generated():
    return sentences.generate(1, FEW)


def test_the_same_seed_makes_the_same_sentences():
    first = sentences.generate(1, 12)
    assert first == sentences.generate(1, 12)
    assert first != sentences.generate(2, 12)


def test_patterns_belong_to_capabilities_that_exist():
    names = {capability.name for capability in sentences.read_capabilities()}
    assert set(sentences.read_grammar().patterns) == names | {"none", "unexposed"}


def test_every_function_has_sentences_in_both_languages():
    counts = Counter((one.function, one.language) for one in generated())
    short = {key: count for key, count in counts.items() if count < FEW - 5}
    assert not short
    assert len(counts) == 2 * len(sentences.read_grammar().patterns)


def test_no_sentence_belongs_to_two_functions():
    owners = {}
    for one in generated():
        assert owners.setdefault(one.plain, one.function) == one.function, one


def test_few_sentences_are_left_out_because_two_functions_claim_them():
    assert sentences.doubted(1, FEW).total() < len(generated()) * 0.005


def test_texts_are_as_normalising_leaves_them():
    for one in generated():
        assert normalise(one.text).text == one.text
        assert len(one.plain) == len(one.text)


def test_spans_lie_in_order_and_apart_without_outer_spaces():
    for one in generated():
        last = 0
        for _, start, end in one.spans or ():
            assert last <= start < end <= len(one.text), one
            assert one.text[start:end].strip() == one.text[start:end], one
            last = end


def test_spans_slice_to_words_of_the_grammar():
    grammar = sentences.read_grammar()
    kinds = {}
    for choice in grammar.choices():
        kinds.setdefault(choice.type, []).append(grammar.regex(choice))
    words = {type: re.compile("|".join(own).lower()) for type, own in kinds.items()}
    heard = heard_words()
    for one in generated():
        for type, start, end in one.spans or ():
            said = one.plain[start:end]
            known = (said, simplify(said), *(said.replace(a, b) for a, b in heard if a in said))
            # a word that may be left out leaves a blank, which is tidied away
            forms = [*known, *(f" {form}" for form in known)]
            assert any(words[type].fullmatch(form) for form in forms), (one, type, said)


def test_every_span_type_occurs():
    assert {type for one in generated() for type, _, _ in one.spans or ()} == SPAN_TYPES


def test_language_is_told_by_the_characters():
    assert all(is_chinese(one.text) == (one.language == "zh") for one in generated())


@pytest.mark.slow
def test_training_rows_are_normalised_texts_with_one_class_each():
    rows = sentences.make_sentences(sentences.read_capabilities()[:3], 1)
    texts = [text for text, _ in rows]
    assert len(texts) == len(set(texts))
    assert all(normalise(text).plain == text for text in texts)


@pytest.mark.slow
def test_many_sentences_are_different_ones():
    counts = Counter((one.function, one.language) for one in sentences.generate(1, 600))
    assert {key: count for key, count in counts.items() if count < 540} == {}


def test_no_held_out_sentence_is_in_the_patterns():
    lines = set()
    for path in grammar_files():
        lines |= {line.lstrip("~ ") for line in path.read_text(encoding="utf-8").splitlines()}
    for path in HELD_OUT.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.split('"text": "', 1)[1].split('"', 1)[0] not in lines


def heard_words():
    lines = (FOLDER / "misheard_zh.txt").read_text(encoding="utf-8").splitlines()
    return [(heard, word) for word, *rest in map(str.split, lines) for heard in rest]


def simplify(text: str) -> str:
    for line in (FOLDER / "traditional.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            now, before = line.split()
            text = text.translate(str.maketrans(before, now))
    return text
