"""Regular expressions that are compiled when they are first needed, or all when there is time.

Words are read with some hundreds of expressions; one command meets a sixth of them, and compiling
the others took a quarter of a cold start. A device that stays compiles them after it has opened
its door (`compile_all`), so that no later command waits for one.
"""

import re
import weakref
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer",
            "groups", "groupindex")  # fmt: skip
_made: "weakref.WeakSet[_Regex]" = weakref.WeakSet()


class _Regex:
    """Stands in for a compiled pattern; turns into one, attribute by attribute, on first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(f"a lazy regex has no {name}")
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__.update({each: getattr(compiled, each) for each in _METHODS})
        return getattr(compiled, name)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, but not before its first use. Give it to no function of `re`.

    An expression that does not compile raises `re.error` only then; a test compiles all.
    """
    made = _Regex(pattern, flags)
    _made.add(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> int:
    """Compile what has not been used yet, of all modules loaded by now; how many these are."""
    waiting = [each for each in _all_made() if "search" not in each.__dict__]
    for each in waiting:
        _ = each.search
    return len(waiting)


def _all_made() -> list[_Regex]:
    while True:
        try:
            return list(_made)
        except RuntimeError:  # a module loaded by another thread made one meanwhile
            continue
