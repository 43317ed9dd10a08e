"""What is optional leaves an installation fit; what is needed does not."""

import pytest

from edgewise.core.finding import Finding, State, is_fit
from edgewise.core.words import Words

WELL = Finding("python", State.OK, Words("3.11", "3.11"))


@pytest.mark.parametrize("state", [State.MISSING, State.BROKEN])
def test_only_what_is_needed_and_not_well_makes_unfit(state: State):
    told = Words("not there", "没有")
    assert is_fit([WELL, Finding("port", state, told, told, optional=True)])
    assert not is_fit([WELL, Finding("port", state, told, told)])
