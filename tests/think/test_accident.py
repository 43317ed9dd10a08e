"""An accident: help is offered at once, and dialled when it is asked for, without any model."""

import pytest

from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.fixed import fixed
from tests.each_row import each_row


@pytest.mark.rule(42, 44)
@each_row(
    ("text", "language", "number"),
    [
        ("出车祸了，快叫救护车", Language.CHINESE, "120"),
        ("快叫救护车，出车祸了", Language.CHINESE, "120"),
        ("有人受伤了，叫救护车", Language.CHINESE, "120"),
        ("we had an accident, call an ambulance", Language.ENGLISH, "112"),
        ("call the police, we've had a crash!", Language.ENGLISH, "112"),
    ],
)
def test_help_asked_for_with_its_reason_is_dialled(
    text: str, language: Language, number: str
) -> None:
    thought = fixed(text, Context(language))
    assert thought is not None
    assert [(c.capability, c.arguments) for c in thought.calls] == [
        ("call.dial", {"number": number})
    ]


@pytest.mark.rule(42, 44)
@each_row(
    "text", ["I think we've had an accident", "we just crashed!", "出车祸了！", "somebody is hurt"]
)
def test_an_accident_that_is_reported_is_answered_with_the_offer_of_help(text: str) -> None:
    thought = fixed(text, Context(Language.ENGLISH, region="CN"))
    assert thought is not None
    assert (thought.fixed, thought.calls) == ("accident", ())
    assert thought.question is not None
    assert "120" in thought.question.en
    assert "120" in thought.question.zh


@each_row(
    "text",
    [
        "is there an accident ahead", "avoid accidents", "play Crash", "前方有事故吗",
        "don't call an ambulance, we had an accident", "report an accident",
    ],
)  # fmt: skip
def test_other_words_about_accidents_call_nobody_and_offer_nothing(text: str) -> None:
    thought = fixed(text, Context(Language.ENGLISH))
    assert thought is None
