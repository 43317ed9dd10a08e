"""What is English or Chinese on a screen is read; of all else it is not known what it weighs."""

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_language import is_page_read, is_read, unread_question
from edgewise.learn.screen_words import BUTTONS, PLACES, SETTINGS, TABS, TURNS, WARNINGS
from tests.each_row import each_row

BOX = (0, 0, 100, 50)


def button(text: str, role: Role = Role.BUTTON) -> Element:
    return Element(text, BOX, role)


def page(*texts: str, title: str = "") -> Seen:
    return Seen("app", title, 720, 1280, tuple(map(button, texts)))


ENGLISH = page("Search", "New chat", "Settings", "Calls")
CHINESE = page("搜索", "新消息", "设置", "通话")
GERMAN = page("Suchen", "Neuer Chat", "Einstellungen", "Anrufe")
JAPANESE = page("けんさく", "せってい", "メッセージ")
WRITING = Seen("app", "", 1, 1, (*ENGLISH.elements, Element("Message", BOX, Role.FIELD)))


@each_row(
    "text",
    [*SETTINGS, *BUTTONS, *TABS, *PLACES, *TURNS, *WARNINGS, "", "➤", "1", "¥5", "+", "3/4",
     "Log in", "10 best hotels in town", "QQ音乐", "See all", "Don't allow", "Data saver",
     "Avoid ferries", "Running shoes", "What to wear to a big summer concert in Kaskad"],
)  # fmt: skip
def test_ordinary_english_and_chinese_is_read_whatever_stands_around_it(text: str):
    for there in (ENGLISH, CHINESE, GERMAN, page()):
        assert is_read(button(text), there)


@each_row(
    "text",
    ["Weiterleiten", "Do kosza", "In den Warenkorb", "Złóż zamówienie", "Prześlij", "Inoltra",
     "Tramitar", "Отправка", "Подтвердить", "送る", "보내기", "إتمام الطلب", "ส่งข้อความ", "Рay"],
)  # fmt: skip
def test_another_language_is_not_read_on_a_page_in_it_nor_beside_what_is_written(text: str):
    for there in (GERMAN, page(), WRITING):
        assert not is_read(button(text), there)


HALF_ENGLISH = (
    "Account auflösen", "Ticket stornieren", "Chat leeren", "Hotel stornieren", "Album verwerfen",
    "Offer abgeben", "Account sluiten", "TICKET STORNIEREN", "Jetzt Account auflösen",
    "Album und Chat leeren", "Chat, Album und Ticket leeren",
)  # fmt: skip


@each_row("text", HALF_ENGLISH)
def test_an_english_word_does_not_make_a_label_english(text: str):
    for there in (ENGLISH, CHINESE, GERMAN, page(), WRITING):
        assert not is_read(button(text), there)


@each_row(
    "name",
    ["Anna Lind", "Tom Becker", "Maria Rossi", "Spotify", "Kaskad", "Ida Moen", "Open WeChat",
     "Play Kaskad", "10 best hotels in Paris", "IKEA"],
)  # fmt: skip
def test_a_name_among_labels_that_are_read_is_a_name(name: str):
    assert is_read(button(name), ENGLISH)
    assert is_read(button(name), CHINESE)
    assert not is_read(button(name), GERMAN)


@each_row("text", ["Anzeige aufgeben", "Plaats bod", "mandar mensaje", "Zoë"])
def test_words_that_are_not_written_as_a_name_are_none(text: str):
    assert not is_read(button(text), ENGLISH)


def test_chinese_characters_of_a_japanese_page_are_not_taken_for_chinese():
    assert is_read(button("送信先"), CHINESE)
    assert not is_read(button("送信先"), JAPANESE)


def told(*texts: str, title: str = "") -> Seen:
    return Seen("app", title, 1, 1, tuple(button(text, Role.TEXT) for text in texts))


@each_row(
    ("there", "expected"),
    [
        (told(), True),
        (told("Mind the gap"), True),
        (told("Your name?"), True),
        (told("确定吗？"), True),
        (told("Anna Lind", "12:01"), True),
        (told("Alle Nachrichten löschen?"), False),
        (told("Account auflösen?"), False),
        (told("Supprimer le message ?"), False),
        (told("Das kann nicht rückgängig gemacht werden."), False),
        (told("Удалить?"), False),
        (told(title="Alles senden?"), False),
        (told("Are you coming tonight?", "Bis morgen früh dann"), True),
    ],
)
def test_a_page_is_read_if_what_it_asks_is(there: Seen, expected: bool):
    assert is_page_read(there) is expected


def test_what_is_asked_in_another_language_is_told_to_the_person_who_can_read_it():
    assert unread_question(told("Sie haben Post", "Alles  löschen?")) == "Alles löschen?"
    assert unread_question(told("Hello there", "How are you?")) == ""
