"""Whether the address that devices are told leads here: asked from outside in, as a device asks.

The commonest trouble of servers of this family is an address that the device cannot reach: a wrong
port, a proxy without WebSocket, an address of a container or of loopback (78/xiaozhi-esp32 #585,
xinnan-tech/xiaozhi-esp32-server #991, #1674, #1870, #2731, #2750). What is asked is public_url, or
the socket that a request came in by: never a name that somebody sent.
"""

import asyncio
import secrets
import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI

from edgewise.cloud.xiaozhi.bootstrap import PLACE, Reply, socket_url
from edgewise.cloud.xiaozhi.probe import HEADER, Probe
from edgewise.core.words import Words
from edgewise.web.loopback import is_loopback

ASK_S = 5.0
REPLY_BYTES = 64 * 1024
_GATEWAY = (502, 503, 504)


class Verdict(Struct, frozen=True):
    """How an advertised address does; `code` is `reached` when all is well, and `words` say what
    is wrong and what to do."""

    ok: bool
    code: str
    address: str
    words: Words


async def examine(address: str, probe: Probe, listens_at: int = 0) -> Verdict:
    """Ask an address as a device would; `listens_at` is the port of this process, 0 for unknown.

    Takes some seconds at most, and raises nothing for what it finds.
    """
    code, told = await _first_wrong(address.rstrip("/"), probe, listens_at)
    return verdict_of(code, address, told=told, listens_at=listens_at)


def verdict_of(code: str, address: str, *, told: str = "", listens_at: int = 0) -> Verdict:
    """What a code means for an address; `told` is what was seen there."""
    words = WORDS[code].filled(address=address, listens_at=listens_at, told=told)
    return Verdict(code == "reached", code, address, words)


async def _first_wrong(address: str, probe: Probe, listens_at: int) -> tuple[str, str]:
    """The code of what is wrong first, and what was seen of it."""
    parts = urlsplit(address)
    try:
        name, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "no_address", ""
    if parts.scheme not in ("http", "https") or not name:
        return "no_address", ""
    if not await _resolves(name, port):
        return "name_unknown", name
    wrong = await _asked(address, probe) or await _connected(address, probe)
    if wrong is None:
        return ("loopback", name) if is_loopback(name) else ("reached", "")
    if wrong[0] == "unreachable" and listens_at and port != listens_at:
        return "port_differs", str(port)
    return wrong


async def _resolves(name: str, port: int) -> bool:
    with suppress(OSError, UnicodeError, TimeoutError):
        async with asyncio.timeout(ASK_S):
            loop = asyncio.get_running_loop()
            return bool(await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM))
    return False


async def _asked(address: str, probe: Probe) -> tuple[str, str] | None:
    """What is wrong with the bootstrap there."""
    word = secrets.token_hex(16)
    headers = {HEADER.decode(): word, "Content-Type": "application/json"}
    try:
        async with (
            asyncio.timeout(ASK_S),
            httpx.AsyncClient(timeout=ASK_S, trust_env=False) as client,
            client.stream("POST", f"{address}{PLACE}/", headers=headers, content=b"{}") as reply,
        ):
            body = b""
            async for part in reply.aiter_bytes():
                body += part
                if len(body) > REPLY_BYTES:
                    break
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        return _why(error)
    if reply.is_redirect:
        return "redirected", reply.headers.get("location", "")[:120]
    if reply.status_code in _GATEWAY:
        return "proxy_lost", str(reply.status_code)
    with suppress(msgspec.MsgspecError):
        said = msgspec.json.decode(body, type=Reply)
        if said.edgewise == probe.answer(word):
            same = said.websocket.url == socket_url(address)
            return None if same else ("told_otherwise", said.websocket.url[:120])
    return "other_server", str(reply.status_code)


async def _connected(address: str, probe: Probe) -> tuple[str, str] | None:
    """What is wrong with the WebSocket beside it; our own door refuses a probe in its own way."""
    headers = {
        "Authorization": f"Bearer {probe.token}",
        "Device-Id": "02:00:00:00:00:00",
        "Client-Id": "edgewise-probe",
        "Protocol-Version": "1",
    }
    url = socket_url(address)
    try:
        async with connect(
            url, additional_headers=headers, proxy=None, open_timeout=ASK_S, close_timeout=1.0
        ):
            return "no_upgrade", "101"
    except InvalidStatus as error:
        if probe.answered.encode() in (error.response.body or b""):
            return None
        return "no_upgrade", str(error.response.status_code)
    except (InvalidHandshake, InvalidURI, EOFError):
        return "no_upgrade", "–"
    except (OSError, TimeoutError):
        return "no_upgrade", "–"


