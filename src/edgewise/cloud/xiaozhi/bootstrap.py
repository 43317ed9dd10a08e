"""What a voice device asks at its start, and what it is told. Pure.

The firmware and xiaozhi-sdk ask with headers alike and bodies that differ; who asks stands in the
headers, the body only tells what to show of it, so whatever is odd there is passed over. The reply
never has `mqtt` (a device would take that and leave the WebSocket) and never `firmware`: every
section may be missing, and a firmware that nobody signed is not offered.
Source: 78/xiaozhi-esp32, main/ota.cc of 2026-08-08; xiaozhi-sdk 0.5.1, ota.py.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Struct, UnsetType

from edgewise.cloud.doors import Scope, header
from edgewise.cloud.refusal import Refused

PLACE = "/xiaozhi/ota"
"""Where a device asks; what its owner types into its Wi-Fi page."""
SOCKET_PLACE = "/xiaozhi/v1/"
"""Where it is sent to speak."""
BODY_BYTES = 64 * 1024
FRAMING = 1
"""A number that the device keeps for ever once it was told one, so it is always told."""
POLL_MS = 30_000
LONGEST_SHOWN = 80
_MAC = re.compile(r"[0-9a-fA-F]{2}(?:[:-]?[0-9a-fA-F]{2}){5}")
_CLIENT = re.compile(r"[!-~]{1,128}")
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?")


class Asking(Struct, frozen=True):
    """Who asks: `mac` in lower case with colons, `client` as it was sent; and what is to be shown
    of it, which is the device's own word and decides nothing."""

    mac: str
    client: str
    board: str = ""
    firmware: str = ""
    serial: str = ""
    language: str = ""
    agent: str = ""
    activation: int = 1


class ServerTime(Struct, frozen=True):
    """Milliseconds since 1970 UTC, and minutes to add to them for the clock on the wall."""

    timestamp: int
    timezone_offset: int


class Socket(Struct, frozen=True):
    """Where and with what token to connect."""

    url: str
    token: str
    version: int = FRAMING


class ToActivate(Struct, frozen=True):
    """What a device that nobody owns yet shows, says and asks for."""

    code: str
    message: str
    challenge: str
    timeout_ms: int = POLL_MS


class Reply(Struct, frozen=True):
    """The reply; no `activation`: the device belongs to somebody. `edgewise` answers a probe."""

    server_time: ServerTime
    websocket: Socket
    activation: ToActivate | UnsetType = UNSET
    edgewise: str | UnsetType = UNSET


def asking_of(scope: Scope, body: bytes) -> Asking:
    """Who asks. Raises Refused (400) for a device that does not say which one it is."""
    said = _object(body)
    board, application = _inner(said, "board"), _inner(said, "application")
    mac = header(scope, b"device-id") or _text(said, "mac_address") or _text(board, "mac")
    client = header(scope, b"client-id").strip() or _text(said, "uuid")
    if not _CLIENT.fullmatch(client):
        raise Refused(
            400,
            "bad_client_id",
            "the header Client-Id is missing or is none; send the device's own UUID",
            param="Client-Id",
        )
    return Asking(
        mac=mac_of(mac or _text(board, "mac_addr")),
        client=client,
        board=_shown(_text(board, "name") or _text(board, "type")),
        firmware=_shown(_text(application, "version")),
        serial=_shown(header(scope, b"serial-number")),
        language=_shown(header(scope, b"accept-language") or _text(said, "language")),
        agent=_shown(header(scope, b"user-agent")),
        activation=2 if header(scope, b"activation-version").strip() == "2" else 1,
    )


def mac_of(text: str) -> str:
    """Six bytes in hexadecimal, with `:` or `-` between them or nothing, as one spelling.

    Raises Refused (400).
    """
    text = text.strip()
    if not _MAC.fullmatch(text):
        raise Refused(
            400,
            "bad_device_id",
            f"the header Device-Id is {text[:40]!r}; send the MAC address, like 02:00:00:00:00:01",
            param="Device-Id",
        )
    digits = re.sub("[:-]", "", text).lower()
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def own_address(public_url: str, scope: Scope) -> str:
    """Where the device reached us, without a slash at its end: `public_url` when it is set, else
    what the request was sent to. A proxy's word that the device came by https is taken, since it
    concerns that device's own reply alone. Raises Refused (400) for a Host that is none."""
    if public_url:
        return public_url.rstrip("/")
    host = header(scope, b"host").strip()
    if not _HOST.fullmatch(host):
        raise Refused(400, "bad_host", f"the header Host is {host[:80]!r}; send a name or address")
    by_https = header(scope, b"x-forwarded-proto").strip().lower() == "https"
    return f"{'https' if by_https else scope.get('scheme', 'http')}://{host}"


def socket_url(address: str) -> str:
    """The address of the WebSocket beside one of http or https."""
    scheme, _, rest = address.rstrip("/").partition("://")
    return f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{rest}{SOCKET_PLACE}"


def activation_of(address: str, code: str, challenge: str) -> ToActivate:
    """What to show: where the code is typed, and the code."""
    return ToActivate(code, f"{urlsplit(address).netloc}\n{code}", challenge)


def challenge_in(body: bytes) -> str:
    """The challenge that a device which wants to be active sends back; empty where it sends none
    (version 1). py-xiaozhi wraps what the firmware sends in `Payload`."""
    said = _object(body)
    return _text(_inner(said, "Payload") or said, "challenge")


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {}


def _inner(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found.strip() if isinstance(found, str) else ""


def _shown(text: str) -> str:
    return "".join(c for c in text.strip() if c.isprintable())[:LONGEST_SHOWN]
