"""`edgewise cockpit`: whoever closed the page opens it again without a restart."""

from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import ServedDevice


@pytest.mark.slow
def test_cockpit_prints_a_fresh_address_each_time(beside: Edgewise, served: ServedDevice) -> None:
    first, second = beside("cockpit"), beside("cockpit")
    assert first.code == second.code == 0
    codes = [urlsplit(ran.out.strip()).fragment for ran in (first, second)]
    assert codes[0] != codes[1]
    for code in codes:
        key = httpx.post(f"{served.address}/v1/launch/redeem", json={"code": code}, trust_env=False)
        assert key.status_code == 200, key.text


def test_cockpit_without_a_device_says_how_to_start_one(edgewise: Edgewise) -> None:
    ran = edgewise("cockpit")
    assert ran.code == 1
    assert "edgewise run" in ran.err
