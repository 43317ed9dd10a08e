"""What leaves for a purpose: what it needs, without personal data, or nothing."""

import json
from collections.abc import Iterator

import pytest

from edgewise.core.label import Label, Residency, Sensitivity
from edgewise.core.words import Language
from edgewise.device import reach
from edgewise.errors import TrustError
from edgewise.route import delegation
from edgewise.route.payload import PURPOSES, Part, Payload, Turn, build_payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.recognise import Known, Names
from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found
from edgewise.route.restore import restore
from tests.each_row import each_row

KNOWN = Known(people=("王小明",))


def build(*turns: Turn, purpose: str = "assist", names: Pseudonyms | None = None) -> Payload:
    names = names or Pseudonyms(b"k" * 32, "a")
    return build_payload(turns, purpose, names, KNOWN, now=100.0)


PLAIN = Label()


def said(text: str, label: Label = PLAIN) -> Turn:
    return Turn(Part.USER, text, label)


def test_values_leave_as_stand_ins_and_the_answer_gets_them_back():
    names = Pseudonyms(b"k" * 32, "a")
    payload = build(said("给王小明发短信，他的电话13800138000，密码是hunter22"), names=names)
    (turn,) = payload.turns
    assert not any(value in turn.text for value in ("王小明", "13800138000", "hunter22"))
    assert payload.counts == {"person": 1, "phone": 1, "password": 1}
    assert restore(turn.text, names.values(payload.standins)).startswith(
        "给王小明发短信，他的电话138"
    )


def test_a_value_that_is_named_again_is_counted_once():
    payload = build(
        said("王小明在哪"), said("给王小明打13800138000"), said("王小明，密码是hunter22")
    )
    assert payload.counts == {"person": 1, "phone": 1, "password": 1}


def test_only_what_the_purpose_needs_leaves():
    others = [part for part in Part if part is not Part.USER]
    turns = [*(Turn(part, "31.23042, 121.47370") for part in others), said("the question")]
    for name, purpose in PURPOSES.items():
        payload = build(*turns, purpose=name)
        assert len(payload.turns) == len(purpose.parts)
        stayed = {line.split(":")[0] for line in payload.dropped}
        assert stayed == {part.value for part in set(Part) - purpose.parts}


@each_row(
    "label",
    [
        Label(residency=Residency.DEVICE),
        Label(sensitivity=Sensitivity.SECRET),
        Label(purposes=("weather",)),
        Label(expires_at=100.0),
    ],
)
def test_a_turn_whose_label_forbids_it_stays(label: Label):
    payload = build(said("canary", label), said("and now?"))
    assert [turn.text for turn in payload.turns] == ["and now?"]
    assert sum(payload.dropped.values()) == 1
    with pytest.raises(TrustError, match="may not leave"):
        build(said("hello"), said("canary", label))


@each_row("purpose, position", [("weather", "31.2, 121.5"), ("navigate", "31.23, 121.47")])
def test_a_position_is_as_coarse_as_the_purpose_allows(purpose: str, position: str):
    here = Turn(Part.LOCATION, "31.230416, 121.473701", Label(sensitivity=Sensitivity.SENSITIVE))
    payload = build(here, said("what is near"), purpose=purpose)
    assert payload.turns[0].text == position
    assert payload.sensitivity is Sensitivity.PERSONAL
    assert "230416" not in "".join(turn.text for turn in payload.turns)


def test_older_turns_stay_and_instructions_do_not():
    turns = [Turn(Part.INSTRUCTION, "be brief"), *(said(str(number)) for number in range(20))]
    payload = build(*turns)
    assert [turn.text for turn in payload.turns] == ["be brief", *map(str, range(8, 20))]
    assert payload.dropped == {"user: older": 8}


@each_row("language", list(Language))
def test_an_instruction_of_edgewises_own_leaves_as_it_stands(language: Language):
    for words in (delegation.INSTRUCTION, delegation.LAST, reach.INSTRUCTION):
        own = words.said_in(language)
        payload = build(Turn(Part.INSTRUCTION, own), said("call 13800138000"), purpose="document")
        assert payload.turns[0].text == own
        assert "13800138000" not in payload.turns[1].text


