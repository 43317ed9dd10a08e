"""Asks over the realtime API and keeps the spoken answer: the same code for device and platform."""

import asyncio
import base64
import os
import wave

from openai import AsyncOpenAI

client = AsyncOpenAI(
    base_url=os.environ.get("EDGEWISE_REALTIME", "http://127.0.0.1:8474") + "/v1",
    api_key=os.environ["EDGEWISE_KEY"],
)


async def main() -> None:
    sound = b""
    model = os.environ.get("EDGEWISE_MODEL", "edgewise")
    async with client.realtime.connect(model=model) as socket:
        await socket.conversation.item.create(
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Open the driver's window."}],
            }
        )
        await socket.response.create()
        async for event in socket:
            if event.type == "error":
                raise SystemExit(event.error.message)
            if event.type == "response.output_audio_transcript.delta":
                print(event.delta, end="", flush=True)
            if event.type == "response.output_audio.delta":
                sound += base64.b64decode(event.delta)
            if event.type == "response.done":
                break
    with wave.open("answer.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(sound)
    print(f"\n{len(sound) / 48_000:.1f} s of sound in answer.wav")


asyncio.run(main())
