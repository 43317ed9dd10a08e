"""An independent client asks, shows its code, is bound and asks again: xiaozhi-sdk as it is
published, from an environment of its own."""

import asyncio
import json
from pathlib import Path

import pytest

from edgewise.cloud.config import XiaozhiConfig
from judges.environment import CannotInstall, python_environment
from tests.cloud.running import running_cloud
from tests.cloud.xiaozhi.test_ota import bind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CLIENT = """
import asyncio, json, sys
from xiaozhi_sdk.ota import OtaDevice

async def main(address):
    device = OtaDevice("02:00:00:00:00:01", "4d5a26b0-client", address, "")
    told = await device.activate_device()
    print(json.dumps(told), flush=True)
    waited = 0
    while not await device.check_activate(told["activation"]["challenge"]):
        waited += 1
        print(json.dumps({"waited": waited}), flush=True)
        await asyncio.sleep(0.1)
    print(json.dumps(await device.activate_device()), flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def interpreter() -> Path:
    try:
        return python_environment("xiaozhi-sdk")
    except CannotInstall as error:
        pytest.skip(f"xiaozhi-sdk can not be installed here: {error}")


async def test_the_sdk_activates_as_it_is(tmp_path: Path, interpreter: Path):
    async with running_cloud(tmp_path, xiaozhi=XiaozhiConfig(enabled=True)) as running:
        client = await asyncio.create_subprocess_exec(
            interpreter, "-c", CLIENT, f"{running.address}/xiaozhi/ota/",
            stdout=asyncio.subprocess.PIPE, cwd=tmp_path,
        )  # fmt: skip
        assert client.stdout is not None
        async with asyncio.timeout(60):
            first = json.loads(await client.stdout.readline())
            assert json.loads(await client.stdout.readline()) == {"waited": 1}
            bind(running, first["activation"]["code"])
            *_, last = (await client.stdout.read()).splitlines()
            assert await client.wait() == 0
        again = json.loads(last)
        assert again["websocket"] == first["websocket"]
        assert "activation" not in again
        assert running.cloud.voice is not None
        [shown] = running.cloud.voice.shown(running.cloud.first_start.organisation.id)  # pyright: ignore[reportOptionalMemberAccess]
        assert (shown.board, shown.firmware) == ("xiaozhi-sdk", "0.5.1")
