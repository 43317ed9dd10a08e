"""Recognisers are known by name without loading any; what one of a hub lacks is named."""

from pathlib import Path

import pytest

from edgewise.engine.packages import packages
from edgewise.errors import UserError
from edgewise.perceive.recognisers import HUB, PACKAGED, RECOGNISERS, checked, missing_files


def test_a_name_is_itself_or_refused_with_all_there_are() -> None:
    assert checked("whisper-small") == "whisper-small"
    with pytest.raises(UserError, match="nope") as refused:
        checked("nope")
    assert all(name in str(refused.value) for name in RECOGNISERS)


def test_those_of_packages_are_packages() -> None:
    assert set(PACKAGED) <= {one.name for one in packages()}


def test_what_a_folder_of_a_hub_lacks_is_named(tmp_path: Path) -> None:
    wanted = HUB["paraformer-zh"]
    assert missing_files(wanted, tmp_path) == wanted.files
    (tmp_path / wanted.name).mkdir()
    (tmp_path / wanted.name / wanted.files[0]).touch()
    assert missing_files(wanted, tmp_path) == wanted.files[1:]
