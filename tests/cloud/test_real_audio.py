"""This machine's real voice and ears over /v1/audio: what it says, it hears again."""

from pathlib import Path

import pytest

from edgewise.cloud.config import built_in
from edgewise.device.config import SensesConfig
from edgewise.device.senses import lacks
from tests.cloud.running import Running, serving
from tests.cloud.test_realtime import sdk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        bool(lacks(SensesConfig(see=""))), reason="no ears or voice: edgewise models install"
    ),
]


async def test_a_sentence_is_said_and_heard_again_and_both_are_billed(tmp_path: Path):
    async with serving(tmp_path, built_in()) as (address, cloud):
        platform = Running(address, cloud, None)  # type: ignore[arg-type]
        platform.key = platform.make_key()
        async with sdk(platform) as client:
            made = await client.audio.speech.create(
                model="edgewise-voice",
                voice="af_heart",
                input="Open the driver's window.",
                response_format="flac",
            )
            heard = await client.audio.transcriptions.create(
                model="edgewise-ears", file=("said.flac", made.content), language="en"
            )
        await platform.wait_until_idle()
        entries = {entry.facts.model: entry for entry in cloud.ledger.recent}
    words = heard.text.lower().strip(" .").replace("'", "")
    assert words == "open the drivers window"
    assert entries["edgewise-voice"].usage.characters == 25
    assert entries["edgewise-ears"].usage.audio_input_ms > 1000
