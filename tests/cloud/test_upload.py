"""An upload is written as it comes, bounded, and refused when anything of it is not whole."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from edgewise.cloud.doors import Left
from edgewise.cloud.refusal import Refused
from edgewise.cloud.upload import Form, form_in, receive_form

LIMIT = 10_000
BOUNDARY = "xyz"


def field(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file(name: str, data: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
    return (head + "Content-Type: text/plain\r\n\r\n").encode() + data


def form(*parts: bytes, end: bytes = b"--xyz--\r\n") -> bytes:
    return b"".join(b"--xyz\r\n" + part + b"\r\n" for part in parts) + end


class Body:
    """A body in pieces, as a server hands it on; counts how many were read."""

    def __init__(self, data: bytes, piece_bytes: int = 65_536, *, leaves: bool = False) -> None:
        pieces = [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)] or [b""]
        self.messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
        ]
        self.messages[-1]["more_body"] = leaves
        if leaves:
            self.messages.append({"type": "http.disconnect"})
        self.read = 0

    async def __call__(self) -> dict[str, Any]:
        self.read += 1
        return self.messages[self.read - 1]


def receive(part: Path, body: Body, **headers: str) -> Form:
    given = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    request = Request({"type": "http", "method": "POST", "headers": raw}, body)
    return asyncio.run(receive_form(request, part, LIMIT))


def in_memory(raw: bytes) -> tuple[Form, bytes]:
    headers = [(b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())]
    return form_in(Request({"type": "http", "method": "POST", "headers": headers}), raw)


def test_a_form_in_memory_is_read_at_once():
    data = bytes(range(256)) * 100
    told, sound = in_memory(form(field("model", "m"), file("a.wav", data)))
    assert (told, sound) == (Form("a.wav", len(data), {"model": "m"}), data)


@pytest.mark.parametrize("end", [b"", b"--xyz"])
def test_a_form_in_memory_that_was_cut_off_is_refused(end: bytes):
    with pytest.raises(Refused, match="cut off"):
        in_memory(form(file("a.wav", b"abc"), end=end))


@pytest.mark.parametrize("piece_bytes", [1, 7, 65_536])
def test_a_form_is_read_in_whatever_pieces_it_comes(tmp_path: Path, piece_bytes: int):
    data = bytes(range(256)) * 8 + b"\r\n--xy not the boundary\r\n"
    body = Body(form(field("purpose", "batch"), file("a.bin", data)), piece_bytes)
    got = receive(tmp_path / "part", body)
    assert got == Form("a.bin", len(data), {"purpose": "batch"})
    assert (tmp_path / "part").read_bytes() == data


def test_a_file_of_the_limit_is_taken_and_one_byte_more_is_not(tmp_path: Path):
    assert receive(tmp_path / "a", Body(form(file("a", bytes(LIMIT))))).size_bytes == LIMIT
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "b", Body(form(file("a", bytes(LIMIT + 1)))))
    assert (refused.value.status, refused.value.headers["Connection"]) == (413, "close")


def test_a_gigabyte_is_refused_by_its_length_before_a_byte_is_read(tmp_path: Path):
    body = Body(form(file("a", b"x")))
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "part", body, content_length=str(10**9))
    assert refused.value.status == 413
    assert body.read == 0
    assert not (tmp_path / "part").exists()


def test_a_body_without_a_length_is_refused_while_it_is_read(tmp_path: Path):
    body = Body(form(file("a", bytes(LIMIT * 100))), 1000)
    with pytest.raises(Refused):
        receive(tmp_path / "part", body)
    assert body.read <= LIMIT // 1000 + 2


WHOLE = form(field("purpose", "batch"), file("a.txt", b"hello"))


@pytest.mark.parametrize("cut", range(0, len(WHOLE) - 4, 11))
def test_a_form_that_is_cut_anywhere_is_refused(tmp_path: Path, cut: int):
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "part", Body(WHOLE[:cut]))
    assert refused.value.status == 400


def test_a_client_that_leaves_is_nobody_to_answer(tmp_path: Path):
    with pytest.raises(Left):
        receive(tmp_path / "part", Body(WHOLE[:40], leaves=True))


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (field("purpose", "batch"),),
        (file("a", b"1"), file("b", b"2")),
        (field("purpose", "a"), field("purpose", "b"), file("a", b"1")),
        (b"X-Header: 1\r\n\r\nno name",),
        (b'Content-Disposition: attachment; name="file"\r\n\r\nx',),
        (field("purpose", "x" * 10_000), file("a", b"1")),
        tuple(field(f"f{number}", "") for number in range(17)),
        (b"X: " + b"y" * 100_000 + b"\r\n\r\n",),
    ],
    ids=["empty", "no file", "two files", "twice", "nameless", "other", "long", "many", "header"],
)
def test_a_form_that_is_wrong_is_a_400(tmp_path: Path, parts: tuple[bytes, ...]):
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "part", Body(form(*parts)))
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data", f"multipart/form-data; boundary={'x' * 71}", ""],
)
def test_another_kind_of_body_is_a_400_before_it_is_read(tmp_path: Path, kind: str):
    body = Body(WHOLE)
    with pytest.raises(Refused) as refused:
        receive(tmp_path / "part", body, content_type=kind)
    assert refused.value.status == 400
    assert body.read == 0


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x", "a%00b", "\\\\server\\x", "报告.txt", 'q\\"uote', ""]
)
def test_a_hostile_name_changes_nothing_on_disk(tmp_path: Path, name: str):
    inside = tmp_path / "files"
    inside.mkdir()
    receive(inside / "part", Body(form(file(name, b"x"))))
    assert [one.name for one in inside.iterdir()] == ["part"]
    assert [one.name for one in tmp_path.iterdir()] == ["files"]
