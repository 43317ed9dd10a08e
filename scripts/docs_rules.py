"""Writes docs/reference/rules.md: each rule, its decision, its source, the tests that hold it.

    python scripts/docs_rules.py [--check]

The rules come from the code and the policies themselves (`edgewise.act.rules`), the tests from a
scan for `@pytest.mark.rule(N)`. `--check` only compares, for CI.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from edgewise.act.cedar import Force, Policy
from edgewise.act.policy import builtin_policy
from edgewise.act.rules import Rule, rules_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "rules.md"
DECISION = {Force.ALLOWS: "allow", Force.ASKS: "ask first", Force.FORBIDS: "forbid"}
HEAD = """# Safety rules

Made by `scripts/docs_rules.py` from the policies and the tests; do not edit.

No actuator moves unless a rule below allows it. Rules are keyed on the effects a call resolves to
and on the state of the car, never on wording. *Moving* is speed above 0 or unknown, *idling* is
speed 0 out of park, *parked* is speed 0 in park. Regulations named as sources are engineering
reminders, not legal advice.
"""


def main(arguments: Sequence[str]) -> int:
    page = render_rules_page(builtin_policy(), find_tests(ROOT / "tests"))
    if "--check" in arguments:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page
        print("up to date" if same else f"{PAGE.name} is old; run python scripts/docs_rules.py")
        return 0 if same else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")
    return 0


def render_rules_page(policy: Policy, tests: Mapping[int, Sequence[str]]) -> str:
    """The page as Markdown; `tests` are names of tests by number of rule."""
    rules = rules_of(policy)
    lines = [HEAD, "| rule | condition | decision | source | where | tests |", "|" + "---|" * 6]
    lines += [_row(rule, tests.get(rule.number, ())) for rule in rules]
    lines += ["", "## General gates", "", "| policy | decision | words | 中文 |", "|" + "---|" * 4]
    lines += [
        f"| {gate.id} | {DECISION[gate.force]} | {_cell(gate.words.en)} | {gate.words.zh} |"
        for gate in policy.rules
        if gate.number == 0
    ]
    lines += ["", "## What the person is told", "", "| policy | words | 中文 |", "|" + "---|" * 3]
    lines += [
        f"| {cedar.id} | {_cell(cedar.words.en)} | {cedar.words.zh} |"
        for rule in rules
        for cedar in rule.policies
    ]
    lines += ["", "## Tests", ""]
    for rule in rules:
        lines += (
            [f"- Rule {rule.number}:", *(f"  - `{name}`" for name in tests[rule.number])]
            if (tests.get(rule.number))
            else [f"- Rule {rule.number}: none"]
        )
    return "\n".join(lines) + "\n"


def find_tests(folder: Path) -> dict[int, list[str]]:
    """Tests marked `@pytest.mark.rule(N, ...)` below `folder`, by rule, as pytest names them."""
    found: dict[int, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = path.relative_to(folder.parent).as_posix()
        for function in tree.body:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for number in sorted(set(_marks(function))):
                    found.setdefault(number, []).append(f"{name}::{function.name}")
    return found


def _marks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[int]:
    """Numbers in `pytest.mark.rule(...)` of the decorators, also inside `pytest.param`."""
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, int):
                        yield argument.value


def _row(rule: Rule, tests: Sequence[str]) -> str:
    decided = [f"{DECISION[cedar.force]} (`{cedar.id}`)" for cedar in rule.policies]
    told = [rule.decision.en] if rule.decision else []
    cells = (
        str(rule.number),
        rule.condition.en,
        "; ".join(decided + told),
        rule.sources,
        ", ".join(rule.enforced_in),
        str(len(tests)) if tests else "none",
    )
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
