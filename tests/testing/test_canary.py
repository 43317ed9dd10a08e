"""A canary is found in every form that is promised, wherever the stream is cut, and told once."""

import base64
import json
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.testing.canary import SHORTEST_BYTES, CanarySearch, Found, unescape

LATIN = 'Blue "canary" 7f3a/+'
CHINESE = "机密 канарейка 😀 7f3a"
Form = Callable[[str], bytes]
FORMS: dict[str, Form] = {
    "plain": str.encode,
    "case": lambda text: text.upper().encode() if text.isascii() else text.encode(),
    "json": lambda text: json.dumps(text)[1:-1].encode(),
    "json, upper": lambda text: json.dumps(text)[1:-1].replace("\\ud8", "\\uD8").encode(),
    "json, letters kept": lambda text: json.dumps(text, ensure_ascii=False)[1:-1].encode(),
    "json in json": lambda text: json.dumps(json.dumps(text))[1:-1].encode(),
    "url": lambda text: quote(text, safe="").encode(),
    "url, lower": lambda text: quote(text, safe="").replace("%E", "%e").encode(),
    "form": lambda text: quote_plus(text).encode(),
    "url twice": lambda text: quote(quote(text)).encode(),
    "url over json": lambda text: quote(json.dumps(text)[1:-1]).encode(),
    "every character escaped": lambda text: "".join(
        f"\\u{unit:04X}" for unit in memoryview(text.encode("utf-16-le")).cast("H")
    ).encode(),
    "base64 0": lambda text: base64.b64encode(text.encode()),
    "base64 1": lambda text: base64.b64encode(b"?" + text.encode() + b">"),
    "base64 2": lambda text: base64.b64encode(b"?>" + text.encode() + b">>"),
    "base64url": lambda text: base64.urlsafe_b64encode(b"~~" + text.encode()),
    "base64 in lines": lambda text: base64.encodebytes(b"x" * 50 + text.encode()),
    "base64 of json": lambda text: base64.b64encode(json.dumps([1, text]).encode()),
    "base64 in json": lambda text: base64.b64encode(text.encode()).replace(b"/", rb"\/"),
    "base64 in a form": lambda text: quote_plus(base64.b64encode(text.encode())).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "hex, upper": lambda text: text.encode().hex().upper().encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "reversed": lambda text: text[::-1].encode(),
    "reversed bytes": lambda text: text.encode()[::-1],
    "reversed json": lambda text: json.dumps(text[::-1]).encode(),
}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_text = pytest.mark.parametrize("text", [LATIN, CHINESE], ids=["latin", "chinese"])
AROUND = b'{"a": "'


def feed(search: CanarySearch, *pieces: bytes) -> list[Found]:
    stream = search.stream()
    return [found for piece in pieces for found in stream.feed(piece)]


@each_form
@each_text
def test_a_form_is_found_once_at_every_split(form: Form, text: str):
    search = CanarySearch([text])
    data = AROUND + form(text) + b'"}' + b" " * 9
    whole = feed(search, data)
    assert {one.canary for one in whole} == {text}
    assert len(whole) == 1 or form(text) == form(text)[::-1]
    assert len(AROUND) - 1 <= whole[0].offset
    assert whole[0].offset + whole[0].size_bytes <= len(data)
    for cut in range(1, len(data)):
        assert feed(search, data[:cut], data[cut:]) == whole, f"cut at {cut}"


@each_form
def test_a_form_is_found_byte_by_byte(form: Form):
    data = AROUND + form(CHINESE) + b'"}'
    search = CanarySearch([CHINESE])
    assert feed(search, *(data[at : at + 1] for at in range(len(data)))) == feed(search, data)


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=6, max_size=20),
    form=st.sampled_from(["plain", "json", "json in json", "url", "base64 1", "utf-16-be", "hex"]),
    before=st.binary(max_size=40),
    after=st.binary(max_size=40),
    cuts=st.lists(st.integers(0, 400), max_size=6),
)
@example(text="0000\\\xa0", form="json", before=b"", after=b"", cuts=[])
@example(text='C:\\new\\"dir', form="json in json", before=b"", after=b"", cuts=[3, 9])
def test_any_canary_is_found_wherever_the_stream_is_cut(
    text: str, form: str, before: bytes, after: bytes, cuts: list[int]
):
    assume(len(unescape(text.encode())) >= SHORTEST_BYTES)
    aligned = before + b" " * (-len(before) % 2)
    data = aligned + b'"' + FORMS[form](text) + b'"' + after
    edges = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    pieces = [data[a:b] for a, b in pairwise(edges)]
    assert text in {one.canary for one in feed(CanarySearch([text]), *pieces)}


@given(data=st.binary(max_size=300))
def test_nothing_is_found_where_nothing_is(data: bytes):
    assert feed(CanarySearch(["canary-0d8c2f", CHINESE]), data) == []


def test_two_of_one_and_two_that_overlap_are_told_apart():
    search = CanarySearch(["abcabcabc", "bcabcabca"])
    told = [(one.canary, one.offset) for one in feed(search, b"abcabcabcabc")]
    assert sorted(told) == [("abcabcabc", 0), ("abcabcabc", 3), ("bcabcabca", 1)]


def test_the_form_says_what_it_wore():
    search = CanarySearch([CHINESE])
    told = {name: feed(search, FORMS[name](CHINESE))[0].form for name in FORMS}
    assert told["plain"] == "plain"
    assert told["json in json"] == "json"
    assert told["url"] == "url"
    assert told["base64 in lines"] == "base64"
    assert told["reversed json"] == "json+reversed"


def test_a_canary_too_short_is_refused():
    with pytest.raises(UserError, match="found by chance; give it 6"):
        CanarySearch(["abcde"])
    with pytest.raises(UserError, match="without escapes"):
        CanarySearch(["\\" * 20])


def test_several_thousand_canaries_are_one_search():
    search = CanarySearch([f"canary-{number:04d}-seen" for number in range(2000)])
    found = feed(search, urlencode({"q": "canary-1234-seen"}).encode())
    assert [one.canary for one in found] == ["canary-1234-seen"]


def test_unescaping_reads_layers_and_leaves_the_rest():
    assert unescape(rb"a\\u4e2d%E4%b8%ADz") == "a中中z".encode()
    assert unescape(rb"\ud83d\uDE00 100% \x") == "😀 100% x".encode()
