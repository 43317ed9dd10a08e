"""What can be held about the console's files without a browser (with one: tests/e2e)."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelKind
from edgewise.cloud.console.site import PAGE as FOLDER
from edgewise.cloud.prices import AMOUNTS
from edgewise.cloud.usage import UNITS
from tests.cloud.running import Running
from tests.each_row import each_row

pytestmark = pytest.mark.slow

SHARED = Path(str(files("edgewise.web") / "page"))
PAGE = (FOLDER / "index.html").read_text(encoding="utf-8")
MODULES = sorted(FOLDER.glob("*.js"))
SHEETS = sorted(FOLDER.glob("*.css"))
EVERY = [*MODULES, *SHEETS, FOLDER / "index.html", *SHARED.glob("*.js"), *SHARED.glob("*.css")]
WORDS = (FOLDER / "words.js").read_text(encoding="utf-8")
PAIR = re.compile(r'(\w+): \["((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\]')


def test_every_word_stands_in_both_languages():
    pairs = PAIR.findall(WORDS)
    assert len(pairs) > 200
    assert len({key for key, _, _ in pairs}) == len(pairs)
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
        text = module.read_text(encoding="utf-8")
        asked |= set(re.findall(r'\bt\("(\w+)"', text))
        asked |= set(re.findall(r'\bhead\("(\w+)"', text))
        for one, other in re.findall(r'\bt\([^()]* \? "(\w+)" : "(\w+)"', text):
            asked |= {one, other}
    assert asked - known == set()


@each_row("file", EVERY)
def test_nothing_comes_from_elsewhere_and_no_markup_is_parsed(file: Path):
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//cdn|@import", text)
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert sink not in text
    assert "document.cookie" not in text
    assert len(text.splitlines()) <= 300


def test_the_page_has_no_inline_script_or_style():
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", PAGE)


def test_every_file_that_the_page_names_exists():
    named = re.findall(r'(?:href|src)="([\w.-]+)"', PAGE)
    for module in MODULES:
        named += re.findall(r'from "\./([\w.-]+)"', module.read_text(encoding="utf-8"))
    missing = [
        name for name in named if not any((place / name).is_file() for place in (FOLDER, SHARED))
    ]
    assert missing == []


async def test_the_bare_address_leads_to_the_page(running: Running):
    async with running.stranger() as client:
        reply = await client.get("/")
        assert (reply.status_code, reply.headers["location"]) == (307, "/console/")
        assert "Edgewise console" in (await client.get("/console/")).text
        for name in ("main.js", "tokens.css", "dom.js", "icon.svg"):
            assert (await client.get(f"/console/{name}")).status_code == 200
        for path in ("/console/../keys.py", "/console/%2e%2e/keys.py", "/console/nothing.js"):
            assert (await client.get(path)).status_code == 404


def test_the_page_knows_every_endpoint_and_kind_of_model():
    keys = (FOLDER / "keys.js").read_text(encoding="utf-8")
    listed = re.search(r"const ENDPOINTS = \[(.*)\];", keys)
    assert listed is not None
    assert re.findall(r'"(\w+)"', listed[1]) == [endpoint.value for endpoint in Endpoint]
    known = {key for key, _, _ in PAIR.findall(WORDS)}
    assert {f"kind_{kind.value}" for kind in ModelKind} <= known


def test_the_page_has_a_word_for_every_unit_that_it_lists():
    known = {key for key, _, _ in PAIR.findall(WORDS)}
    for file, prefix, names in (
        ("models.js", "price_", AMOUNTS),
        ("usage.js", "used_", UNITS),
    ):
        listed = re.search(r"const OTHERS = \[(.*)\];", (FOLDER / file).read_text("utf-8"))
        assert listed is not None
        units = re.findall(r'"(\w+)"', listed[1])
        assert set(units) <= set(names)
        assert {prefix + unit for unit in units} <= known
