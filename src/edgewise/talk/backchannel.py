"""Small words by which a listener says "go on": they take no turn while somebody else speaks.

Source: the commonest backchannels of Switchboard (Jurafsky et al. 1997) and of spoken Chinese
(Clancy et al. 1996), without those that answer a question ("yes", "no", "好").
"""

import unicodedata

_ENGLISH = "uh um mm mmm mhm hm hmm huh mm-hmm uh-huh oh ah aha wow really"
_CHINESE = "嗯 嗯嗯 嗯哼 哦 噢 喔 啊 呃 唉 哎 哇"
_SMALL = frozenset(f"{_ENGLISH} {_CHINESE}".split())


def is_backchannel(text: str) -> bool:
    """Whether all of `text` is such words."""
    kept = (c if c.isalnum() or c == "-" else " " for c in unicodedata.normalize("NFKC", text))
    words = "".join(kept).casefold().split()
    return all(word in _SMALL for word in words)
