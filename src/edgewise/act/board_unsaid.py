"""What a device has but no words may do: it is understood, and refused with the reason.

A tool that cannot be undone has no sentences of its own. Were its name unknown as well, its words
would be read as those of the tool most like it; so they are declared for what is not available.
Nothing here is written, whatever is asked. Pure.
"""

from edgewise.act.board_sentences import Own
from edgewise.act.board_words import phrases
from edgewise.act.function import Function
from edgewise.core.call import Call, Impossible, Resolution
from edgewise.core.capability import Capability, Example, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

PROVIDER = "unsaid"


def unsaid(tool: Own) -> Function:
    """Says why the tool is not called, by the words that would mean it."""
    en, zh = phrases(tool.name)
    short = tool.capability.name.partition(".")[2]
    name = short.replace("_", " ")
    words = Words(en[0] if en else name, zh[0] if zh else tool.name.chinese or name)
    reason = _BY_HAND.filled(en=words.en, zh=words.zh)
    declared = Capability(
        f"{PROVIDER}.{short}",
        words,
        Risk.READ,
        available=False,
        unavailable=reason,
        provider=PROVIDER,
        en=tuple(map(Example, en)),
        zh=tuple(map(Example, zh)),
    )

    def resolve(_call: Call, _snapshot: Snapshot) -> Resolution:
        return Impossible("unavailable", reason)

    return Function(declared, resolve)


_BY_HAND = Words(
    "“{en}” can not be asked for by words, because it can not be undone; please do it by hand.",
    "“{zh}”不能用语音执行，因为做了就无法撤回；请您亲手操作。",
)
