"""What was heard so far, as text that is only ever added to.

A recogniser's partial words change until they settle, while a client of the realtime API appends
each `delta`. So a word is told when two looks in a row agree on it (local agreement: Liu, Spanakis
and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition", Interspeech 2020, 2.1).
"""


class Hypothesis:
    """The words of one item, so far."""

    def __init__(self) -> None:
        self._told = ""
        self._before = ""

    def more(self, text: str) -> str:
        """A new look at all of it; what can be told now beyond what was."""
        agreed = _whole(_common(self._before, text), text)
        self._before = text
        return self._tell(agreed)

    def rest(self, text: str) -> str:
        """The final text; what is not told yet, empty where it differs from what was."""
        return self._tell(text)

    def _tell(self, text: str) -> str:
        if not text.startswith(self._told) or len(text) == len(self._told):
            return ""
        more = text[len(self._told) :]
        self._told = text
        return more


def _common(one: str, other: str) -> str:
    """How both begin."""
    pairs = zip(one, other, strict=False)
    end = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return one[:end]


def _whole(agreed: str, text: str) -> str:
    """`agreed`, without a word of letters that may go on in `text`."""
    if agreed == text or not agreed or not _is_letter(agreed[-1]):
        return agreed
    if len(text) > len(agreed) and not _is_letter(text[len(agreed)]):
        return agreed
    while agreed and _is_letter(agreed[-1]):
        agreed = agreed[:-1]
    return agreed.rstrip()


def _is_letter(character: str) -> bool:
    """Of a script that puts blanks between words."""
    return character.isalnum() and not "\u3400" <= character <= "\u9fff"
