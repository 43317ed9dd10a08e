"""The clouds that an owner has set up: `[[cloud]]` tables of `config.toml`, and their keys.

A key never stands in `config.toml`, which people show to others: it is in the environment
variable that `key_env` names, or in the file of the device's folder that `key_file` names, mode
600. An address without TLS is taken on this machine only, since the key and the words would be in
the clear. Whether anything may go to one of them is `route/rules.py`'s to say.
"""

import json
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from edgewise.core.endpoint import Endpoint
from edgewise.errors import TrustError, UserError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
RESERVED = frozenset({"device"})
"""Names that a routing record gives to something else."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_REGION = re.compile(r"[A-Z]{2}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_KEY = re.compile(r"[!-~]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Cloud(Endpoint, frozen=True, forbid_unknown_fields=True):
    """One `[[cloud]]`: an `Endpoint`, and where its key is when that is a file."""

    key_file: str = ""

    @property
    def endpoint(self) -> Endpoint:
        """It as routing knows it: without a word about its key's file."""
        return Endpoint(**{name: getattr(self, name) for name in Endpoint.__struct_fields__})


def check_clouds(clouds: Sequence[Cloud]) -> None:
    """Raises UserError that names the cloud, the field and the remedy."""
    seen: set[str] = set()
    for cloud in clouds:
        if not _NAME.fullmatch(cloud.name) or cloud.name in RESERVED:
            raise _wrong(
                cloud,
                f"name is {cloud.name!r}; take small letters, digits, . _ -, and not 'device'",
            )
        if cloud.name in seen:
            raise _wrong(cloud, "name is given twice; each cloud has its own")
        seen.add(cloud.name)
        _check_address(cloud)
        _check_place(cloud)
        _check_key(cloud)
        _check_numbers(cloud)


def key_of(cloud: Cloud, folder: Path) -> str:
    """Its key, empty where it needs none. Raises UserError when it is not there, TrustError when
    others can read its file."""
    if cloud.key_env:
        key = os.environ.get(cloud.key_env, "").strip()
        if not key:
            raise _wrong(cloud, f"key_env names {cloud.key_env}, which is not set; export it")
    else:
        key = _key_in(cloud, folder / cloud.key_file) if cloud.key_file else ""
    if not _KEY.fullmatch(key):
        raise _wrong(cloud, "its key holds blanks or characters that no key has; write it anew")
    return key


def _key_in(cloud: Cloud, path: Path) -> str:
    try:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise TrustError(
                f"{path} can be read by others (mode {mode:o}); run: chmod 600"
                f" {json.dumps(str(path))}"
            )
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(
            cloud, f"key_file names {path}, which can not be read; write the key into it, mode 600"
        ) from error
    if not key:
        raise _wrong(cloud, f"key_file names {path}, which is empty; write the key into it")
    return key


def _check_address(cloud: Cloud) -> None:
    try:
        parts = urlsplit(cloud.address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        raise _wrong(cloud, "address is no http(s) address; write https://HOST/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise _wrong(
            cloud, "address holds more than host and path; write https://HOST/v1, the key elsewhere"
        )
    if parts.scheme == "http" and host not in LOOPBACK:
        raise _wrong(
            cloud,
            f"address is http at {host}: key and words would be in the clear; use https"
            " (http is for this machine only: 127.0.0.1, localhost, [::1])",
        )
    if not parts.path.rstrip("/").endswith("/v1"):
        raise _wrong(cloud, f"address ends in {parts.path!r}; it ends in /v1")


def _check_place(cloud: Cloud) -> None:
    if not _REGION.fullmatch(cloud.region):
        raise _wrong(
            cloud,
            f"region is {cloud.region!r}; name where it keeps data by two letters (CN, EU, US)",
        )
    if not cloud.model:
        raise _wrong(cloud, "model is empty; name the model to ask for")


def _check_key(cloud: Cloud) -> None:
    """What stands in a key's field is never told: it may be the key itself."""
    if cloud.key_env and cloud.key_file:
        raise _wrong(cloud, "key_env and key_file are both given; keep one")
    if cloud.key_env and not _VARIABLE.fullmatch(cloud.key_env):
        raise _wrong(
            cloud,
            "key_env is no name of an environment variable; if it is the key itself, take it out"
            " of config.toml and name the variable that holds it (STEP_API_KEY)",
        )
    if cloud.key_file and not _FILE.fullmatch(cloud.key_file):
        raise _wrong(cloud, "key_file is no plain name of a file in the device's folder")


def _check_numbers(cloud: Cloud) -> None:
    for name in ("input_price", "output_price"):
        price: float = getattr(cloud, name)
        if not (math.isfinite(price) and price >= 0):
            raise _wrong(cloud, f"{name} is {price:g}; it is 0 or more for a million tokens")
    if cloud.context_tokens < 1:
        raise _wrong(cloud, f"context_tokens is {cloud.context_tokens}; it is 1 or more")
    if not cloud.languages:
        raise _wrong(cloud, 'languages is empty; list what it knows, such as ["en", "zh"]')


def _wrong(cloud: Cloud, what: str) -> UserError:
    return UserError(f"cloud {cloud.name[:40]!r}: {what}", code="bad_config")
