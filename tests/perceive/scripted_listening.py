"""A hearing whose texts, and how well each text fits, are told."""

from collections.abc import Mapping, Sequence

from edgewise.perceive.recognise import Guess


class ScriptedListening:
    """`fits`: the probability of each token of a text, by its words without marks and capitals;
    0.9 of what it wrote itself, 0.01 of anything else."""

    def __init__(self, guesses: Sequence[Guess], fits: Mapping[str, float]) -> None:
        self.guesses = guesses
        own = {_bare(guess.text): 0.9 for guess in guesses}
        self._fits = own | {_bare(text): fit for text, fit in fits.items()}

    def likely(self, text: str) -> Sequence[float]:
        """See `Listening`."""
        assert text[:1].isupper() or not text[:1].isalpha(), text
        assert text.endswith((".", "?", "!")), text
        return [self._fits.get(_bare(text), 0.01)] * len(text.split())


def _bare(text: str) -> str:
    return text.lower().rstrip(".?!")
