"""Voice devices of the xiaozhi family: their doors of bootstrap and activation, who may come in by
which token, and what the console is shown of them.

A device is known by its MAC and its Client-Id together; neither is a secret that proves much, so a
token is never given to the one because of the other. Whether a key is in force the directory says.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from hmac import compare_digest
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection
from starlette.routing import BaseRoute

from edgewise.cloud.caller import Caller, Endpoint, KeyKind, digest_of
from edgewise.cloud.config import Config
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.activations import Activation, Activations
from edgewise.cloud.xiaozhi.bindings import Binding, Wanted, bind
from edgewise.cloud.xiaozhi.bootstrap import (
    Asking,
    Reply,
    ServerTime,
    Socket,
    activation_of,
    mac_of,
    socket_url,
)
from edgewise.cloud.xiaozhi.bound import Bound
from edgewise.cloud.xiaozhi.checks import Checks
from edgewise.cloud.xiaozhi.kept_activations import WAITING, KeptActivations
from edgewise.cloud.xiaozhi.ota import OtaDoors
from edgewise.cloud.xiaozhi.presence import Live, Presence
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.cloud.xiaozhi.tokens import camera_device, camera_token_of, token_of
from edgewise.core.clock import Clock


class Standing(Struct, frozen=True):
    """Who a connection is of. `caller` None: it belongs to nobody yet, and its owner must type
    `code`; `device` and `name` are empty then. `language` is what it was set up in (BCP 47)."""

    mac: str
    client: str
    caller: Caller | None
    device: str = ""
    name: str = ""
    code: str = ""
    language: str = ""


class Shown(Struct, frozen=True):
    """A bound device as the console lists it; times are wall seconds, 0 for never. `connected` is
    since when, 0: it is not."""

    device: str
    name: str
    project: str
    mac: str
    board: str
    firmware: str
    in_force: bool
    created_at: float
    last_seen: float
    connected: float = 0.0
    doing: str = ""
    words_at: float = 0.0


class VoiceDevices:
    """All of one platform. `secret` is of its `folder`: another one ends every token. There is also
    kept who waits for an owner, and what knows a probe. `count` is told the code of each refusal.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        directory: Directory,
        clock: Clock,
        secret: bytes,
        folder: Path,
        count: Callable[[str], object],
        *,
        utc_offset_min: int = 0,
    ) -> None:
        self._directory = directory
        self.public_url = config.public_url
        self._clock = clock
        self._secret = secret
        self._count = count
        self._utc_offset_min = utc_offset_min
        self.kept = KeptActivations(folder / WAITING, clock, config.xiaozhi.code_s)
        self.activations = self.kept.activations
        self.presence = Presence()
        self.probe = Probe.begun(folder, config.host, config.port)
        self.checks = Checks(self.probe, clock)
        self.bound = Bound(database, directory, clock)

    def routes(self) -> list[BaseRoute]:
        """The doors of bootstrap and activation, for the root of the application."""
        return OtaDoors(self, self.public_url).routes()

    # -- what a device asks

    def bootstrap(self, asking: Asking, address: str, peer: str) -> Reply:
        """What a device at the network address `peer`, which reached us at `address`, is told.

        Raises Refused (429) for one too many that nobody owns.
        """
        now_s = self._clock.now()
        time = ServerTime(int(now_s * 1000), self._utc_offset_min)
        url = socket_url(address)
        held = self.bound.of_mac(asking.mac)
        if held is not None:
            token = token_of(self._secret, asking.mac, asking.client, held.nonce)
            if self._opens(token, held):
                self.bound.see(held, asking.board, asking.firmware, asking.serial)
                return Reply(time, Socket(url, token))
        begun = self.activations.begin(asking, peer)
        token = token_of(self._secret, asking.mac, asking.client, begun.nonce)
        shown = activation_of(address, begun.code, begun.challenge)
        return Reply(time, Socket(url, token), shown)

    def probed(self, address: str, word: str) -> Reply:
        """What a probe of our own is told: where a device would be sent, and the word sealed."""
        time = ServerTime(int(self._clock.now() * 1000), self._utc_offset_min)
        return Reply(time, Socket(socket_url(address), ""), edgewise=self.probe.answer(word))

    def activate(self, mac: str, client: str, challenge: str) -> bool:
        """Whether the device is bound now: true once. Raises Refused as `Activations.finish`."""
        return self.activations.finish(mac, client, challenge, self._is_bound)

    def admit(self, token: str, mac: str, client: str) -> Standing:
        """Who connects with a token. Raises Refused (401), and counts it."""
        if self.probe.is_token(token):
            raise Refused(401, self.probe.answered, "this is the platform's own door")
        try:
            return self._admit(token, mac, client.strip())
        except Refused as refused:
            self.refused(refused.problem.code or "refused")
            raise Refused(
                401,
                refused.problem.code or "refused",
                str(refused),
                headers={"WWW-Authenticate": "Bearer"},
            ) from None

    def caller_of(self, device: str) -> Caller | None:
        """Whose a bound device is now; None where its key is in force no more."""
        held = self.bound.of_device(device)
        return None if held is None else self._directory.caller_of(held.key, self._clock.now())

    def camera_token(self, device: str) -> str:
        """A token for the door of pictures; empty for a device that is not bound."""
        held = self.bound.of_device(device)
        return "" if held is None else camera_token_of(self._secret, device, held.key)

    def camera_of(self, token: str, mac: str | None) -> str:
        """The id of the device that a picture is of. An address that is sent must be the device's;
        xiaozhi-sdk sends none (None). Raises Refused (401), and counts it."""
        held = self.bound.of_device(camera_device(token))
        if (
            held is None
            or not _same(token, camera_token_of(self._secret, held.device, held.key))
            or (mac is not None and not _is_mac(mac, held.mac))
            or self._directory.caller_of(held.key, self._clock.now()) is None
        ):
            self.refused("wrong_camera_token")
            said = "the token for pictures is wrong or over; connect anew for another one"
            raise Refused(401, "wrong_camera_token", said)
        return held.device

    def refused(self, code: str) -> None:
        """Count a refusal; `code` is one of few words of ours, never what a device sent."""
        self._count(code)

    def enter(self, standing: Standing, live: Live) -> Callable[[], None]:
        """A device has connected; what this gives is called when it leaves. One that nobody owns
        is not shown."""
        if not standing.device:
            return lambda: None
        leave = self.presence.enter(standing.device, live)

        def left() -> None:
            leave()
            if (held := self.bound.of_device(standing.device)) is not None:
                self.bound.see(held, held.board, held.firmware, held.serial)

        return left

    # -- what its owner does

    @contextmanager
    def adding(self) -> Generator["Adding"]:
        """The work of binding a device, within which its transaction is committed: what fails
        leaves the code as it was."""
        adding = Adding(self._wanted, self.activations)
        try:
            yield adding
        except BaseException:
            if adding.claimed is not None:
                self.activations.release(adding.claimed)
            raise
        if adding.claimed is not None and adding.made is not None:
            self.bound.learn(adding.made)
            self.activations.settle(adding.claimed)

    def shown(self, organisation: str) -> list[Shown]:
        """The devices of an organisation, oldest first."""
        now_s = self._clock.now()
        return [self._shown(one, now_s) for one in self.bound.of_organisation(organisation)]

    def _admit(self, token: str, mac: str, client: str) -> Standing:
        mac = mac_of(mac)
        held = self.bound.of_mac(mac)
        if (
            caller := self._directory.find(token, self._clock.now()) if token else None
        ) is not None:
            if not _is_voice(caller):
                raise _wrong_token()
            if held is None or caller.key != held.key:
                raise _not_yours()
            if not compare_digest(held.client_digest, digest_of(client)):
                raise _not_yours()
            return Standing(mac, client, caller, held.device, held.name)
        waiting = self.activations.waiting(mac, client)
        if waiting is None or not _same(token, token_of(self._secret, mac, client, waiting.nonce)):
            raise _wrong_token()
        return Standing(mac, client, None, code=waiting.code, language=waiting.asking.language)

    def _is_bound(self, activation: Activation) -> bool:
        held = self.bound.of_mac(activation.mac)
        of = (activation.mac, activation.client, activation.nonce)
        return held is not None and self._opens(token_of(self._secret, *of), held)

    def _opens(self, token: str, held: Binding) -> bool:
        """Whether a token made for a binding is that of its key, and the key is in force."""
        caller = self._directory.find(token, self._clock.now())
        return caller is not None and caller.key == held.key

    def _wanted(self, claimed: Activation) -> Wanted:
        asked = claimed.asking
        token = token_of(self._secret, asked.mac, asked.client, claimed.nonce)
        said = (asked.board, asked.firmware, asked.serial)
        return Wanted(asked.mac, asked.client, claimed.nonce, token, *said)

    def _shown(self, held: Binding, now_s: float) -> Shown:
        live = self.presence.of(held.device)
        return Shown(
            device=held.device,
            name=held.name,
            project=held.project,
            mac=held.mac,
            board=held.board,
            firmware=held.firmware,
            in_force=self._directory.caller_of(held.key, now_s) is not None,
            created_at=held.created_at,
            last_seen=held.last_seen,
            connected=0.0 if live is None else live.since,
            doing="" if live is None else live.doing,
            words_at=0.0 if live is None else live.words_at,
        )


