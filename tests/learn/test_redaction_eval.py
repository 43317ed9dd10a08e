"""Figures of redaction: what is counted, and that the goals for checked types hold."""

from pathlib import Path

import pytest

from edgewise.errors import UserError
from edgewise.learn.redaction_eval import (
    NOT_COVERED,
    Case,
    chinese_cases,
    public_cases,
    redaction_figures,
    tally,
)
from edgewise.route.recognise.checksums import is_car, is_card, is_company, is_resident
from edgewise.route.recognise.found import Kind

DATA = Path(__file__).resolve().parents[2] / "shared" / "eval" / "router"


def test_a_value_counts_as_found_only_when_all_of_it_is_covered():
    text = "mail a@b.co or 905-674-3793"
    half = Case(text, (("EMAIL_ADDRESS", 0, 11), ("PHONE_NUMBER", 15, 27)))
    counts = tally([half, Case("mail a@b.co", ())])
    assert counts.recall(["EMAIL_ADDRESS"]) == 0
    assert counts.recall(["PHONE_NUMBER"]) == 1
    assert counts.precision([Kind.EMAIL]) == 0.5
    assert counts.precision([Kind.PHONE]) == 1


def test_chinese_cases_are_the_same_for_a_seed_and_hold_true_numbers():
    cases = chinese_cases(200, 1)
    assert cases == chinese_cases(200, 1) != chinese_cases(200, 2)
    holds = {"VIN": is_car, "COMPANY": is_company, "CARD": is_card, "RESIDENT_ID": is_resident}
    seen = 0
    for case in cases:
        for kind, start, end in case.values:
            value = case.text[start:end].replace(" ", "").replace("-", "")
            if kind in holds and value.isascii():
                assert holds[kind](value), case
                seen += 1
    assert seen > 20


def test_chinese_values_are_found_and_harmless_numbers_left():
    counts = tally(chinese_cases(400, 11))
    assert counts.recall(counts.values) >= 0.995
    assert counts.precision() >= 0.99


def test_a_set_that_is_not_there_is_one_clear_error(tmp_path: Path):
    with pytest.raises(UserError, match="pii"):
        redaction_figures(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the public sentences are not at {DATA}")
def test_the_goals_for_checked_types_hold_on_the_public_set():
    figures = {each.metric: each for each in redaction_figures(DATA, chinese=100)}
    for name in ("en_checked_recall", "en_checked_precision", "en_precision", "zh_checked_recall"):
        assert figures[f"redaction_{name}"].met, figures[f"redaction_{name}"]
    assert {kind for case in public_cases(DATA) for kind, _, _ in case.values} >= NOT_COVERED
    assert figures["redaction_en_covered_recall"].value > 0.7
    assert figures["redaction_en_recall_street_address"].value > 0.9
