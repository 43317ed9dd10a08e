"""What of a talk a language model on the device is told before a question: of the last exchanges
those of words alone, and none of anybody else's words or about the device itself.
"""

from collections.abc import Sequence

from edgewise.core.thought import Exchange
from edgewise.think.device_words import is_about_device

MOST_EXCHANGES = 2


def talk_before(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Those of `exchanges` that it is told of, oldest first."""
    return tuple(
        one
        for one in exchanges[-MOST_EXCHANGES:]
        if one.label.trusted and not (one.calls or one.stock) and not is_about_device(one.text)
    )
