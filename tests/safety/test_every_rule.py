"""The table is whole: each of the 44 rules four ways with a twin, or the reason why a way is not.

The cases themselves are played in `test_four_ways.py`.
"""

import ast
from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.cedar import load_policy
from edgewise.act.policy import builtin_policy, builtin_texts
from edgewise.act.resolve import may_touch
from edgewise.act.rules import rules_of
from tests.each_row import each_row
from tests.safety.case import WAYS, has_way
from tests.safety.cases import CASES
from tests.safety.device import catalogue_with_apps

RULES = [rule.number for rule in rules_of(builtin_policy())]


def test_there_are_44_rules() -> None:
    assert list(range(1, 45)) == RULES


@each_row("way", WAYS)
def test_each_rule_is_met_each_way_or_says_why_there_is_none(way: str) -> None:
    for rule in RULES:
        cases = [case for case in CASES if case.rule == rule]
        met = [case for case in cases if has_way(case, way)]
        reasons = [case.no_way[way] for case in cases if way in case.no_way]
        assert met or reasons, rule
        for case in cases:
            assert has_way(case, way) != (way in case.no_way), (str(case), way)


def test_each_case_is_told_in_both_languages_and_in_more_than_one_part() -> None:
    for case in CASES:
        for zh, en in ((case.zh, case.en), (case.twin.zh, case.twin.en)):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), zh
            assert en.isascii(), en
        assert case.several not in (case.zh, case.en), str(case)
        assert case.twin.capability or case.twin.approves, str(case)


def test_each_rule_has_a_marked_test_besides_the_table() -> None:
    """What the table tells of a turn, another test holds where the rule lives."""
    marked = {number for path in modules_beside() for number in marks_in(path)}
    assert set(RULES) - marked == HELD_BY_THE_TABLE_ALONE


HELD_BY_THE_TABLE_ALONE = {12}
"""Rule 12 is words in an answer: nothing to see below the turn."""


@pytest.mark.rule(40)
def test_the_hashes_tell_one_release_from_another() -> None:
    assert catalogue_with_apps().hash != builtin_catalogue().hash
    texts = dict(builtin_texts())
    texts["gates.cedar"] += "\n// one more word"
    assert load_policy(texts).hash != builtin_policy().hash


@pytest.mark.rule(39)
def test_no_capability_of_the_device_can_write_software() -> None:
    """Updates come signed through the fleet; what the policy says of them is in
    test_rules_people.py."""
    for capability in builtin_catalogue().capabilities:
        for target in ("software.model", "software.policy", "software.skill.1"):
            assert not may_touch(capability, target), capability.name


def modules_beside() -> list[Path]:
    folder = Path(__file__).parents[1]
    return [path for path in folder.rglob("test_*.py") if path.name != "test_four_ways.py"]


def marks_in(path: Path) -> set[int]:
    """Numbers in `pytest.mark.rule(...)` of the tests in a file."""
    text = path.read_text(encoding="utf-8")
    if "mark.rule" not in text:
        return set()
    return {
        argument.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
    }
