"""One peer connection of WebRTC: Opus both ways and a channel of events, by aiortc.

A stranger's offer is parsed by aiortc and held to what a call needs: one audio section that hears
us, at most one channel section, nothing else. The addresses in it are thrown away: nothing is sent
anywhere before the client has reached one of ours with the password of the answer, and no name is
looked up. No STUN or TURN server is asked. It knows no event, no conversation and no key.
Source: RFC 8829 (offer and answer), RFC 8445 (ICE), RFC 8834 (sound), RFC 8831 (channel).
"""

import asyncio
from array import array
from collections.abc import AsyncGenerator, Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import SessionDescription
from av import AudioFrame, AudioResampler

from edgewise.errors import LinkError, UserError
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, SPEAKING_HZ

CHANNEL = "oai-events"
OFFER_BYTES = 64 * 1024
FRAME_S = 0.02
WAITING_BYTES = 256 * 1024
"""Of events that the client has not taken; then whoever sends waits."""
UNREAD_BYTES = 4 * 1024 * 1024
UNREAD_MESSAGES = 1_000
LATE_S = 0.2
"""A stall of more than that is not caught up with."""
FLUSH_S = 1.0
CLOSE_S = 5.0
_FRAME_SAMPLES = int(SPEAKING_HZ * FRAME_S)
_HEARS_US = ("sendrecv", "recvonly")
_BAD_OFFER = (ValueError, IndexError, KeyError, AttributeError, TypeError, AssertionError)
"""What aiortc's parser raises for a text that is none, beside its own errors."""


