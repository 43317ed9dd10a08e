"""The page of the judges: counts, every failure with its reason, skipped cases by reason."""

from typing import Any

from scripts.docs_judges import judges_page


def case(name: str, outcome: str, reason: str = "") -> dict[str, str]:
    return {"case": name, "outcome": outcome, "reason": reason}


def page(*cases: dict[str, str]) -> str:
    outcomes = [one["outcome"] for one in cases]
    judge: dict[str, Any] = {
        "name": "a-client",
        "what": "A client",
        "package": "client",
        "version": "1.2.3",
        "cases": list(cases),
        **{kind: outcomes.count(kind) for kind in ("passed", "failed", "skipped")},
    }
    return judges_page({"judges": [judge]})


def test_a_judge_has_a_row_with_its_version_and_counts():
    told = page(case("a", "passed"), case("b", "passed"), case("c", "skipped", "no car"))
    assert "| [A client](#a-client) | `client` | 1.2.3 | 2 | 0 | 1 |" in told
    assert "Nothing." in told


def test_every_failure_is_told_with_its_reason():
    told = page(case("a", "failed", "said x | y"))
    assert "| a-client | a | said x \\| y |" in told
    assert "Nothing." not in told


def test_cases_that_are_skipped_for_one_reason_stand_together():
    told = page(case("a", "skipped", "no car"), case("b", "skipped", "no car"))
    assert "| no car | `a`, `b` |" in told
