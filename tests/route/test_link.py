"""What somebody's renderer might take for a link is one, however the text is cut."""

from edgewise.route.link import LinkWatch
from tests.each_row import each_row


def is_open(*pieces: str) -> bool:
    watch = LinkWatch()
    for piece in pieces:
        watch.read(piece)
    return watch.is_open


@each_row(
    "text",
    ["https://a", "HTTP://a", "//a", "/\\a", "www.a", "[x](a", "mailto:a", "<img src=a",
     "a.example/", "a.example:80/b", "a:8080/", "10.0.0.1/", "a?b=", "https://a，b", "https://a\"b'c>d",
     "[x](<https://a b", "[x](evil/\n", "evil。example/", "evil．example/", "evil.рф/",
     "evil.example／", "data:text/html,", "javascript:alert(", "intent:", "tel:", "[::1]/", "0x42.7/", "go/", "src='a b", 'say "https://a b', "https://a\u00a0b"],  # noqa: E501
)  # fmt: skip
def test_a_link_is_open_to_its_next_blank_or_its_bracket(text: str):
    assert is_open(text)
    assert is_open(*text)


@each_row(
    "text",
    ["", "a. b/", "e.g./", "3.5/2", "Really?", "a=b", "https://a ", "//a\nb", "Tel.:",
     "[x](<https://a b> ", "src='a b' ", 'say "https://a b" c', "10:30/"],
)  # fmt: skip
def test_other_words_are_none(text: str):
    assert not is_open(text)
    assert not is_open(*text)


def test_a_word_of_any_length_is_cut_anywhere():
    text = "x" * 1_000 + "://" + "y" * 1_000
    assert is_open(text)
    assert all(is_open(text[:cut], text[cut:]) for cut in range(0, len(text), 7))
