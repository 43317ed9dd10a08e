from edgewise.think.understanding import words


def test_a_template_is_filled_in_both_languages():
    filled = words.fill_words(words.TOO_LONG, {"length": 9, "limit": 5}, {"length": 9, "limit": 5})
    assert "9 characters, at most 5" in filled.en
    assert "9个字，最多5个" in filled.zh
