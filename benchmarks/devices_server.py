"""The platform for the benchmark of voice devices: its own process, with devices that are bound.

`python -m benchmarks.devices_server FOLDER COUNT [--silent]` prints one line of JSON, the address
and the devices' tokens, and serves until its standard input ends. `--silent` gives it a voice that
says nothing in no time and no ears, so that what is measured is all but the models.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import uvloop
from msgspec.structs import replace

from edgewise.answer.speak import Spoken
from edgewise.cloud.accounts import FirstStart
from edgewise.cloud.app import CloudApp
from edgewise.cloud.config import XiaozhiConfig, built_in
from edgewise.cloud.senses import Senses
from edgewise.cloud.serve import server_config
from edgewise.cloud.service import Cloud, start_cloud
from edgewise.cloud.xiaozhi.bootstrap import Asking, ToActivate
from edgewise.core.words import Language
from edgewise.sound.pcm import SPEAKING_HZ, silence
from edgewise.talk.written import NoActivity, NoEars
from edgewise.web.connection import listen
from edgewise.web.server import Server

SAYS_S = 0.12
"""How long the silent voice speaks, whatever it says."""


class SilentVoice:
    """Implements `Voice`."""

    async def speak(
        self,
        text: str,
        language: Language,
        *,
        voice: str = "",
        speed: float = 1.0,
        deadline_s: float = 60.0,
    ) -> AsyncGenerator[Spoken, None]:
        del language, voice, speed, deadline_s
        yield Spoken(text, silence(SAYS_S, SPEAKING_HZ))

    async def warm(self, language: Language) -> None:
        del language

    async def close(self) -> None:
        return


def mac_of(number: int) -> str:
    """The address of the device of that number."""
    return f"02:00:00:00:{number // 256:02x}:{number % 256:02x}"


def bound(cloud: Cloud, made: FirstStart, count: int) -> list[str]:
    """So many devices of the first project; their tokens."""
    voice, tokens = cloud.voice, list[str]()
    assert voice is not None
    for number in range(count):
        asking = Asking(mac_of(number), f"client-{number}")
        told = voice.bootstrap(asking, "http://127.0.0.1", f"10.0.{number // 250}.{number % 250}")
        assert isinstance(told.activation, ToActivate)
        with voice.adding() as adding, cloud.database.begin() as connection:
            adding.bind(
                connection,
                made.organisation.id,
                made.project.id,
                f"device {number}",
                told.activation.code,
                account=made.account.id,
                now_s=cloud.clock.now(),
            )
        tokens.append(told.websocket.token)
    cloud.directory.refresh()
    return tokens


async def serve(folder: Path, count: int, *, silent: bool) -> None:
    """Until nobody writes to it any more."""
    own = XiaozhiConfig(enabled=True, most=2 * count + 16, most_of_project=2 * count + 16)
    config = replace(built_in(), xiaozhi=own, request_log=False)
    senses = Senses(lambda: NoEars("none"), SilentVoice, NoActivity) if silent else None
    cloud = await start_cloud(config, folder, senses=senses)
    try:
        assert cloud.first_start is not None
        tokens = bound(cloud, cloud.first_start, count)
        server = Server(server_config(CloudApp(cloud), config.write_s), cloud.end_soon)
        with listen(0) as listening:
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            print(json.dumps({"address": address, "tokens": tokens}), flush=True)
            await asyncio.to_thread(sys.stdin.read)
            server.should_exit = True
            await serving
    finally:
        await cloud.close()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser("python -m benchmarks.devices_server", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options.folder, options.count, silent=options.silent))


if __name__ == "__main__":
    main()
