"""What one family of recognisers finds in a text."""

from collections.abc import Callable, Iterable

from edgewise.route.recognise.folded import Folded, fold
from edgewise.route.recognise.found import Found

Family = Callable[[Folded], Iterable[Found]]


def read(family: Family, text: str) -> list[tuple[str, str]]:
    return [(one.kind.name, text[one.start : one.end]) for one in family(fold(text))]
