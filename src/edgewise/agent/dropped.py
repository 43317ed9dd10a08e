"""A question that waited for a yes and is void because another command came: told, in one sentence.

It names what the device would have done and nothing of to whom or what, for whoever speaks now may
not be the one who was asked. When a question lapses is `consent.py`'s to say.
"""

from collections.abc import Sequence

from edgewise.act.function import Catalogue
from edgewise.agent.pending import Pending
from edgewise.core.event import PendingCall
from edgewise.core.words import Words

_MOST_NAMED = 2


def dropped_words(
    dropped: Pending | None, asked_now: Sequence[PendingCall], catalogue: Catalogue
) -> Words | None:
    """What to say of the question that was `dropped`; nothing where just that is asked again."""
    if dropped is None:
        return None
    if dropped.leaving is not None:
        return _said([_TO_SEND])
    again = [(now.call.capability, now.call.arguments) for now in asked_now]
    calls = [waiting.call for waiting in dropped.calls]
    if all((call.capability, call.arguments) in again for call in calls):
        return None
    functions = (catalogue.get(name) for name in dict.fromkeys(c.capability for c in calls))
    return _said([function.capability.words for function in functions if function is not None])


def _said(names: Sequence[Words]) -> Words | None:
    named = names[:_MOST_NAMED]
    if not named:
        return None
    return _DROPPED.filled(
        en=", ".join(words.en for words in named), zh="、".join(words.zh for words in named)
    )


_TO_SEND = Words("sending your question to the cloud", "把问题发给云端")
_DROPPED = Words("The question about “{en}” is dropped.", "刚才要确认的“{zh}”已作废。")
