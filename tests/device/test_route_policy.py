"""The routing policy is the folder's, else the built-in one; a wrong one stops the start."""

from pathlib import Path

import pytest

from edgewise.device.route_policy import load_route_policy
from edgewise.errors import UserError
from edgewise.route.policy import DEFAULT, RoutePolicy


def test_without_a_file_the_built_in_policy_is_in_force(tmp_path: Path):
    assert load_route_policy(tmp_path) == DEFAULT


def test_the_folders_policy_is_in_force(tmp_path: Path):
    (tmp_path / "route_policy.json").write_text('{"version": "2", "sure": 0.2}')
    assert load_route_policy(tmp_path) == RoutePolicy("2", sure=0.2)


def test_a_policy_that_does_not_hold_is_no_default(tmp_path: Path):
    (tmp_path / "route_policy.json").write_text('{"sure": 2}')
    with pytest.raises(UserError, match=r"route_policy.json: .*sure is 2.*or delete it") as caught:
        load_route_policy(tmp_path)
    assert caught.value.code == "bad_config"
    (tmp_path / "route_policy.json").unlink()
    (tmp_path / "route_policy.json").mkdir()
    with pytest.raises(UserError, match="can not be read"):
        load_route_policy(tmp_path)
