"""Any OpenAI client talks to the platform; only the address and the key are ours."""

import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("EDGEWISE_CLOUD", "http://127.0.0.1:8475") + "/v1",
    api_key=os.environ["EDGEWISE_KEY"],
)
model = client.models.list().data[0].id
stream = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "Say hello."}],
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    if chunk.choices and chunk.choices[0].delta.content:
        print(chunk.choices[0].delta.content, end="", flush=True)
    if chunk.usage:
        print(f"\n{chunk.usage.total_tokens} tokens")
