"""The rules page is made from the policies and the marked tests, and is up to date."""

from pathlib import Path

from edgewise.act.policy import builtin_policy
from scripts.docs_rules import find_tests, render_rules_page

MARKED = """
import pytest

@pytest.mark.rule(2)
@pytest.mark.slow
def test_one(): ...

@pytest.mark.rule(2, 5)
async def test_two(): ...

def test_three(): ...
"""


def test_tests_are_found_by_the_rules_they_are_marked_with(tmp_path: Path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_marked.py").write_text(MARKED, encoding="utf-8")
    one, two = "tests/test_marked.py::test_one", "tests/test_marked.py::test_two"
    assert find_tests(folder) == {2: [one, two], 5: [two]}


def test_the_page_shows_every_rule_every_policy_and_the_tests():
    page = render_rules_page(builtin_policy(), {2: ["tests/a.py::test_lights"]})
    for number in range(1, 45):
        assert f"\n| {number} | " in page
    for rule in builtin_policy().rules:
        assert rule.id in page
        assert rule.words.zh in page
    assert "tests/a.py::test_lights" in page
    assert "- Rule 3: none" in page
