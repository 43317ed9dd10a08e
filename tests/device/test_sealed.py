"""What is sealed opens with the same key and context, whole or not at all."""

import stat
from pathlib import Path

import pytest

from edgewise.device.sealed import KEY_BYTES, Seal, key_in
from edgewise.errors import TrustError

KEY = bytes(range(KEY_BYTES))


def test_what_was_sealed_opens_again_and_never_looks_the_same():
    seal = Seal(KEY)
    one, two = seal.seal(b"content", b"for"), seal.seal(b"content", b"for")
    assert one != two
    assert b"content" not in one
    assert seal.open(one, b"for") == seal.open(two, b"for") == b"content"


def test_a_changed_bit_another_context_or_another_key_does_not_open():
    sealed = Seal(KEY).seal(b"content", b"for")
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(TrustError):
            Seal(KEY).open(changed, b"for")
    for seal, raw, context in (
        (Seal(KEY), sealed, b"other"),
        (Seal(bytes(KEY_BYTES)), sealed, b"for"),
        (Seal(KEY), b"", b"for"),
    ):
        with pytest.raises(TrustError):
            seal.open(raw, context)


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "key"
    (tmp_path / "key.new").write_bytes(b"left by a crash")
    key, is_new = key_in(path)
    assert (len(key), is_new) == (KEY_BYTES, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert key_in(path) == (key, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_half_a_key_is_none(tmp_path: Path):
    (tmp_path / "key").write_bytes(b"half")
    assert key_in(tmp_path / "key")[1]
