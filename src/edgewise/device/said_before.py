"""What of a talk goes along with a question to a cloud, so that the cloud can follow it.

The last exchanges, each only as far as its own label, and what it tells of somebody's sensitive
matters, let it leave; what the device did is not told of.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.label import Label
from edgewise.core.thought import Exchange
from edgewise.route.payload import Part, Turn
from edgewise.route.question import Question, labelled
from edgewise.route.recognise import Names, sensitivity_of
from edgewise.route.rules import forbidding

MOST_EXCHANGES = 2


def said_before(
    exchanges: Sequence[Exchange], question: Question, endpoint: Endpoint, names: Names
) -> list[Exchange]:
    """The last of `exchanges` that may go to that cloud with `question`, oldest first."""
    return [
        one
        for one in exchanges[-MOST_EXCHANGES:]
        if not one.calls and not forbidding(labelled(question, _label_of(one, names)), endpoint)
    ]


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """They as turns of a payload: what was asked, what was answered."""
    turns: list[Turn] = []
    for one in exchanges:
        turns.append(Turn(Part.USER, one.text, one.label))
        turns.append(Turn(Part.ASSISTANT, one.answer, one.label))
    return turns


def _label_of(exchange: Exchange, names: Names) -> Label:
    """Its label, as sensitive as its words are."""
    told = (sensitivity_of(text, names) for text in (exchange.text, exchange.answer))
    return replace(exchange.label, sensitivity=max(exchange.label.sensitivity, *told))
