"""The READMEs: the two languages say the same, what they name exists, their examples work."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edgewise.cli import make_app
from tests.docs.commands import ROOT, blocks_of, commands_of, documents, is_known, links_of
from tests.each_row import each_row

ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
ASKED = [words[1:] for words in commands_of(ENGLISH) if len(words) > 2 and words[1] == "ask"]
PATH_OF_WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"


def without_words(block: str) -> str:
    """A block's code: lines cut where two spaces begin a remark."""
    return "\n".join(re.split(r"(?<=\S)\s{2,}", line)[0] for line in block.splitlines())


def test_both_languages_show_the_same_code():
    def shown(text: str) -> list[tuple[str, str, str]]:
        return [(b.snippet, b.language, without_words(b.text)) for b in blocks_of(text)]

    assert shown(ENGLISH) == shown(CHINESE)


def test_both_languages_name_the_same_commands():
    assert commands_of(ENGLISH) == commands_of(CHINESE)


def test_both_languages_show_the_same_figures():
    def figures(text: str) -> list[str]:
        return re.findall(r"<!-- figure .+? -->.*?<!-- / -->", text)

    assert figures(ENGLISH)
    assert figures(ENGLISH) == figures(CHINESE)


def test_both_languages_have_the_same_parts_and_links():
    def levels(text: str) -> list[str]:
        return re.findall(r"^#+ ", text, re.MULTILINE)

    def links(text: str) -> list[str]:
        return [link for link in links_of(text) if not link.startswith("README")]

    assert levels(ENGLISH) == levels(CHINESE)
    assert links(ENGLISH) == links(CHINESE)


def test_no_figure_stands_in_a_readme_without_its_marker():
    plain = re.sub(r"<!-- figure .+?<!-- / -->", "", ENGLISH + CHINESE)
    assert not re.findall(r"\d+(?:\.\d+)? ?(?:ms|s|MB|GB|%|秒|毫秒)\b", plain)


@each_row("document", documents())
def test_every_link_and_picture_leads_somewhere(document: Path):
    dead: list[str] = []
    for link in links_of(document.read_text("utf-8")):
        path, _, part = link.partition("#")
        if link.startswith("https://"):
            continue
        target = document.parent / path if path else document
        if not target.exists() or (part and part not in anchors(target)):
            dead.append(link)
    assert not dead, f"{document.name} links to nothing: {dead}"


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_command_that_is_named_exists(document: Path):
    commands = commands_of(document.read_text("utf-8"))
    assert [words for words in commands if not is_known(words)] == []


def test_a_command_or_option_that_is_not_there_is_found():
    assert not is_known(["make", "coffee"])
    assert not is_known(["edgewise", "fly"])
    assert not is_known(["edgewise", "ask", "--loudly", "open the window"])
    assert is_known(["edgewise", "serve", "device", "--port", "0"])


@pytest.mark.parametrize("words", ASKED, ids=lambda words: words[1])
def test_the_examples_come_to_a_sensible_end(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    result = run(["--json", *words[1:]], tmp_path, monkeypatch)
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    end = events[-1]
    assert end["event"] == "answered"
    assert end["language"] == ("en" if words[1].isascii() else "zh")
    decided = [event["decision"]["type"] for event in events if event["event"] == "call_decided"]
    if "--state" in words:
        assert decided == ["deny"]
        assert end["changed"] == {}
    else:
        assert decided
        assert set(decided) == {"allow"}
        assert end["changed"]
    if "halfway" in words[1]:
        assert end["changed"] == {PATH_OF_WINDOW: 50}


def test_the_last_example_explains_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run(ASKED[-1][1:], tmp_path, monkeypatch)
    told = CliRunner().invoke(make_app(), ["explain", "last"])
    assert told.exit_code == 0
    assert "R02-darken-driving" in told.output


def run(words: list[str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """`edgewise ask` with these words, on a device of its own without a language model."""
    (home / "config.toml").write_text('chat_model = ""\n', "utf-8")
    monkeypatch.setenv("EDGEWISE_HOME", str(home))
    monkeypatch.chdir(ROOT)
    return CliRunner().invoke(make_app(), ["ask", *words])


def anchors(document: Path) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
