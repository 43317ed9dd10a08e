"""A file becomes text, and a label that keeps it here."""

import time

import pytest

from edgewise.core.label import OriginKind, Residency
from edgewise.core.part import DocumentPart, recorded
from edgewise.errors import UserError
from edgewise.perceive.document import MOST_BYTES, check_documents, document_from, document_of


def test_text_keeps_its_lines_and_loses_what_can_not_be_seen():
    data = "\ufeffOne\x1b[31m.\r\n\r\n\r\n\r\nTwo\u200b  words.".encode()
    assert document_from("of/ann/a.txt", data).text == "One [31m.\n\nTwo words."
    assert document_from("of/ann/a.txt", data).name == "a.txt"


def test_of_a_page_a_reader_sees_text_and_no_script():
    page = (
        b"<title>T</title><style>p{}</style><p>Rent: <b>5</b></p><script>steal()</script><td>x<td>y"
    )
    assert document_from("a.html", page).text == "T\n\nRent: 5\n\nx y"


def test_json_is_read_a_value_a_line_with_the_way_to_it():
    text = document_from("a.json", '{"车": {"轮": [4, "胎"]}, "ok": true}'.encode()).text
    assert text.splitlines() == ["车 轮: 4", "车 轮: 胎", "ok: True"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pdf", b"%PDF", ".pdf are not read"),
        ("a.txt", b"\xff\xfe", "byte 0 is not UTF-8"),
        ("a.txt", b" \n\x00", "no text"),
        ("a.txt", b"a" * (MOST_BYTES + 1), "limit"),
        ("a.json", b"{", "not JSON"),
    ],
)
def test_what_can_not_be_read_is_said_with_the_remedy(name: str, data: bytes, told: str):
    with pytest.raises(UserError, match=told) as caught:
        document_from(name, data)
    assert caught.value.code == "bad_document"


def test_its_label_proposes_nothing_and_serves_one_purpose():
    label = document_of("a.txt", "x").label
    assert not label.trusted
    assert label.origins[0].kind is OriginKind.FILE
    assert label.purposes == ("document",)
    assert label.residency is Residency.ANY
    assert document_of("a.txt", "x", private=True).label.residency is Residency.DEVICE


def test_a_text_that_was_made_ready_is_not_read_again():
    assert document_of("a.html", "1 <b> 2", as_it_is=True).text == "1 <b> 2"


def test_too_many_or_too_much_is_refused():
    one = document_of("a.txt", "x" * (MOST_BYTES // 2))
    check_documents([one, one])
    with pytest.raises(UserError, match="limit"):
        check_documents([one, one, document_of("b.txt", "x")])
    with pytest.raises(UserError, match="at most 4"):
        check_documents([document_of("b.txt", "x")] * 5)


def test_a_record_holds_it_without_its_text():
    bare = recorded(document_of("a.txt", "secret words"))
    assert isinstance(bare, DocumentPart)
    assert (bare.text, bare.size_bytes) == ("", 12)


def test_json_that_says_a_long_name_for_each_of_many_values_is_refused():
    name = "n" * 1_000
    text = document_of("a.json", f'{{"{name}": 5}}').text
    assert text == f"{name[:200]}: 5"
    many = f'{{"{name}": [{",".join("1" * 100_000)}]}}'
    with pytest.raises(UserError, match=r"with the way") as caught:
        document_of("a.json", many)
    assert caught.value.code == "bad_document"


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("a<!-- b --->c<!doctype html>d<?x y?>e", "acde"),
        ("<a title='1 > 2' href=\"x>\">b</a> 1 < 2 <b", "b 1 < 2 <b"),
        ("<SCRIPT src=x>if (1</script2>2)</Script >a<script/>b</script>c", "abc"),
        ("<template>a<template>b</template>c</template>d<noscript>e", "d"),
        ("<br/>a<br />b &amp; &#20013;&#x6587; &#" + "9" * 5_000 + ";<h1>c</h1>d", None),
        ("<p it's>a</p><p it's>b</p>", "a\n\nb"),
        ("a<!-- b", "a"),
    ],
)
def test_tags_comments_and_scripts_are_no_text(page: str, seen: str | None):
    text = document_of("a.html", page).text
    if seen is None:
        assert text.startswith("a\n\nb & ")
        assert text.endswith("\n\nc\n\nd")
    else:
        assert text == seen


@pytest.mark.parametrize(
    "unit", ["<a ", "<a b='", '<a b="', "<!--", "</", "<?", "<![CDATA[", "=\n"]
)
def test_no_page_takes_longer_than_its_length(unit: str):
    began = time.process_time()
    document_of("a.html", f"a <b {unit * (MOST_BYTES // len(unit))}")
    assert time.process_time() - began < 5.0, "a second; by html.parser it would be hours"
