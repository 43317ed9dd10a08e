"""What a person's yes or no to sending just this makes of a question.

A yes settles mode ASK, and where a consent lacks stands for one that is good for this payload
only; a no leaves the device. Pure: the question says all of it, so that the decision can be made
again. Who may say it, in time and once, is the session's to know.
"""

from msgspec.structs import replace

from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.label import Sensitivity
from edgewise.route.question import Question
from edgewise.route.rules import forbidding, needs_only_a_yes

SUPPOSED = "supposed"
"""The id of a consent that nobody gave: it lets be seen what would leave by a yes."""


def lacks_consent(question: Question, endpoint: Endpoint) -> bool:
    """Whether nothing but a consent lacks for that cloud."""
    return needs_only_a_yes(forbidding(question, endpoint))


def is_sensitive(question: Question) -> bool:
    """Whether a consent for it is a separate one (PIPL Art. 29)."""
    return question.sensitivity >= Sensitivity.SENSITIVE


def crosses(question: Question, endpoint: Endpoint) -> bool:
    """Whether that cloud keeps data in another region (Art. 39)."""
    return not question.region or endpoint.region != question.region


def supposing(question: Question, endpoint: Endpoint) -> Question:
    """The question as it would be by a yes to that cloud. It is never decided by, and what is made
    of it is only shown."""
    held = question.consents
    if lacks_consent(question, endpoint):
        given = Consent(
            SUPPOSED,
            endpoint.name,
            question.purpose,
            question.now,
            sensitive=is_sensitive(question),
            crossing=crosses(question, endpoint),
        )
        held = (*held, given)
    return replace(question, consents=held, agreed=True, agreed_to=endpoint.name)


def declined(question: Question) -> Question:
    """The question after the person's no: it goes to nobody."""
    return replace(question, declined=True, agreed=False, agreed_to="", shown="")
