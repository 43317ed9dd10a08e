"""Says a sentence by the device's voice, and has it written down by the device's ears."""

import asyncio
import os

from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize

HOST, _, PORT = os.environ.get("EDGEWISE_WYOMING", "127.0.0.1:10300").partition(":")


async def main() -> None:
    async with AsyncTcpClient(HOST, int(PORT), read_timeout=60) as client:
        await client.write_event(Synthesize("Open the window.").event())
        chunks: list[AudioChunk] = []
        while (event := await client.read_event()) and event.type != "audio-stop":
            if AudioChunk.is_type(event.type):
                chunks.append(AudioChunk.from_event(event))
        print(f"{sum(chunk.seconds for chunk in chunks):.1f} s of speech")

        await client.write_event(Transcribe(language="en").event())
        await client.write_event(AudioStart(24_000, 2, 1).event())
        for chunk in chunks:
            await client.write_event(chunk.event())
        await client.write_event(AudioStop().event())
        while (event := await client.read_event()) and event.type != "transcript":
            pass
        print(event.data["text"] if event else "the device ended the connection")


asyncio.run(main())
