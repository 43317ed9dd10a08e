"""What of a talk goes along with a question to a cloud, so that the cloud can follow it.

The last exchanges, each only as far as its own label lets it leave; what the device did is not told
of.
"""

from collections.abc import Sequence

from edgewise.core.endpoint import Endpoint
from edgewise.core.thought import Exchange
from edgewise.route.payload import Part, Turn
from edgewise.route.question import Question, labelled
from edgewise.route.rules import forbidding

MOST_EXCHANGES = 2


def said_before(
    exchanges: Sequence[Exchange], question: Question, endpoint: Endpoint
) -> list[Exchange]:
    """The last of `exchanges` that may go to that cloud with `question`, oldest first."""
    return [
        one
        for one in exchanges[-MOST_EXCHANGES:]
        if not one.calls and not forbidding(labelled(question, one.label), endpoint)
    ]


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """They as turns of a payload: what was asked, what was answered."""
    turns: list[Turn] = []
    for one in exchanges:
        turns.append(Turn(Part.USER, one.text, one.label))
        turns.append(Turn(Part.ASSISTANT, one.answer, one.label))
    return turns
