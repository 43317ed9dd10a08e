"""What of a talk goes along with a question to a cloud, so that the cloud can follow it.

The last exchanges, each only as far as its own label, and what it tells of somebody's sensitive
matters, let it leave, and only to a cloud that its question might have gone to when it was asked;
what the device did is not told of, nor what nobody but a phrase of the device's answered: it was
said to the device alone.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.thought import Exchange
from edgewise.route.payload import Part, Turn
from edgewise.route.question import Question, labelled
from edgewise.route.recognise import Names, label_of_words
from edgewise.route.rules import forbidding

MOST_EXCHANGES = 2


def said_before(
    exchanges: Sequence[Exchange], question: Question, endpoint: Endpoint, names: Names
) -> list[Exchange]:
    """The last of `exchanges` that may go to that cloud with `question`, oldest first, each with
    its label as sensitive as its words are."""
    told = [
        replace(one, label=label_of_words(one.label, (one.text, one.answer), names))
        for one in exchanges[-MOST_EXCHANGES:]
        if not (one.calls or one.stock) and endpoint.recipient in one.clouds
    ]
    return [one for one in told if not forbidding(labelled(question, one.label), endpoint)]


def left_aside(exchanges: Sequence[Exchange], going: Sequence[Exchange]) -> list[str]:
    """The words of those that do not go along."""
    gone = {(one.text, one.answer) for one in going}
    stay = [one for one in exchanges if (one.text, one.answer) not in gone]
    return [words for one in stay for words in (one.text, one.answer)]


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """They as turns of a payload: what was asked, what was answered."""
    turns: list[Turn] = []
    for one in exchanges:
        turns.append(Turn(Part.USER, one.text, one.label))
        turns.append(Turn(Part.ASSISTANT, one.answer, one.label))
    return turns
