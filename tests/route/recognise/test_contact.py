"""Ways to reach somebody, in the forms that people write."""

from edgewise.route.recognise.contact import find_contacts, find_links
from edgewise.route.recognise.folded import fold
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "86-13800138000",
     "010-62345678", "(0755) 26712345", "400-810-8888", "+49 151 2345 6789", "+1-984-182-0190",
     "(579)888-3058", "905-674-3793", "0494 92 82 32", "01.84.17.61.18", "+41 (0)71 526 99 04",
     "001-518-640-0854", "345-899-3560x4587"],
)  # fmt: skip
def test_a_telephone_is_known_by_its_shape(text: str):
    assert read(find_contacts, f"问{text}。")[0] == ("PHONE", text)


@each_row("text", ["451 5986", "99 668472", "60-56-85-91", "5403926876", "655 437 108"])
def test_any_grouping_is_a_telephone_where_the_text_calls_it_one(text: str):
    assert ("PHONE", text) in read(find_contacts, f"call me on {text}?")
    assert ("PHONE", text) in read(find_contacts, f"{text} office")
    assert read(find_contacts, f"we sold {text} of them") in ([], [("PHONE", text)][:0])


@each_row("text", ["2026-01-15", "20260115", "订单号 13800138000", "3.1415926535", "v1.2.3.4"])
def test_a_date_or_an_order_is_no_telephone(text: str):
    assert read(find_contacts, f"see {text} here") == []


@each_row(
    "text, kind",
    [
        ("foo.bar+x@mail.example.co.uk", "EMAIL"),
        ("jörg@müller.de", "EMAIL"),
        ("106.31.73.20", "IP"),
        ("192.168.1.7", "IP"),
        ("6e40:4041:c617:e898:c11:40d2:c669:2eb4", "IP"),
        ("fe80::1:2:3", "IP"),
        ("https://anna:geheim@example.com/x", "PASSWORD"),
        ("https://example.com/cb?access_token=abc123def", "PASSWORD"),
    ],
)
def test_mail_machines_and_links_with_a_key_are_found(text: str, kind: str):
    assert (kind, text) in read(find_contacts, f"用{text} 。")


@each_row(
    "text", ["127.0.0.1", "999.1.1.1", "version 1.2.3.4", "12:30:45", "std::vector::at", "a@b"]
)
def test_what_is_no_address_of_a_machine_is_left(text: str):
    assert read(find_contacts, f"see {text} there") == []


def test_a_link_ends_where_the_sentence_goes_on():
    text = "看https://a.b/c，然后"
    assert [text[start:end] for start, end in find_links(fold(text))] == ["https://a.b/c"]
