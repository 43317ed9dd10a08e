"""A table of cheap rows as one test: it goes through all rows and tells each one that fails.

pytest collects, sends and reports every parametrised row as a test of its own, which costs more
than most rows do. Only for tests whose rows share nothing: the fixtures they take, if any, are made
for a whole module or session, and no row changes them.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]


def each_row(names: str | Sequence[str], rows: Iterable[Any]) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize(names, rows)`, but one test; a failed row is a failed subtest.

    Stacked, they go through all combinations.
    """
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = [dict(zip(keys, (row,) if len(keys) == 1 else row, strict=True)) for row in rows]
    assert table, "a table without rows can not fail"

    def decorate(test: Test) -> Test:
        assert not inspect.iscoroutinefunction(test), "an async test would never be awaited here"
        combined = [row | other for other in getattr(test, "table", [{}]) for row in table]
        bare = getattr(test, "bare", test)

        @functools.wraps(test)
        def through_all(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for row in combined:
                try:
                    bare(**row, **fixtures)
                except (Exception, pytest.fail.Exception) as failure:
                    with subtests.test(**row):
                        raise failure

        own = inspect.signature(bare).parameters.values()
        asked = inspect.Parameter("subtests", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        left = [parameter for parameter in own if parameter.name not in combined[0]]
        through_all.__dict__.update(
            table=combined, bare=bare, __signature__=inspect.Signature([asked, *left])
        )
        return through_all

    return decorate
