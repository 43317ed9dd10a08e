"""Parts of a message that are not text: which there are, where they may lie, what they can cost.

An address is followed by the upstream, which stands in the operator's network: so it is `data:`, or
`https:` at a public name. Numbers, one-word names and names that only inner networks have are
refused however they are written; the upstream resolves the name, so what it stands for is its own
to check (vLLM: `--allowed-media-domains`). It knows how long a sound is that is in the request, and
nothing else of what is in an image or a sound.
"""

import re
from binascii import Error as NoBase64
from binascii import a2b_base64
from collections.abc import Collection
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from edgewise.cloud.refusal import bad_request
from edgewise.cloud.sound import NoSound, Steps, duration_ms

TEXT = ("text", "refusal")
MEDIA = ("image_url", "input_audio", "audio_url", "video_url", "file")
_NAME = re.compile(r"([a-z0-9_-]+\.)+[a-z][a-z0-9-]*")
"""Two labels or more, and the last begins with a letter: no form of an IP address does."""
_INNER = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".arpa")
_PIECE = 512 * 1024
_WRITTEN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without a backslash: what parsers of addresses read in one way."""


class Media(Struct, frozen=True):
    """An image's or sound's address or data."""

    url: str = ""
    data: str = ""


class FilePart(Struct, frozen=True):
    """A file in the request itself, or by an id of the upstream's."""

    file_data: str = ""
    file_id: str = ""


class Part(Struct, frozen=True):
    """A part of a message; members that we do not know are passed on."""

    type: Annotated[str, Meta(min_length=1)]
    text: str | None = None
    image_url: Media | str | None = None
    input_audio: Media | None = None
    audio_url: Media | str | None = None
    video_url: Media | str | None = None
    file: FilePart | None = None

    @property
    def addresses(self) -> list[str]:
        """What it names or holds, whatever its type is."""
        found: list[str] = []
        for media in (self.image_url, self.input_audio, self.audio_url, self.video_url):
            if isinstance(media, Media):
                found += (media.url, media.data)
            elif media:
                found.append(media)
        if self.file is not None:
            found.append(self.file.file_data)
        return [one for one in found if one]

    @property
    def size_bytes(self) -> int:
        """The bytes of it that are not text."""
        return sum(map(len, self.addresses))


class Placed(Struct, frozen=True):
    """A part that is not text, and its path in the body."""

    place: str
    part: Part


def check_kind(part: Part, place: str) -> None:
    """Raises Refused (400) for a part that is of no known type, or lacks what its type names."""
    if part.type in TEXT:
        return
    if part.type not in MEDIA:
        raise bad_request(
            f"{place}.type: {part.type[:40]!r}; send one of: {', '.join(TEXT + MEDIA)}",
            f"{place}.type",
            "unsupported_value",
        )
    if part.file is not None and part.file.file_id:
        raise bad_request(
            f"{place}.file.file_id: files are not read by their id here; send file_data",
            f"{place}.file.file_id",
            "unsupported_value",
        )
    if getattr(part, part.type) is None or not part.addresses:
        raise bad_request(f"{place}.{part.type}: it is missing", f"{place}.{part.type}")


def check_addresses(media: Collection[Placed], hosts: Collection[str]) -> None:
    """Raises Refused (400) for media at a place where the upstream must not look. With `hosts`,
    only those names are such that it may."""
    for one in media:
        for address in one.part.addresses:
            is_data = one.part.input_audio is not None and ":" not in address[:64]
            if not is_data and (fault := _fault(address, hosts)):
                place = f"{one.place}.{one.part.type}"
                raise bad_request(f"{place}: {fault}", place, "unsupported_media_address")


def most_tokens(media: Collection[Placed], image_tokens: int, context_tokens: int) -> int:
    """The most input tokens that media make: `image_tokens` an image, which the operator says;
    sound, video and files have no bound of their own, so all that the model holds."""
    total = 0
    for one in media:
        total += image_tokens if one.part.type == "image_url" else context_tokens
    return total


def images_in(media: Collection[Placed]) -> int:
    """How many images are sent."""
    return sum(one.part.type == "image_url" for one in media)


def may_hold_sound(media: Collection[Placed]) -> bool:
    """Whether any has a member for sound, which may take long to read."""
    return any(one.part.input_audio is not None or one.part.audio_url is not None for one in media)


def sound_ms(part: Part, place: str, steps: Steps) -> int:
    """How long the sound in a part is, whatever its type; 0 for one elsewhere, which nobody here
    reads. It takes of `steps`, which the sounds of a request share. Raises Refused (400) for what
    is no sound, or too much."""
    total = 0
    for name in ("input_audio", "audio_url"):
        media: Media | str | None = getattr(part, name)
        given = (media.url, media.data) if isinstance(media, Media) else (media or "",)
        for address in given:
            is_data = address[:5].lower() == "data:"
            is_bare = name == "input_audio" and address and ":" not in address[:64]
            if not is_data and not is_bare:
                continue
            try:
                total += duration_ms(_bytes_of(address), steps)
            except (NoSound, NoBase64, ValueError) as error:
                said = error if isinstance(error, NoSound) else f"no base64 of a sound ({error})"
                raise bad_request(f"{place}.{name}: {said}", f"{place}.{name}") from error
    return total


def _bytes_of(address: str) -> bytes:
    """The bytes of a `data:` address, or of base64 alone. Raises ValueError."""
    if address[:5].lower() == "data:":
        head, _, address = address.partition(",")
        if not head.lower().endswith(";base64"):
            raise ValueError("a data: address needs ';base64'")
    return _decoded(address)


def _decoded(text: str) -> bytes:
    """The bytes of base64, which may come in lines. Piece by piece, since no other thread runs
    while one is decoded. Raises ValueError for what is not wholly base64."""
    made: list[bytes] = []
    rest, is_over = "", False
    for at in range(0, len(text), _PIECE):
        rest += "".join(text[at : at + _PIECE].split())
        if rest and is_over:
            raise ValueError("there is more after its padding")
        whole, rest = rest[: len(rest) & ~3], rest[len(rest) & ~3 :]
        made.append(a2b_base64(whole, strict_mode=True))
        is_over = is_over or whole.endswith("=")
    made.append(a2b_base64(rest, strict_mode=True))
    return b"".join(made)


def _fault(address: str, hosts: Collection[str]) -> str:
    """Why an address is not looked at, or empty."""
    if address[:5].lower() == "data:":
        return ""
    shown = repr(address[:80])
    if address[:8].lower() != "https://" or not _WRITTEN.fullmatch(address):
        return f"{shown}; send a data: address, or an https: one"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return f"{shown} is no address"
    if hosts:
        is_allowed = host in hosts
    else:
        is_allowed = _NAME.fullmatch(host) is not None and not host.endswith(_INNER)
    if "@" in parts.netloc or not is_allowed:
        return f"{shown}: this host is not looked at; send a public one's, or a data: address"
    return ""