def _why(error: BaseException) -> tuple[str, str]:
    """What a failed connection means, told by what lies behind the error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "bad_certificate", cause.verify_message
        if isinstance(cause, ssl.SSLError):
            return "no_tls", cause.reason or ""
        cause = cause.__cause__ or cause.__context__
    return "unreachable", ""


WORDS = {
    "reached": Words(
        "Devices that can reach {address} are well served.",
        "能访问 {address} 的设备可以正常连接。",
    ),
    "no_address": Words(
        "public_url in cloud.toml is {address}, which is no address; write one like"
        " https://edge.example.",
        "cloud.toml 中的 public_url 是 {address}，不是有效地址；"
        "请写成 https://edge.example 的形式。",
    ),
    "name_unknown": Words(
        "The name {told} is not known here. Enter it where your names are kept (DNS), or set"
        " public_url in cloud.toml to an address that devices find.",
        "无法解析名称 {told}。请添加 DNS 记录，或在 cloud.toml 中把 public_url"
        " 改为设备能找到的地址。",
    ),
    "unreachable": Words(
        "Nothing answers at {address} from this machine. Let the platform listen there (host and"
        " port in cloud.toml), open the port, or correct public_url; some routers do not lead back"
        " inside, then try from a phone.",
        "从本机访问 {address} 没有应答。请让平台在该地址监听（cloud.toml 的 host 和 port）、"
        "开放端口，或改正 public_url；有些路由器不支持回环访问，可用手机再试。",
    ),
    "port_differs": Words(
        "Nothing answers at {address}: it names port {told}, and the platform listens at port"
        " {listens_at}. Lead the one to the other, or correct public_url in cloud.toml.",
        "{address} 没有应答：地址中的端口是 {told}，平台监听的端口是 {listens_at}。"
        "请做端口映射，或改正 cloud.toml 中的 public_url。",
    ),
    "bad_certificate": Words(
        "The certificate at {address} does not hold ({told}); devices refuse it as well. Put one"
        " there that is valid for this name.",
        "{address} 的证书无效（{told}），设备同样会拒绝。请为该名称配置有效证书。",
    ),
    "no_tls": Words(
        "What answers at {address} does not speak TLS ({told}). Put a proxy with a certificate in"
        " front, or write http:// in public_url.",
        "{address} 处的服务不支持 TLS（{told}）。请在前面加上带证书的代理，或把 public_url 写成 http://。",
    ),
    "redirected": Words(
        "What answers at {address} sends elsewhere, to {told}; devices do not follow. Write the"
        " last address into public_url.",
        "{address} 会跳转到 {told}，设备不会跟随跳转。请把最终地址写入 public_url。",
    ),
    "proxy_lost": Words(
        "A proxy answers at {address} with {told}: it does not reach the platform. Correct where it"
        " leads.",
        "{address} 处的代理返回 {told}：它连不到平台，请改正代理的转发目标。",
    ),
    "other_server": Words(
        "Another server answers at {address} (status {told}), not this platform. Lead"
        " /xiaozhi/ there to this platform, or correct public_url in cloud.toml.",
        "{address} 处应答的是另一台服务器（状态 {told}），不是本平台。"
        "请把 /xiaozhi/ 转发到本平台，或改正 cloud.toml 中的 public_url。",
    ),
    "told_otherwise": Words(
        "Devices that ask {address} are sent to {told}. Set public_url in cloud.toml to the address"
        " that devices use.",
        "访问 {address} 的设备会被引导到 {told}。请在 cloud.toml 中把 public_url"
        " 设为设备使用的地址。",
    ),
    "no_upgrade": Words(
        "{address} answers, but no WebSocket opens there (status {told}). Let the proxy pass"
        " Upgrade and Connection headers for /xiaozhi/v1/.",
        "{address} 有应答，但无法建立 WebSocket（状态 {told}）。请让代理为 /xiaozhi/v1/ 转发"
        " Upgrade 和 Connection 头。",
    ),
    "loopback": Words(
        "{address} leads to this machine alone: no device elsewhere reaches it. Let the platform"
        " listen for others (host in cloud.toml) and set public_url.",
        "{address} 只能在本机访问，其他设备无法连接。请在 cloud.toml 中设置 host 以监听外部地址，"
        "并设置 public_url。",
    ),
    "not_told": Words(
        "You came by {told}, which the platform does not know as its own. Set public_url in"
        " cloud.toml, so that devices are told the right address.",
        "您通过 {told} 访问，平台不知道这是自己的地址。请在 cloud.toml 中设置 public_url，"
        "以便告知设备正确的地址。",
    ),
}
