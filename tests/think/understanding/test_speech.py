from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.speech import mended, plainly
from tests.each_row import each_row


@each_row(
    ("text", "wanted"),
    [
        ("open the windwo plz", "open the window plz"),
        ("set the tempature to 21", "set the temperature to 21"),
        ("um could you like turn on the uh ac", "could you turn on the ac"),
        ("嗯那个帮我把呃车窗打开", "帮我把车窗打开"),
        ("座以加热打开", "座椅加热打开"),
        ("open 天窗", "打开天窗"),
        ("导航 to 虹桥站", "导航到虹桥站"),
        ("trun off the ac", "turn off the ac"),
        ("把那个关了", "把那个关了"),
    ],
)
def test_slips_and_fillers_are_put_right(text: str, wanted: str):
    assert plainly(normalise(text)).text == wanted


@each_row(
    "text",
    ["text Jon the windwo is open", "给妈妈发短信说嗯我的座以坏了", "play Like a Rolling Stone",
     "remind me to fix the windwo", 'say "um"'],
)  # fmt: skip
def test_words_for_others_are_never_rewritten(text: str):
    assert plainly(normalise(text)).text == text


@each_row("word", ["widow", "message", "hearing", "light", "closed", "drive", "love", "tune"])
def test_real_words_are_no_slips(word: str):
    assert mended(word) == word


def test_both_forms_keep_the_same_length():
    found = plainly(normalise("UM Open The WINDWO"))
    assert (found.text, found.plain) == ("Open The window", "open the window")