class Adding:
    """One device being bound; see `VoiceDevices.adding`."""

    def __init__(self, wanted: Callable[[Activation], Wanted], activations: Activations) -> None:
        self._wanted = wanted
        self._activations = activations
        self.claimed: Activation | None = None
        self.made: Binding | None = None

    def bind(
        self,
        connection: Connection,
        organisation: str,
        project: str,
        name: str,
        code: str,
        *,
        account: str,
        now_s: float,
    ) -> Binding:
        """Bind the device that shows the code. Raises Refused and UserError as `Activations.claim`
        and `bindings.bind`."""
        self.claimed = self._activations.claim(code, account)
        self.made = bind(
            connection,
            organisation,
            project,
            name,
            self._wanted(self.claimed),
            now_s=now_s,
            created_by=account,
        )
        return self.made


def _is_voice(caller: Caller) -> bool:
    return caller.kind is KeyKind.DEVICE and caller.may(Endpoint.VOICE)


def _same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def _is_mac(given: str, wanted: str) -> bool:
    """Whether it is that address, in whichever spelling; one that is none is not."""
    try:
        return mac_of(given) == wanted
    except Refused:
        return False


def _wrong_token() -> Refused:
    said = "the token is missing, unknown or over; ask /xiaozhi/ota/ for another one"
    return Refused(401, "wrong_token", said)


def _not_yours() -> Refused:
    said = "the token is another device's; ask /xiaozhi/ota/ with your own Device-Id and Client-Id"
    return Refused(401, "foreign_device", said)
