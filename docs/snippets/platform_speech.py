"""A text said by a model of the kind `speech`, and one embedded; `wav`, since not every upstream
makes the client's default, mp3 (that of `edgewise.testing` makes wav and pcm alone)."""

import os
from pathlib import Path

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("EDGEWISE_CLOUD", "http://127.0.0.1:8475") + "/v1",
    api_key=os.environ["EDGEWISE_KEY"],
)
said = client.audio.speech.create(
    model="fake-tts", voice="any", input="Rear defrost is on.", response_format="wav"
)
Path("said.wav").write_bytes(said.content)
near = client.embeddings.create(model="fake-embed", input="It is cold.")
print(f"{len(said.content)} bytes of sound, {len(near.data[0].embedding)} numbers")
