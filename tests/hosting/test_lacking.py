"""A sense that lacks a library names the extra that brings it."""

import pytest

from edgewise.hosting.lacking import LIBRARIES, lacks_of


@pytest.mark.parametrize("sense", ["hear", "speak", "see"])
def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch, sense: str):
    monkeypatch.setitem(LIBRARIES, sense, ("no_such_library",))
    lack = lacks_of(sense)[0]
    assert (lack.sense, lack.remedy) == (sense, f"pip install 'edgewise[{sense}]'")
    assert "no_such_library" in lack.found.zh
