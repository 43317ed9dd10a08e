"""One stand-in for one value through a session, none that says or gives away anything."""

import pytest

from edgewise.errors import DeviceError, TrustError
from edgewise.route import pseudonym
from edgewise.route.pseudonym import MENTION, Pseudonyms, standin_of
from edgewise.route.recognise import Known, Names, recognise, recognise_each
from edgewise.route.recognise.found import NEVER_RESTORED, Kind, found
from edgewise.route.restore import restore
from tests.each_row import each_row

KEY = b"k" * 32


def test_a_value_has_one_stand_in_in_a_session_and_another_in_another():
    one, again, other = Pseudonyms(KEY, "a"), Pseudonyms(KEY, "a"), Pseudonyms(KEY, "b")
    standin = one.standin(Kind.PHONE, "13800138000")
    assert (
        standin
        == one.standin(Kind.PHONE, "13800138000")
        == again.standin(Kind.PHONE, "13800138000")
    )
    assert standin != other.standin(Kind.PHONE, "13800138000")
    assert standin != one.standin(Kind.PHONE, "13800138001")
    assert standin != Pseudonyms(b"j" * 32, "a").standin(Kind.PHONE, "13800138000")


@each_row("kind", sorted(NEVER_RESTORED))
def test_a_kind_that_is_never_restored_is_replaced_again_and_leaves_no_trace(kind: Kind):
    names = Pseudonyms(KEY, "a")
    hidden = f"<{kind.value}_HIDDEN>"
    redacted = names.redact("it is 4111", [found(kind, 6, 10)])
    assert redacted.text == f"it is {hidden}"
    assert redacted.standins == frozenset()
    assert names.held == 0
    assert "4111" not in repr(vars(names))
    assert names.redact("is 4111 prime? 41112 is none", []).text == (
        f"is {hidden} prime? 41112 is none"
    )
    names.clear()
    assert names.redact("is 4111 prime", []).text == "is 4111 prime"


@each_row(
    "first, again, value",
    [
        ("the password: Canary77x is poor, as Canary77x is long", "", "Canary77x"),
        ("My PIN is 4711. What is interesting about the number 4711?", "", "4711"),
        ("验证码是482913，请把482913念一遍", "is 482 913 prime, or 482-913", "482"),
        ("my wifi password is blueberry42", "how strong is BlueBerry42", "lueberry42"),
        ("密码是abc12345", "abc12345，ａｂｃ１２３４５安全吗", "c12345"),
        ("密码是abc12345，abc12345安全吗", "abc12345安全吗", "c12345"),
        ("is my password Canary77x? (my pin: 47115)", "Canary77x", "anary77x"),
        ("(my passcode: 47115)", "what of 47115 then", "7115"),
        ("my VIN is LSVAA4187N2183294", "L S V A A 4 1 8 7 N 2 1 8 3 2 9 4", "2 9 4"),
        ("card 4111 1111 1111 1111", "is 4111111111111111 a Visa", "41111"),
        ("Bearer: sk_live_4eC39HqLyjWDarjtT1", "does sk_live_4eC39HqLyjWDarjtT1 end", "4eC39"),
    ],
)
def test_a_secret_leaves_in_no_later_words(first: str, again: str, value: str):
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    for text in (first, first, again):
        redacted = names.redact(text, recognise(text, known)).text
    assert value.casefold() not in redacted.casefold()
    assert again or value.casefold() not in names.redact(first, []).text.casefold()


def test_a_secret_within_a_stretch_that_was_replaced_whole_is_known_again():
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    link = "http://x.example/?password=hunter2x"
    assert "hunter2x" not in names.redact(link, recognise_each(link, known)).text
    assert "hunter2x" not in names.redact("how strong is hunter2x", []).text


def test_two_values_never_share_a_stand_in(monkeypatch: pytest.MonkeyPatch):
    names = Pseudonyms(KEY, "a")
    signs = pseudonym.SIGNS[:12]
    monkeypatch.setattr(pseudonym, "SIGNS", signs)
    monkeypatch.setattr(pseudonym, "TAG_SIGNS", 2)
    assert len({names.standin(Kind.PHONE, str(number)) for number in range(60)}) == 60


@each_row(
    "text",
    ["<PHONE_7K2Q>", "phone 7k2q", "《电话_7K2Q》", "PERSON\\_BBBB", "&lt;URL_7K2Q&gt;",
     "<PHONE_7K2Q> <TEXT_7K2Q> 13800138000", "<<PHONE_7K2Q>>", "<PHONE_<PHONE_7K2Q>>",
     "x <13800138000> 《13800138000》 &lt;13800138000&gt;", "< 13800138000 >"],
)  # fmt: skip
def test_what_looks_like_a_stand_in_comes_back_as_it_was(text: str):
    names = Pseudonyms(KEY, "a")
    redacted = names.redact(text, recognise(text, Names(Known())))
    assert "7K2Q" not in redacted.text.upper()
    assert restore(redacted.text, names.values(redacted.standins)) == text


