"""What is said of settings that do not hold: the key, what stands there, and what is allowed."""

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import inspect

_PLACE = re.compile(r"at `\$\.?(.*?)`$")
_LINE = re.compile(r"at line (\d+)")


def told_fault(error: Exception, raw: bytes, kind: type) -> str:
    """An error of reading `raw` as TOML of a `kind`, with the key that it is about and what may
    stand there, as far as that can be told. Of a line that is no TOML only the key is said."""
    said = str(error)
    if isinstance(error, msgspec.ValidationError):
        place = _PLACE.search(said)
        path = (place.group(1) if place else "").lstrip(".")
        allowed = _allowed(inspect.type_info(kind), re.findall(r"\w+|\[\.*\d*\.*\]", path))
        return f"{said}; {path} is one of {allowed}" if allowed else said
    key = _key_near(said, raw)
    return f"{said}, at the key {key}" if key else said


def wrong_address(url: str) -> str:
    """What is wrong with the address that devices and browsers are told, and what to write; empty
    where nothing is."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _LIKE
    if "://" not in url and url.strip():
        return f"the scheme is missing; write http://{url.strip('/')}, or https:// behind a proxy"
    if parts.scheme not in ("http", "https") or not host or port == 0 or re.search(r"\s", url):
        return _LIKE
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return f"write the scheme, the name and the port alone: {_bare(parts.scheme, host, port)}"
    return ""


_LIKE = "write an address like http://192.168.1.10:8475 or https://edge.example"


def _bare(scheme: str, host: str, port: int | None) -> str:
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}" + (f":{port}" if port is not None else "")


def _allowed(kind: Any, path: list[str]) -> str:
    """The words that may stand at a place; empty where any may."""
    if isinstance(kind, inspect.UnionType):
        found = (_allowed(one, path) for one in kind.types)
        return next((one for one in found if one), "")
    if isinstance(kind, inspect.Metadata):
        return _allowed(kind.type, path)
    if isinstance(kind, inspect.StructType) and path:
        of = next((one.type for one in kind.fields if one.encode_name == path[0]), None)
        return _allowed(of, path[1:])
    if isinstance(kind, inspect.VarTupleType | inspect.ListType) and path:
        return _allowed(kind.item_type, path[1:])
    words: list[Any] = []
    if isinstance(kind, inspect.LiteralType) and not path:
        words = list(kind.values)
    elif isinstance(kind, inspect.EnumType) and not path:
        words = [one.value for one in kind.cls]
    return ", ".join(f'"{word}"' for word in words)


def _key_near(said: str, raw: bytes) -> str:
    """The key of the line that an error of TOML is about; of the last one at the file's end."""
    lines = raw.decode("utf-8", "replace").splitlines()
    at = _LINE.search(said)
    if at is not None:
        lines = lines[int(at.group(1)) - 1 :][:1]
    elif "end of document" not in said:
        return ""
    written = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    key, equals, _ = written[-1].partition("=") if written else ("", "", "")
    return key.strip() if equals and re.fullmatch(r"\s*[\w.\"-]+\s*", key) else ""