def test_a_note_with_words_of_a_person_is_looked_through():
    payload = build(Turn(Part.NOTE, "the person asked for 王小明"), said("and now?"))
    assert "王小明" not in payload.turns[0].text


def test_without_a_known_purpose_nothing_leaves():
    with pytest.raises(TrustError, match="'marketing'"):
        build(said("hi"), purpose="marketing")


class Broken(Names):
    """Known names whose index is damaged."""

    def find(self, folded: Folded):
        raise ZeroDivisionError(folded.text)


def test_a_recogniser_that_fails_lets_nothing_out_and_says_no_words():
    with pytest.raises(TrustError, match="nothing was sent") as failure:
        build_payload([said("canary")], "assist", Pseudonyms(b"k" * 32, "a"), Broken(KNOWN), now=0)
    assert failure.value.code == "not_redacted"
    assert "canary" not in str(failure.value)


def test_a_text_too_long_to_be_checked_does_not_leave():
    with pytest.raises(TrustError, match="send a part"):
        build(said("a" * 200_001))


def test_size_and_digest_are_those_of_what_leaves():
    payload = build(said("你好"))
    data = json.dumps(
        [{"role": "user", "content": "你好"}], ensure_ascii=False, separators=(",", ":")
    )
    assert payload.size_bytes == len(data.encode())
    assert payload.digest == build(said("你好")).digest != build(said("你坏")).digest


def test_a_label_is_not_softened_by_replacing_words():
    payload = build(said("my blood pressure", Label(sensitivity=Sensitivity.SENSITIVE)))
    assert payload.sensitivity is Sensitivity.SENSITIVE


def test_what_a_later_turn_gives_away_leaves_in_no_earlier_one():
    payload = build(
        Turn(Part.ASSISTANT, "Zorbina Quax should rest."), said("my name is Zorbina Quax, why?")
    )
    assert "Zorbina" not in str(payload.turns)
    assert len(payload.standins) == 1


@each_row(
    "turns",
    [
        [said("the wifi password is blueberry42"), said("how strong is blueberry42")],
        [said("how strong is blueberry42"), said("the wifi password is blueberry42")],
        [
            said("the wifi password is blueberry42", Label(residency=Residency.DEVICE)),
            said("how strong is BLUEBERRY42"),
        ],
        [
            said("the wifi password is blueberry42"),
            Turn(Part.ASSISTANT, "Noted: blueberry42."),
            said("how strong is it"),
        ],
    ],
)
def test_a_secret_of_one_turn_leaves_in_no_turn(turns: list[Turn]):
    payload = build(*turns)
    assert "blueberry42" not in repr(payload).casefold()
    assert len(payload.turns) >= len(turns) - 1


def test_a_secret_of_words_that_stay_leaves_in_no_turn():
    names = Pseudonyms(b"k" * 32, "a")
    asked = [said("how strong is blueberry42, Kowalczyk asks")]
    aside = ["I am Kowalczyk, and my password is blueberry42"]
    payload = build_payload(asked, "assist", names, KNOWN, now=0.0, aside=aside)
    assert "blueberry42" not in payload.turns[0].text
    assert "Kowalczyk" not in payload.turns[0].text
    assert len(payload.turns) == 1


class Counting(Names):
    """Counts how often each text is looked through."""

    def __init__(self) -> None:
        super().__init__(KNOWN)
        self.looked: list[str] = []

    def find(self, folded: Folded) -> Iterator[Found]:
        self.looked.append(folded.text)
        return super().find(folded)


def test_words_that_stay_are_looked_through_once_and_again_when_all_was_forgotten():
    names, counting = Pseudonyms(b"k" * 32, "a"), Counting()
    aside, asked = ["my password is blueberry42"], [said("how strong is blueberry42")]
    for number, times in enumerate((1, 1, 2)):
        if number == 2:
            names.clear()
        payload = build_payload(asked, "assist", names, counting, now=0.0, aside=aside)
        assert "blueberry42" not in payload.turns[0].text
        assert counting.looked.count(aside[0]) == times
