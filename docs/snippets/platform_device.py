"""A device in a session with the platform: the cloud proposes, the device decides and performs.

EDGEWISE_CLOUD=http://127.0.0.1:8475 EDGEWISE_DEVICE_KEY=dk-ew-... python platform_device.py
"""

import asyncio
import os
import tempfile
from pathlib import Path

from edgewise.agent.proposals import Proposals
from edgewise.core.exchange import Ended, Proposed, Text
from edgewise.core.label import OriginKind, label_of
from edgewise.core.part import TextPart
from edgewise.device.runtime import start_device
from edgewise.hosting.board import Board
from edgewise.think.agent_client import AgentClient

CLOUD = os.environ.get("EDGEWISE_CLOUD", "http://127.0.0.1:8475")
OFFERED = ("climate.set_defrost", "climate.set_power")  # few: a small model reads few tools


async def converse(said: str) -> None:
    """One turn. What the person said is labelled as theirs; unlabelled text would be content."""
    words = (TextPart(said, label_of(OriginKind.VOICE, "driver")),)
    with tempfile.TemporaryDirectory() as folder:
        device = await start_device(Path(folder))
        try:
            async with Proposals(device.agent, Board()) as proposals:
                opening = proposals.opening(names=OFFERED)
                async with AgentClient(CLOUD, os.environ["EDGEWISE_DEVICE_KEY"], opening) as link:
                    async for message in proposals.converse(link, words):
                        match message:
                            case Text(text=text):
                                print(text, end="", flush=True)
                            case Proposed(capability=capability, arguments=arguments):
                                print(f"[the cloud proposes {capability} {arguments}]")
                            case Ended(how=how):
                                print(f"\n[{how.value}]")
                            case _:
                                pass
        finally:
            await device.close()


asyncio.run(converse("turn on the rear defrost"))
