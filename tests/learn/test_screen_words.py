"""The words of made screens are in both languages, and none is there twice."""

from edgewise.learn import screen_words


def test_every_list_has_both_languages_and_no_doubles():
    lists = {name: value for name, value in vars(screen_words).items() if name.isupper()}
    assert len(lists) >= 10
    for name, value in lists.items():
        flat = ["".join(one) for one in value]
        assert len(set(flat)) == len(flat), name
        assert any("\u4e00" <= sign <= "\u9fff" for text in flat for sign in text), name
        assert any(text.isascii() for text in flat), name
