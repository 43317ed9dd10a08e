"""What a yes on a screen would be for: the question that stands there, the sums, what is written
and to whom.

Pure. A tap on "OK" means what the screen asks, and a yes of the person holds for the sum and the
words that they were asked about. It does not judge a step (`act/screen_step.py`).
"""

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_recipient import to_whom
from edgewise.act.screen_words import amounts, asks_to_commit, is_secret, looks_up, shows_money

LONGEST_QUESTION = 300
"""Characters; what is longer is an article, and what it asks is no question to a hand."""


def question_on(seen: Seen) -> str:
    """The words on a screen that ask about what can not be taken back; "" where none do."""
    shown = (e.text for e in seen.elements if e.role in (Role.TEXT, Role.OTHER) and not e.secret)
    texts = (text for text in (*shown, seen.title) if len(text) <= LONGEST_QUESTION)
    return next((" ".join(text.split()) for text in texts if asks_to_commit(text)), "")


def is_about_money(seen: Seen) -> bool:
    """Whether a yes on this screen pays or transfers."""
    return shows_money((seen.app, seen.title, *(element.text for element in seen.elements)))


def is_written_in(field: Element) -> bool:
    """Whether enter in this field may send what is written there: every field but one that looks
    something up, and one for a secret, which signs in."""
    return field.role is Role.FIELD and not field.secret and not looks_up(field.text)


def is_beside(element: Element, field: Element) -> bool:
    """Whether it stands in the same row as a field, or on its end, and not around it."""
    y = element.centre.y
    return field.box[1] <= y <= field.box[3] and not element.covers(field.centre)


def asks_who_you_are(seen: Seen) -> bool:
    """Whether it has a field for a password or a code, which a yes or enter would send."""
    return any(e.secret or (e.role is Role.FIELD and is_secret(e.text)) for e in seen.elements)


def stakes_on(seen: Seen) -> tuple[str, ...]:
    """What a yes to a step on this screen is a yes to: the question, whom what is written goes to,
    the sums of money, and what stands in its fields. A clock or an advert is none of it."""
    fields = [e.text for e in seen.elements if e.role is Role.FIELD and not e.secret]
    sums = [one for element in seen.elements for one in amounts(element.text)]
    return (question_on(seen), to_whom(seen), *fields, *sorted(sums))