def test_forgetting_leaves_nothing_to_put_back():
    names = Pseudonyms(KEY, "a")
    standin = names.standin(Kind.PHONE, "13800138000")
    names.clear()
    assert names.values([standin]) == {}
    assert names.held == 0


def test_a_session_holds_so_many_values_and_refuses_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pseudonym, "MOST_VALUES", 2)
    names = Pseudonyms(KEY, "a")
    for value in ("1", "2", "1"):
        names.standin(Kind.PHONE, value)
    with pytest.raises(DeviceError, match="begin a new session"):
        names.standin(Kind.PHONE, "3")


def test_a_short_key_is_refused():
    with pytest.raises(TrustError):
        Pseudonyms(b"short", "a")


@each_row("kind", sorted(set(Kind) - NEVER_RESTORED))
def test_every_restorable_kind_has_a_stand_in_that_is_known_again(kind: Kind):
    standin = Pseudonyms(KEY, "a").standin(kind, "value")
    mention = MENTION.fullmatch(standin)
    assert mention is not None
    assert standin_of(mention) == standin


def test_a_digest_is_keyed_by_the_session():
    one, other = Pseudonyms(KEY, "a"), Pseudonyms(KEY, "b")
    assert one.digest(b"x") == one.digest(b"x") != other.digest(b"x")


@each_row(
    "first, again, value",
    [
        ("My name is Zorbina Quax", "Zorbina Quax should rest", "Zorbina"),
        ("I was born on 3 May 1980", "3 May 1980 falls into Taurus.", "1980"),
        ("My number is 0171 1234567", "0171 1234567 is German", "1234567"),
        ("我叫欧阳若水", "欧阳若水，您好", "若水"),
    ],
)
def test_what_was_replaced_once_leaves_in_no_later_text(first: str, again: str, value: str):
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    standins = names.redact(first, recognise(first, known)).standins
    redacted = names.redact(again, recognise(again, known))
    assert value not in redacted.text
    assert redacted.standins == standins
    assert restore(redacted.text, names.values(redacted.standins)) == again


@each_row(
    "first, again, name",
    [
        ("my name is Kowalczyk", "what does KOWALCZYK mean, is kowalczyk Polish", "kowalczyk"),
        ("My name is Jürgen Müller", "is JÜRGEN MÜLLER a common name", "müller"),
        ("my email is Li.Na@example.com", "who is LI.NA@EXAMPLE.COM; ｌｉ.na@example.com", "na@"),
    ],
)
def test_a_value_is_replaced_again_in_whatever_letters_it_is_written(
    first: str, again: str, name: str
):
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    names.redact(first, recognise(first, known))
    assert name not in names.redact(again, []).text.lower()


def test_a_name_in_other_letters_keeps_its_stand_in():
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    standins = names.redact("my name is Kowalczyk", recognise("my name is Kowalczyk", known))
    assert names.redact("is KOWALCZYK kowalczyk", []).standins == standins.standins


@each_row("name, later", [("Will", "will it rain"), ("Do", "what do I do"), ("An", "an egg")])
def test_a_name_that_is_a_common_word_is_none_in_small_letters(name: str, later: str):
    names = Pseudonyms(KEY, "a")
    names.redact(f"Mr {name}", [found(Kind.PERSON, 3, 3 + len(name))])
    assert names.redact(later, []).text == later
    assert name not in names.redact(f"so {name} came", []).text


def test_a_value_is_not_found_within_a_longer_word_and_a_number_of_years_not_at_all():
    names, known = Pseudonyms(KEY, "a"), Names(Known())
    for text in ("My name is Will", "I am 42 years old"):
        names.redact(text, recognise(text, known))
    other = "Willow costs 42"
    assert names.redact(other, recognise(other, known)).text == other


def test_of_a_name_of_which_a_part_was_replaced_before_the_whole_is_replaced():
    names = Pseudonyms(KEY, "a")
    names.standin(Kind.PERSON, "Miller")
    redacted = names.redact("is Robert Miller at home", ())
    assert "Robert" not in redacted.text
    assert restore(redacted.text, names.values(redacted.standins)) == "is Robert Miller at home"


@each_row(
    "held, text, found",
    [
        ("Friedrich Kandinsky", "what did kandinsky paint", "kandinsky"),
        ("Friedrich Kandinsky", "is friedrich late", "friedrich"),
        ("王小明", "小明今天来吗", "小明"),
        ("Zoë Müller-Lüdenscheidt", "is zoe muller-ludenscheidt here", "zoe muller-ludenscheidt"),
        ("Anna Winter", "why is winter cold", ""),
        ("王建国", "建国多少年了", ""),
    ],
)
def test_a_part_of_a_name_that_is_held_is_known_in_small_letters(held: str, text: str, found: str):
    pseudonyms = Pseudonyms(bytes(32), "s")
    pseudonyms.standin(Kind.PERSON, held)
    told = pseudonyms.redact(text, ())
    assert list(pseudonyms.values(told.standins).values()) == ([found] if found else [])
