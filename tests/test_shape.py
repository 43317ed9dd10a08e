"""The shape of the source: one idea a file, a test file for each, nothing too long to read.

Beside each module `src/edgewise/act/decide.py` stands `tests/act/test_decide.py`.
"""

import ast
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "edgewise"
FILE_LINES = 600
FUNCTION_LINES = 80
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

# Modules without a test file of their own, each with the reason.
UNTESTED = {
    "*/__main__.py": "starts the package's main, which has its own test",
    "core/part.py": "values without behaviour; tests/core/test_event.py holds them in JSON",
    "core/place.py": "values without behaviour; tests/core/test_event.py holds them in JSON",
    "core/thought.py": "values without behaviour; tests/core/test_event.py holds them in JSON",
    "perceive/hear.py": "values and a Protocol; tests/perceive/test_ears.py holds the real one",
    "talk/events.py": "values without behaviour; tests/talk/test_conversation.py tells them all",
    "talk/item.py": "values without behaviour; tests/talk/test_remembering.py keeps them",
    "talk/mind.py": "values and a Protocol; tests/talk/test_speaking.py answers by them",
    "talk/settings.py": "values without behaviour; tests/talk/test_turn_taking.py goes by them",
    "talk/talk.py": "a Protocol; tests/talk/test_conversation.py holds the one that is it",
    "cloud/migrations/*/*.py": "steps; tests/cloud/test_migrations.py compares what they make",
    "cloud/migrations/env.py": "run by Alembic; tests/cloud/test_migrations.py runs it",
    "cloud/ports.py": "Protocols; tests/cloud/test_responses.py calls its one function by leaving",
    "act/catalogue/*.py": "declarations; tests/act/test_catalogue.py holds all families",
}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)


def test_every_module_has_a_test_file():
    missing = [
        f"{module.relative_to(ROOT)}  ->  {wanted.relative_to(ROOT)}"
        for module in modules()
        if not is_excused(module) and not (wanted := expected_test(module)).is_file()
    ]
    listed = "\n  ".join(missing)
    assert not missing, f"{len(missing)} modules have no test file:\n  {listed}"


def test_every_excuse_is_still_needed():
    names = [module.relative_to(SOURCE).as_posix() for module in modules()]
    idle = [
        pattern
        for pattern in UNTESTED
        if "__main__" not in pattern and not any(fnmatch(name, pattern) for name in names)
    ]
    assert not idle, f"UNTESTED names what does not exist: {idle}"


def test_no_file_is_too_long():
    long = {
        str(module.relative_to(ROOT)): lines
        for module in modules()
        if (lines := len(module.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert not long, f"longer than {FILE_LINES} lines (split by idea): {long}"


def test_no_function_is_too_long():
    long = [
        f"{module.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines"
        for module in modules()
        for node in functions_in(tree_of(module))
        if (lines := count_lines(node)) > FUNCTION_LINES
    ]
    listed = "\n  ".join(long)
    assert not long, f"functions longer than {FUNCTION_LINES} lines:\n  {listed}"


def test_no_name_says_nothing():
    empty = [
        str(path.relative_to(ROOT))
        for path in SOURCE.rglob("*")
        if EMPTY_NAMES & set(path.stem.lower().split("_"))
    ]
    assert not empty, f"name these after their idea: {empty}"


def test_every_module_says_what_it_is():
    silent = [
        str(module.relative_to(ROOT))
        for module in modules()
        if ast.get_docstring(tree_of(module)) is None
    ]
    assert not silent, f"no module docstring: {silent}"


def test_every_part_but_the_reference_model_is_type_checked_strictly():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    strict = {Path(path).name for path in settings["tool"]["pyright"]["strict"]}
    parts = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()} | {
        path.name for path in SOURCE.glob("*.py")
    }
    assert parts - strict == {"step3"}


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def is_excused(module: Path) -> bool:
    """True for packages that only say what they are, and for what UNTESTED names."""
    if module.name == "__init__.py" and not holds_code(module):
        return True
    name = module.relative_to(SOURCE).as_posix()
    return any(fnmatch(name, pattern) for pattern in UNTESTED)


def holds_code(module: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(tree_of(module))
    )


def expected_test(module: Path) -> Path:
    """Where a module's tests stand; those of a package's `__init__` bear the package's name."""
    inner = module.relative_to(SOURCE)
    if inner.name == "__init__.py":
        return ROOT / "tests" / inner.parent.parent / f"test_{inner.parent.name}.py"
    return ROOT / "tests" / inner.parent / f"test_{inner.name}"


def functions_in(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions below a node, inner ones too; expressions, which hold none, are passed by."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        if not isinstance(child, ast.expr):
            yield from functions_in(child)


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring and decorators."""
    end = function.end_lineno or function.lineno
    lines = end - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines
