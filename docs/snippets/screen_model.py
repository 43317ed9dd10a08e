"""Lets a GUI model (GELab-Zero, or any that speaks its action words) work on the device's screen.

    python screen_model.py "find the opening hours of the library"

Every line of the model is judged by the device, and what it asks about is answered there.
"""

import base64
import os
import sys
import time

import httpx

DEVICE = os.environ.get("EDGEWISE_DEVICE", "http://127.0.0.1:8474")
OWNER = {"Authorization": f"Bearer {os.environ['EDGEWISE_TOKEN']}"}  # the file token
MODEL = os.environ.get("GUI_MODEL", "http://127.0.0.1:8000/v1")  # OpenAI-compatible
NAME = os.environ.get("GUI_MODEL_NAME", "gelab-zero-4b-preview")


def next_line(task: str, picture: bytes, done: list[str]) -> str:
    """What the model would do now. Its own documents say how it wants to be asked."""
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    said = f"Task: {task}\nDone so far: {'; '.join(done) or 'nothing'}"
    content = [
        {"type": "text", "text": said},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    body = {"model": NAME, "messages": [{"role": "user", "content": content}]}
    answer = httpx.post(f"{MODEL}/chat/completions", json=body, timeout=120).raise_for_status()
    return answer.json()["choices"][0]["message"]["content"]


def main(task: str) -> None:
    done: list[str] = []
    with httpx.Client(base_url=DEVICE, headers=OWNER, timeout=120) as device:
        while len(done) < 30:
            seen = device.get("/v1/screen").raise_for_status().json()["seen"]
            picture = device.get("/v1/screen.png").raise_for_status().content
            line = next_line(task, picture, done)
            print(line)
            if "action:WAIT" in line:
                time.sleep(2)
                continue
            reply = device.post("/v1/screen/step", json={"line": line, "seen": seen})
            if reply.status_code != 200:  # COMPLETE, INFO, ABORT: nothing to touch
                break
            if "needs_approval" in reply.text:
                input("The device asks you: answer there, then press Enter. ")
            done.append(line.strip().splitlines()[-1])


main(" ".join(sys.argv[1:]))
