"""A clause as it is read for one capability of the real catalogue."""

from collections.abc import Callable

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Argument
from edgewise.core.zone import Zone
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.reading import Reading, read_clause

Read = Callable[[str, str], Reading]


@pytest.fixture(scope="session")
def read() -> Read:
    catalogue = builtin_catalogue()

    def reading(name: str, text: str) -> Reading:
        function = catalogue.get(name)
        assert function is not None
        clause = normalise(text)
        declared = declare(function.capability)
        return read_clause(declared, clause, clause, ("Mom",), "2026-11-23T10:00", Zone.DRIVER)

    return reading


def argument_of(reading: Reading, name: str) -> Argument:
    argument = reading.declared.capability.argument(name)
    assert argument is not None
    return argument
