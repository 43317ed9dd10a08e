"""What third parties add is added; what is broken or taken is left out and said."""

import sys
from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.plugin import capability, functions_of
from edgewise.core.capability import Risk
from edgewise.device.config import Config, McpServer
from edgewise.device.third_party import ThirdParties, load_third_parties

KITCHEN = Path(__file__).resolve().parents[1] / "act" / "mcp_server_for_tests.py"


@capability("massage.start", risk=Risk.REVERSIBLE, en=["knead me"])
def massage() -> str:
    """Start a massage."""
    return "kneading"


@capability("door.lock", en=["lock up"])
def lock() -> str:
    """Pretend to lock."""
    return "locked"


def test_a_taken_name_is_left_out_and_said_and_the_rest_is_added() -> None:
    catalogue = builtin_catalogue()
    parties = ThirdParties(functions_of([lock, massage]), problems=["one was broken"])
    notices = parties.add_to(catalogue)
    assert notices[0] == "one was broken"
    assert len(notices) == 2
    assert "door.lock" in notices[1]
    kept, added = catalogue.get("door.lock"), catalogue.get("massage.start")
    assert kept is not None
    assert kept.capability.provider == "edgewise"
    assert added is not None


def test_problems_are_not_told_twice() -> None:
    parties = ThirdParties(problems=["one was broken"])
    parties.add_to(builtin_catalogue())
    assert parties.problems == ["one was broken"]


async def test_without_plug_ins_and_servers_there_is_nothing() -> None:
    found = await load_third_parties(Config())
    assert (found.drivers, found.problems, found.servers) == ([], [], None)
    await found.close()


@pytest.mark.slow
async def test_the_tools_of_a_configured_server_are_added_and_a_dead_one_is_said() -> None:
    servers = {
        "kitchen": McpServer(command=(sys.executable, str(KITCHEN))),
        "gone": McpServer(command=("/no/such/program",)),
    }
    found = await load_third_parties(Config(mcp=servers))
    try:
        names = {function.capability.name for function in found.functions}
        assert any("heat_oven" in name for name in names)
        assert [driver.prefix for driver in found.drivers] == ["mcp"]
        assert any("gone" in problem for problem in found.problems)
    finally:
        await found.close()
