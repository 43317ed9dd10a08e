# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)


from edgewise.think.understanding.language import is_foreign
from tests.each_row import each_row


@each_row(
    "plain",
    ["ouvre la fenêtre", "l'éclairage de la cuisine", "schalte das licht aus", "abre la ventana por favor", "accendi la luce",
     "feche a janela", "doe het raam open", "otwórz okno", "窓を開けて", "창문 열어 줘", "открой окно", "افتح النافذة"],
)  # fmt: skip
def test_sentences_of_other_languages_are_told_apart(plain: str):
    assert is_foreign(plain)


@each_row(
    "plain",
    ["open the window", "打开车窗", "打开 ac", "導航到虹橋站", "play la vie en rose", "call josé", "播放さくら", "翻译 bonjour", "text müller ich komme später",
     "volume up", "stop", "radio", "jane doe", "i'm not sure", "café near me", "", "!?", "22"],
)  # fmt: skip
def test_chinese_and_english_with_names_of_any_language_are_not(plain: str):
    assert not is_foreign(plain)
