"""Calls: realtime conversations over WebRTC, each a task that outlives the request that began it.

A call is a `Connection` whose events go by a data channel and whose sound goes by an audio track,
served by the same `converse` as a WebSocket, within the same bounds; besides, a client that never
connects, or sends sound faster than it can have been spoken, is let go. It knows no web framework
and no key: `still` says why a call must end and is asked every second, `ended` makes it be asked at
once. The transport is an extra of its own (`peer.py`), loaded with the first call.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgewise.errors import ModelError
from edgewise.sound.missing import missing_package
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ
from edgewise.talk.realtime.connection import Connection
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.playback import Playback
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.reply import Event
from edgewise.talk.realtime.session import Session
from edgewise.talk.realtime.socket import Bounds, Closing, Still, always, converse
from edgewise.talk.remembering import new_id
from edgewise.talk.talk import Talk

if TYPE_CHECKING:
    from edgewise.talk.realtime.peer import Peer

_log = logging.getLogger("edgewise.talk")

CONNECT_S = 15.0
"""How long a client may take to connect, and to open its channel, once it has the answer."""
CHECK_S = 1.0
NO_EXTRA = "missing_package"
"""The code of the error where the extra `webrtc` is not installed."""


class Asked(Struct, frozen=True):
    """What a call is to be: the client's offer, the conversation that it joins, its terms. `given`
    are its first session updates; `owner` may hang up."""

    offer: str
    owner: str
    talk: Talk
    session: Session
    given: Sequence[dict[str, Any]] = ()
    beta: bool = False
    pictures: Pictures | None = None
    bounds: Bounds = Bounds()
    still: Still = always


class Calls:
    """All calls of this process. `addresses`: where clients reach them; None: at all addresses of
    this machine."""

    def __init__(
        self, addresses: Sequence[str] | None = None, *, connect_s: float = CONNECT_S
    ) -> None:
        self._addresses = addresses
        self._connect_s = connect_s
        self._calls: dict[str, tuple[str, Peer, asyncio.Task[Closing]]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    async def begin(
        self, asked: Asked, ended: asyncio.Event, on_end: Callable[[], None]
    ) -> tuple[str, str]:
        """Begin a call; its id and the answer for the client. From here on the conversation is the
        call's, which closes it; `on_end` is called when all of it is over, in any case, once.

        Raises UserError (`invalid_sdp`), Problem (`given` is no session), ModelError (`NO_EXTRA`),
        LinkError (`no_address`)."""
        try:
            call = _Call(asked, ended, self._connect_s)
            peers = await asyncio.to_thread(load_peers)
            peer = await peers.answered(asked.offer, call.playback.read, self._addresses)
        except BaseException:
            await asked.talk.close()
            on_end()
            raise
        name = new_id("rtc")
        task = asyncio.create_task(call.run(peer))
        self._calls[name] = (asked.owner, peer, task)

        def over(_: asyncio.Task[Closing]) -> None:
            self._calls.pop(name, None)
            on_end()

        task.add_done_callback(over)
        return name, peer.answer

    async def hang_up(self, name: str, owner: str) -> bool:
        """End a call of that owner and wait for its end; False: there is none."""
        owned_by, peer, task = self._calls.get(name, ("", None, None))
        if peer is None or task is None or owned_by != owner:
            return False
        peer.end()
        await asyncio.wait([task])
        return True

    async def close(self) -> None:
        """End all calls."""
        calls = list(self._calls.values())
        for _, peer, _ in calls:
            peer.end()
        if calls:
            await asyncio.wait([task for _, _, task in calls])


def load_peers() -> "type[Peer]":
    """What answers offers; loading it takes a moment. Raises ModelError (`NO_EXTRA`)."""
    try:
        from edgewise.talk.realtime.peer import Peer
    except ImportError as error:
        raise missing_package(error, what="a call over WebRTC", extra="webrtc") from error
    return Peer


class _Call:
    def __init__(self, asked: Asked, ended: asyncio.Event, connect_s: float) -> None:
        self._peer: Peer | None = None
        self.playback = Playback(asked.talk.truncate, self._played)
        self._talk = asked.talk
        self._bounds = asked.bounds
        self._ended = ended
        self._still = asked.still
        self._connect_s = connect_s
        self._problem: Problem | None = None
        self._connection = Connection(
            asked.talk,
            asked.session,
            beta=asked.beta,
            pictures=asked.pictures,
            playback=self.playback,
        )
        for given in asked.given:
            self._connection.begin(given)

    async def run(self, peer: "Peer") -> Closing:
        """Serve the call to its end."""
        self._peer = peer
        try:
            return await self._serve(peer)
        except Exception:  # noqa: BLE001 - the outermost loop of a call: nobody waits for its result
            _log.exception("a call ended by a fault in Edgewise")
            return Closing(1011, "internal")
        finally:
            await peer.close()

    async def _serve(self, peer: "Peer") -> Closing:
        try:
            async with asyncio.timeout(self._connect_s):
                await peer.ready()
        except BaseException as error:
            await self._talk.close()
            if isinstance(error, TimeoutError | ConnectionError):
                return Closing(1001, "the client did not connect")
            raise
        return await converse(
            self._connection, self._talk, peer.receive, self._send,
            bounds=self._held(peer), still=self._check, ended=self._ended,
            beside=(self._hear(peer), self._look(peer)),
        )  # fmt: skip

    def _held(self, peer: "Peer") -> Bounds:
        """A microphone that is open says something all the time."""
        bounds = self._bounds
        return replace(bounds, idle_s=bounds.session_s) if peer.sends_sound else bounds

    async def _hear(self, peer: "Peer") -> NoReturn:
        loop, bounds = asyncio.get_running_loop(), self._bounds
        left_s, filled_at = bounds.sound_burst_s, loop.time()
        async for samples in peer.sound():
            now = loop.time()
            left_s = min(bounds.sound_burst_s, left_s + (now - filled_at) * bounds.sound_speed)
            left_s -= len(samples) / BYTES_PER_SAMPLE / LISTENING_HZ
            filled_at = now
            if left_s < 0:
                told = f"sound comes over {bounds.sound_speed:g} times as fast as it is spoken"
                self._stop(Problem("sound_too_fast", f"{told}; send it as it is spoken"))
                break
            self._tell(self._connection.hear(samples))
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def _look(self, peer: "Peer") -> NoReturn:
        """Whether the call may go on, also while nothing is said."""
        while True:
            await asyncio.sleep(CHECK_S)
            if peer.holds_too_much:
                limit = self._bounds.message_bytes
                self._stop(Problem("message_too_large", f"the limit of a message is {limit} bytes"))
            self._ended.set()

    def _stop(self, problem: Problem) -> None:
        self._problem = problem
        self._ended.set()

    def _check(self) -> Problem | None:
        return self._problem or self._still()

    async def _send(self, text: str) -> None:
        peer = self._peer
        if peer is not None and not await peer.send(text):
            await peer.send(_text_of(self._connection.error(_too_long(text))))

    def _played(self, kind: str, reply: str) -> None:
        self._tell(self._connection.played(kind, reply))

    def _tell(self, events: list[Event]) -> None:
        """What can not wait: it comes while sound does."""
        if self._peer is None:
            return
        try:
            for event in events:
                self._peer.send_now(_text_of(event))
        except ConnectionError:
            return  # whoever reads learns it too


def _text_of(event: Event) -> str:
    return msgspec.json.encode(event).decode()


def _too_long(text: str) -> Problem:
    said = f"an event of {len(text)} characters; your channel takes no message so long"
    return Problem("message_too_large", f"{said}, ask for less, or use the WebSocket")


def is_missing(error: Exception) -> bool:
    """Whether an error says that the extra is not installed."""
    return isinstance(error, ModelError) and error.code == NO_EXTRA