class Peer:
    """A peer connection that answers an offer. Make it by `answered`, close it in the end."""

    def __init__(self, play: Callable[[int], bytes]) -> None:
        self.answer = ""
        self.sends_sound = False
        self._voice = _Voice(play)
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._has_channel = False
        self._channel: RTCDataChannel | None = None
        self._track: Any = None
        self._unread: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._unread_bytes = 0
        self._connected = asyncio.Event()
        self._opened = asyncio.Event()
        self._drained = asyncio.Event()
        self._ended = asyncio.Event()

    @classmethod
    async def answered(
        cls, offer: str, play: Callable[[int], bytes], addresses: Sequence[str] | None = None
    ) -> "Peer":
        """A peer for `offer`; its `answer` is to be sent back. `play` gives the next bytes of sound
        (at `SPEAKING_HZ`). `addresses`: where to be reached; None: at all of this machine.

        Raises UserError (`invalid_sdp`), LinkError (`no_address`)."""
        checked = _checked(offer)
        peer = cls(play)
        try:
            await peer._agree(checked, addresses)
        except BaseException:
            await peer.close()
            raise
        return peer

    async def ready(self) -> None:
        """Returns when the client has connected, and its channel, if it offered one, is open.
        Raises ConnectionError when it will not."""
        await self._or_ended(self._connected)
        if self._has_channel:
            await self._or_ended(self._opened)

    async def receive(self) -> str | bytes | None:
        """The next message of the client; None: it left."""
        if self._ended.is_set():
            return None
        reading = asyncio.create_task(self._unread.get())
        ended = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                return None
            message = reading.result()
        finally:
            reading.cancel()
            ended.cancel()
        self._unread_bytes -= len(message)
        return message

    async def send(self, text: str) -> bool:
        """Send a message when there is room; False: the client takes none so long. Without a
        channel nothing is sent. Raises ConnectionError when nobody is there any more."""
        while self._channel is not None and self._channel.bufferedAmount > WAITING_BYTES:
            self._drained.clear()
            await self._or_ended(self._drained)
        return self.send_now(text)

    def send_now(self, text: str) -> bool:
        """Send a message without waiting. Raises ConnectionError."""
        if self._ended.is_set():
            raise ConnectionError("the client left")
        if self._channel is None:
            return True
        try:
            self._channel.send(text)
        except InvalidStateError as error:
            raise ConnectionError("the client left") from error
        except ValueError:
            return False
        return True

    async def sound(self) -> AsyncGenerator[bytes, None]:
        """What the client says, as it comes: samples at `LISTENING_HZ`. Ends when it does."""
        made_for, resampler = ("", 0), None
        while (track := self._track) is not None:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            if made_for != (kind := (frame.layout.name, frame.sample_rate)) or resampler is None:
                made_for, resampler = kind, AudioResampler("s16", "mono", LISTENING_HZ)
            for piece in resampler.resample(frame):
                yield bytes(piece.planes[0])[: piece.samples * BYTES_PER_SAMPLE]

    @property
    def holds_too_much(self) -> bool:
        """Whether the client has sent far more of one message than a message may be."""
        sctp: Any = self._peer.sctp
        room: int = 0 if sctp is None else sctp._advertised_rwnd  # aiortc only tells the client
        return room < -UNREAD_BYTES

    def end(self) -> None:
        """Let the client go: whoever reads or sends is told that it left."""
        self._ended.set()

    async def close(self) -> None:
        """End everything of it; what was sent has a moment to get out."""
        channel, self._track = self._channel, None
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + FLUSH_S
        while channel is not None and channel.readyState == "open" and not self._ended.is_set():
            if channel.bufferedAmount == 0 or loop.time() > ends_at:
                break
            await asyncio.sleep(FRAME_S)
        self._ended.set()
        self._voice.stop()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._peer.close()
        except TimeoutError:
            return

    async def _agree(self, offer: str, addresses: Sequence[str] | None) -> None:
        peer = self._peer
        transceiver = peer.addTransceiver(self._voice, "sendrecv")
        opus = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([c for c in opus if c.mimeType.lower() == "audio/opus"])
        peer.on("track", self._found_track)
        peer.on("datachannel", self._found_channel)
        peer.on("connectionstatechange", self._changed)
        try:
            await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        except (*_BAD_OFFER, InvalidStateError, InternalError) as error:
            raise _bad_offer(str(error)) from error
        except OperationError as error:
            raise _bad_offer("the audio has no Opus; offer audio with opus/48000/2") from error
        self._has_channel = peer.sctp is not None
        listen_at(peer, addresses)
        await peer.setLocalDescription(await peer.createAnswer())
        self.answer = peer.localDescription.sdp
        if "a=candidate:" not in self.answer:
            said = "this machine has no address to be reached at; use the WebSocket of /v1/realtime"
            raise LinkError(said, code="no_address")

    def _found_track(self, track: MediaStreamTrack) -> None:
        self._track = track
        self.sends_sound = True

    def _found_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != CHANNEL or self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = WAITING_BYTES // 2
        channel.on("message", self._came)
        channel.on("close", self._ended.set)
        channel.on("bufferedamountlow", self._drained.set)
        self._opened.set()

    def _came(self, message: str | bytes) -> None:
        self._unread_bytes += len(message)
        if self._unread_bytes > UNREAD_BYTES or self._unread.qsize() >= UNREAD_MESSAGES:
            self._ended.set()  # faster than anybody speaks, for long
            return
        self._unread.put_nowait(message)

    def _changed(self) -> None:
        if self._peer.connectionState == "connected":
            self._connected.set()
        elif self._peer.connectionState in ("failed", "closed"):
            self._ended.set()

    async def _or_ended(self, event: asyncio.Event) -> None:
        waits = [asyncio.create_task(one.wait()) for one in (event, self._ended)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not event.is_set():
            raise ConnectionError("the client left")


class _Voice(MediaStreamTrack):
    """What is played, in pieces of `FRAME_S`, each when it is due."""

    kind = "audio"

    def __init__(self, play: Callable[[int], bytes]) -> None:
        super().__init__()
        self._play = play
        self._samples = 0
        self._begins_s: float | None = None

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if self._begins_s is None:
            self._begins_s = now
        due_s = self._begins_s + self._samples / SPEAKING_HZ
        if now - due_s > LATE_S:
            self._begins_s += now - due_s
        await asyncio.sleep(max(0.0, due_s - now))
        samples = array("h", self._play(_FRAME_SAMPLES * BYTES_PER_SAMPLE))
        both = array("h", bytes(2 * len(samples) * BYTES_PER_SAMPLE))
        both[::2] = both[1::2] = samples  # from one channel the encoder would make it 3 dB quieter
        frame = AudioFrame(format="s16", layout="stereo", samples=_FRAME_SAMPLES)
        frame.planes[0].update(both.tobytes())
        frame.sample_rate = SPEAKING_HZ
        frame.pts = self._samples
        frame.time_base = Fraction(1, SPEAKING_HZ)
        self._samples += _FRAME_SAMPLES
        return frame


def listen_at(peer: RTCPeerConnection, addresses: Sequence[str] | None) -> None:
    """Let a peer be reached at these addresses; None: at all, the loopback one too, which ICE
    leaves out and which an offline machine alone has. To be called before it gathers."""
    transports = {one.receiver.transport.transport for one in peer.getTransceivers()}
    if peer.sctp is not None:
        transports.add(peer.sctp.transport.transport)
    for transport in transports:
        ice: Any = transport.iceGatherer._connection  # pyright: ignore[reportPrivateUsage]
        gather = partial(_candidates, ice.get_component_candidates, addresses)
        ice.get_component_candidates = gather


async def _candidates(
    gather: Callable[..., Any], chosen: Sequence[str] | None, *, addresses: list[str], **given: Any
) -> Any:
    """aioice's gathering of candidates, at addresses of our choice."""
    wanted = ["127.0.0.1", *addresses] if chosen is None else list(chosen)
    return await gather(addresses=wanted, **given)


def _checked(offer: str) -> str:
    """The offer without its addresses. Raises UserError (`invalid_sdp`)."""
    if len(offer) > OFFER_BYTES:
        raise _bad_offer(f"{len(offer)} characters; the limit is {OFFER_BYTES}")
    lines = offer.splitlines()
    kept = [one for one in lines if not one.startswith(("a=candidate", "a=end-of-candidates"))]
    text = "\r\n".join(kept) + "\r\n"
    try:
        sections = SessionDescription.parse(text).media
    except _BAD_OFFER as error:
        raise _bad_offer(str(error)) from error
    kinds = sorted(section.kind for section in sections)
    if kinds not in (["audio"], ["application", "audio"]):
        said = f"sections {', '.join(kinds)[:80] or 'none'}; offer one audio, and one data channel"
        raise _bad_offer(f"{said} ({CHANNEL!r}), no video")
    if any(section.ice_candidates for section in sections):
        raise _bad_offer("a line of candidates is not a line of its own")
    direction = next(section.direction for section in sections if section.kind == "audio")
    if direction not in _HEARS_US:
        raise _bad_offer(f"the audio is {direction}; offer it as {' or '.join(_HEARS_US)}")
    return text


def _bad_offer(said: str) -> UserError:
    told = f"sdp: {said or 'it can not be read'}; send the text of RTCPeerConnection.createOffer()"
    return UserError(told[:400], code="invalid_sdp")
