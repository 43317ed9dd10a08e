"""Downloads one large file over HTTPS: resumed, measured, checked, and only then in place.

The bytes go to FILE.part; the file gets its name only when size and hash are right. A broken
connection is tried again from where it stopped, and so is the next call. Plain HTTP is taken from
loopback only. A key for the hub is sent to the hub, not to the hosts it redirects to.

Of the hub's own headers it reads `X-Linked-Etag`, which for large files is their sha256.
"""

import contextlib
import hashlib
import http.client
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from email.message import Message
from io import BufferedRandom
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from msgspec import Struct

from edgewise import __version__
from edgewise.core.regex import regex
from edgewise.errors import DeviceError, LinkError, TrustError, UserError

CHUNK_BYTES = 1 << 20
ATTEMPTS = 3
TIMEOUT_S = 30.0
SPARE_BYTES = 64 << 20  # left free on the disk besides the file itself


class Download(Struct, frozen=True):
    """How far a download is; `total_bytes` is None while nobody told."""

    done_bytes: int
    total_bytes: int | None


def download(
    url: str,
    to: Path,
    progress: Callable[[Download], None] | None = None,
    *,
    sha256: str = "",
    size_bytes: int | None = None,
    magic: bytes = b"",
    token: str = "",
) -> str:
    """Put what `url` gives at `to`; returns the sha256 it was held to, empty if nobody told one.

    `magic` is how a genuine file begins. Raises LinkError (what arrived is kept for the next call),
    TrustError (nothing is kept), DeviceError (`no_space`, `not_writable`), UserError for the URL.
    """
    _check_url(url)
    part = to.with_name(to.name + ".part")
    try:
        with _alone(part) as file:
            told = _fill(file, url, progress or _silent, size_bytes, token)
            _check(part, file, sha256 or told.sha256, told.total_bytes, magic)
            os.replace(part, to)
            return sha256 or told.sha256
    except OSError as error:
        raise DeviceError(f"{part} cannot be written: {error}", code="not_writable") from error


class _Told(Struct):
    """What the hub told about the whole file."""

    sha256: str = ""
    total_bytes: int | None = None
    etag: str = ""


def _fill(
    file: BufferedRandom,
    url: str,
    progress: Callable[[Download], None],
    size_bytes: int | None,
    token: str,
) -> _Told:
    """Append the missing bytes, in a few attempts."""
    told = _Told(total_bytes=size_bytes)
    reason = ""
    for attempt in range(1, ATTEMPTS + 1):
        start = file.seek(0, os.SEEK_END)
        if start and start == told.total_bytes:
            return told
        try:
            _append(file, url, progress, told, token)
            if told.total_bytes is None or file.tell() >= told.total_bytes:
                return told
            reason = "the connection ended early"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != _NO_SUCH_RANGE or not start:
                raise _refused(error, url) from error
            file.truncate(0)  # what was kept is not the beginning of what there is now
            reason = "the file changed meanwhile"
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
                raise
            reason = str(getattr(error, "reason", error))
        if attempt == ATTEMPTS or (file.tell() == start and attempt > 1):
            break
    done, total = file.tell(), told.total_bytes
    raise LinkError(
        f"{url} could not be downloaded: {reason}. {done} of {total or 'unknown'} bytes are kept; "
        "check the connection and ask again, it goes on from there",
        code="download_failed",
    )


def _append(
    file: BufferedRandom, url: str, progress: Callable[[Download], None], told: _Told, token: str
) -> None:
    start = file.seek(0, os.SEEK_END)
    headers = {"User-Agent": f"edgewise/{__version__}", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if start:
        headers["Range"] = f"bytes={start}-"
    redirects = _Redirects()
    opener = urllib.request.build_opener(redirects)
    request = urllib.request.Request(url, headers=headers)
    with opener.open(request, timeout=TIMEOUT_S) as answer:
        linked = redirects.first or answer.headers
        etag = (linked.get("X-Linked-Etag") or linked.get("ETag") or "").strip('W/"')
        if _SHA256.fullmatch(linked.get("X-Linked-Etag", "").strip('"')):
            told.sha256 = etag.lower()
        if start and (answer.status != 206 or (told.etag and told.etag != etag)):
            start = 0  # the whole file comes, or another one: begin anew
            file.truncate(0)
            file.seek(0)
            if answer.status == 206:
                told.etag = etag
                raise http.client.HTTPException("the file changed meanwhile")
        told.etag = etag
        length = answer.headers.get("Content-Length")
        if length is not None and length.isdigit():
            told.total_bytes = _agree(told.total_bytes, start + int(length), url)
        _check_space(Path(file.name), (told.total_bytes or 0) - start)
        while chunk := answer.read(CHUNK_BYTES):
            file.write(chunk)
            progress(Download(file.tell(), told.total_bytes))
        file.flush()


def _agree(expected: int | None, told: int, url: str) -> int:
    if expected is not None and expected != told:
        raise TrustError(
            f"{url} has {told} bytes, expected {expected}; nothing was kept", code="wrong_size"
        )
    return told


def _check(part: Path, file: BufferedRandom, sha256: str, total: int | None, magic: bytes) -> None:
    """Hold a complete download to what is known of it; a wrong one is deleted."""
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    begins = file.read(len(magic))
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    if begins != magic:
        why = f"begins with {begins!r}, not with {magic!r}"
    elif total is not None and size != total:
        why = f"has {size} bytes, expected {total}"
    elif sha256 and found != sha256:
        why = f"has sha256 {found}, expected {sha256}"
    else:
        return
    part.unlink(missing_ok=True)
    raise TrustError(
        f"what was downloaded for {part.stem} {why}; it was deleted. Ask again, and report it if "
        "it stays so",
        code="wrong_hash",
    )


@contextlib.contextmanager
def _alone(part: Path) -> Generator[BufferedRandom]:
    """The open part file, for one process at a time. Raises DeviceError (`busy`)."""
    with part.open("a+b") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DeviceError(
                    f"{part.stem} is being downloaded already; wait for that to end", code="busy"
                ) from None
        try:
            yield file
        except TrustError:
            part.unlink(missing_ok=True)
            raise


def _check_space(path: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(path.parent).free
    if needed_bytes + SPARE_BYTES > free_bytes:
        raise DeviceError(
            f"{path.parent} has {free_bytes / 1e6:.0f} MB free, the download needs "
            f"{(needed_bytes + SPARE_BYTES) / 1e6:.0f} MB; make room or choose a smaller model",
            code="no_space",
        )


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise UserError(f"{url} is not an https address; models are fetched over https only")


def _refused(error: urllib.error.HTTPError, url: str) -> LinkError:
    remedy = {
        401: "the hub wants a key, and perhaps its terms accepted there first (HF_TOKEN)",
        403: "the hub wants its terms accepted there first, and that account's key (HF_TOKEN)",
        404: "the hub has no such file any more; a newer Edgewise may know its new place",
        429: "the hub asks to wait; try again later",
    }.get(error.code, "try again later")
    return LinkError(f"{url} answered {error.code}: {remedy}", code="download_refused")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to secure addresses only, without the key to another host; keeps first headers."""

    def __init__(self) -> None:
        self.first: Message | None = None

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        try:
            _check_url(newurl)
        except UserError as error:
            raise urllib.error.URLError(str(error)) from error
        self.first = self.first or headers
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            new.headers.pop("Authorization", None)
        return new


def _silent(_: Download) -> None:
    return None


_SHA256 = regex(r"[0-9a-fA-F]{64}")
_NO_SUCH_RANGE = 416
_DISK_ERRORS = (28, 30, 122)  # ENOSPC, EROFS, EDQUOT
