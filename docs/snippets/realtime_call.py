"""Asks by WebRTC and records the spoken answer: pip install aiortc httpx."""

import asyncio
import json
import os

import httpx
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder

ADDRESS = os.environ.get("EDGEWISE_REALTIME", "http://127.0.0.1:8474") + "/v1/realtime/calls"
MODEL = os.environ.get("EDGEWISE_MODEL", "edgewise")
KEY = {"Authorization": f"Bearer {os.environ['EDGEWISE_KEY']}"}
ITEM = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "Open the driver's window."}],
}


async def main() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    recorder = MediaRecorder("answer.wav")
    over = asyncio.Event()
    peer.addTransceiver("audio", "recvonly")  # addTrack(MediaPlayer(...).audio) to be heard
    peer.on("track", recorder.addTrack)
    events = peer.createDataChannel("oai-events")

    @events.on("message")
    def told(message: str) -> None:
        event = json.loads(message)
        if event["type"] == "session.created":
            for one in (
                {"type": "conversation.item.create", "item": ITEM},
                {"type": "response.create"},
            ):
                events.send(json.dumps(one))
        if event["type"] == "response.output_audio_transcript.delta":
            print(event["delta"], end="", flush=True)
        if event["type"] in ("output_audio_buffer.stopped", "error"):
            over.set()

    await peer.setLocalDescription(await peer.createOffer())
    async with httpx.AsyncClient(headers=KEY) as client:
        session = json.dumps({"type": "realtime", "model": MODEL})
        form = {"sdp": (None, peer.localDescription.sdp), "session": (None, session)}
        reply = await client.post(ADDRESS, files=form)
        if reply.is_error:
            raise SystemExit(reply.text)
    await peer.setRemoteDescription(RTCSessionDescription(reply.text, "answer"))
    await recorder.start()
    await over.wait()
    await recorder.stop()
    await peer.close()


asyncio.run(main())
