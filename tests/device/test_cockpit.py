"""What can be held about the cockpit's files without a browser (with one: tests/e2e)."""

import re
from importlib.resources import files
from pathlib import Path

from edgewise.device.page import COCKPIT
from tests.each_row import each_row

SHARED = files("edgewise.web") / "page"
PLACES = (COCKPIT, SHARED)
PAGE = (COCKPIT / "index.html").read_text(encoding="utf-8")
MODULES = sorted(COCKPIT.glob("*.js"))
SHEETS = sorted(COCKPIT.glob("*.css"))
WORDS = (COCKPIT / "words.js").read_text(encoding="utf-8")
PAIR = re.compile(r'(\w+): \["((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\]')


def test_every_word_stands_in_both_languages():
    pairs = PAIR.findall(WORDS.partition("export const SUGGESTIONS")[0])
    assert len(pairs) > 100
    for key, english, chinese in pairs:
        assert not re.search(r"[\u4e00-\u9fff]", english), key
        assert english
        assert chinese
        places = re.compile(r"\{\w+\}")
        assert sorted(places.findall(english)) == sorted(places.findall(chinese)), key


def test_every_word_that_the_page_asks_for_exists():
    known = {key for key, _, _ in PAIR.findall(WORDS)}
    asked = set(re.findall(r'data-t(?:-label|-hint)?="(\w+)"', PAGE))
    for module in MODULES:
        asked |= set(re.findall(r'\bt\("(\w+)"', module.read_text(encoding="utf-8")))
    assert asked - known == set()


@each_row("file", [*MODULES, *SHEETS, COCKPIT / "index.html"])
def test_nothing_comes_from_elsewhere_and_no_markup_is_parsed(file: Path):
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//cdn|@import", text)
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert sink not in text
    assert len(text.splitlines()) <= 300


def test_the_page_has_no_inline_script_or_style():
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", PAGE)


def test_every_file_that_the_page_names_exists():
    named = re.findall(r'(?:href|src)="([\w.-]+)"', PAGE)
    for module in MODULES:
        named += re.findall(r'from "\./([\w.-]+)"', module.read_text(encoding="utf-8"))
    missing = [name for name in named if not any((place / name).is_file() for place in PLACES)]
    assert missing == []
