"""The generator of documents: it writes what differs, a check compares, figures are measured."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import docs

ROOT = Path(__file__).resolve().parents[2]
FIGURE = "about <!-- figure turn: decide p95 --><!-- / --> each"
SNIPPET = "<!-- snippet hello.py -->\n```python\nold\n```\nafter\n"
REPORT = {
    "name": "turn",
    "machine": {"cpu": "a core", "cores": 2, "cores_used": 1, "python": "3.11"},
    "results": [{"metric": "decide p95", "value": 0.25, "unit": "ms", "goal": None, "met": None}],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one README, one figure and one snippet."""
    write = {
        "README.md": f"{FIGURE}\n\n{SNIPPET}",
        "docs/figures/turn.json": json.dumps(REPORT),
        "docs/figures/eval_understand.json": json.dumps(
            REPORT | {"name": "eval_understand", "about": ""}
        ),
        "docs/figures/eval_route.json": json.dumps(REPORT | {"name": "eval_route", "results": []}),
        "docs/figures/eval_hear.json": json.dumps(REPORT | {"name": "eval_hear", "results": []}),
        "docs/figures/judges.json": json.dumps({"name": "judges", "results": [], "judges": []}),
        "docs/snippets/hello.py": 'print("hello")\n',
        "docs/guide/first.md": "# First\n",
        "src/edgewise/a.py": 'raise UserError("x", code="bad_x")\nraise ApiError(418, "tea")\n',
        "tests/test_a.py": "",
    }
    for name, text in write.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_pages_are_written_once_and_then_agree(root: Path, capsys: pytest.CaptureFixture[str]):
    assert docs.main([], root) == 0
    assert "written: docs/reference/errors.md" in capsys.readouterr().out
    assert docs.main(["--check"], root) == 0
    assert docs.main([], root) == 0
    assert capsys.readouterr().out == ""


def test_a_check_fails_on_a_difference_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    docs.main([], root)
    page = root / "docs" / "reference" / "errors.md"
    page.write_text("edited by hand\n", "utf-8")
    assert docs.main(["--check"], root) == 1
    assert "differs: docs/reference/errors.md" in capsys.readouterr().out
    assert page.read_text("utf-8") == "edited by hand\n"


def test_a_figure_comes_from_its_benchmark_and_nowhere_else(root: Path):
    docs.main([], root)
    readme = (root / "README.md").read_text("utf-8")
    assert "about <!-- figure turn: decide p95 -->0.25 ms<!-- / --> each" in readme


def test_a_figure_written_by_hand_fails_the_check(root: Path, capsys: pytest.CaptureFixture[str]):
    docs.main([], root)
    readme = root / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("0.25 ms", "0.05 ms"), "utf-8")
    assert docs.main(["--check"], root) == 1
    assert "differs: README.md" in capsys.readouterr().out


def test_a_figure_stands_with_what_its_benchmark_said_of_it(root: Path):
    kept = root / "docs" / "figures" / "turn.json"
    kept.write_text(json.dumps({**REPORT, "about": "It flatters us."}), "utf-8")
    assert "## turn\n\nIt flatters us.\n\na core" in docs.figures_page(root)


def test_a_benchmark_that_has_changed_since_explains_no_older_figure(root: Path):
    (root / "benchmarks").mkdir()
    (root / "benchmarks" / "bench_turn.py").write_text('"""Three sets now."""\n', "utf-8")
    assert "Three sets now" not in docs.figures_page(root)


def test_a_figure_that_was_not_measured_is_named_with_the_remedy(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    (root / "docs" / "figures" / "turn.json").unlink()
    assert docs.main([], root) == 1
    told = capsys.readouterr().out
    assert "README.md: no figure 'turn: decide p95'" in told
    assert "make bench" in told
    assert (root / "docs" / "reference" / "errors.md").exists()


def test_a_code_block_is_filled_with_its_snippet_and_the_rest_stays(root: Path):
    docs.main([], root)
    readme = (root / "README.md").read_text("utf-8")
    assert '```python\nprint("hello")\n```\nafter\n' in readme
    assert "old" not in readme


def test_a_snippet_that_is_not_there_is_named(root: Path):
    (root / "docs" / "snippets" / "hello.py").unlink()
    with pytest.raises(docs.CannotFill, match="hello"):
        docs.with_snippets(SNIPPET, root)


def test_the_error_page_lists_the_tree_and_every_code(root: Path):
    page = docs.errors_page(root)
    assert "└── DeviceError" in page
    assert "| `bad_x` | UserError | a |" in page
    assert "| 418 | `tea` |" in page


def test_the_command_page_has_every_command_at_eighty_columns(
    monkeypatch: pytest.MonkeyPatch,
):
    page = docs.command_line_page()
    for name in ("ask", "models fetch", "serve device", "serve mcp"):
        assert f"\n## edgewise {name}\n" in page
    assert max(map(len, page.splitlines())) <= docs.COLUMNS
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERMINAL_WIDTH", "40")
    assert docs.command_line_page() == page


@pytest.mark.parametrize("page", [docs.capabilities_page, lambda: docs.figures_page(ROOT)])
def test_pages_of_this_repository_can_be_made(page: Callable[[], str]):
    assert page().startswith("# ")


def test_no_document_here_asks_for_what_is_not_there():
    for path in docs.filled_by_hand(ROOT):
        docs.with_snippets(path.read_text("utf-8"), ROOT)
        for name in docs.FIGURE.findall(path.read_text("utf-8")):
            benchmark = name[1].partition(":")[0]
            measured = (ROOT / "benchmarks" / f"bench_{benchmark}.py").exists()
            trained = benchmark in ("command_model", "step3_nano")
            assert measured or trained or benchmark in docs.OWN_PAGES, name[1]
