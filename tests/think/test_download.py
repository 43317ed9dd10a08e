"""Downloads over a real connection on loopback: resumed, checked, and never half in place."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgewise.errors import DeviceError, LinkError, TrustError, UserError
from edgewise.think.download import Download, download

CONTENT = b"GGUF" + bytes(range(256)) * 4096  # about 1 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Hub(http.server.BaseHTTPRequestHandler):
    """A small hub: redirects like a real one, serves ranges, and has faults on demand."""

    content = CONTENT
    linked_etag = SHA256
    cut_at: list[int]
    ranges: list[str]
    keys: list[str]
    status = 0
    location = "/file"

    def do_GET(self) -> None:
        self.keys.append(f"{self.path} {self.headers.get('Authorization', '-')}")
        if self.path.startswith("/repo"):
            self.send_response(self.status or 302)
            self.send_header("Location", self.location)
            if self.linked_etag:
                self.send_header("X-Linked-Etag", f'"{self.linked_etag}"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = self.headers.get("Range", "")
        self.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-") or 0) if wanted else 0
        if start >= len(self.content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        end = self.cut_at.pop(0) if self.cut_at else len(self.content)
        self.wfile.write(self.content[start:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[type[Hub]]:
    """A hub of its own for each test; `hub.url` is the file's address."""
    faults = {"cut_at": [], "ranges": [], "keys": []}
    handler = type("FreshHub", (Hub,), faults)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_port}/repo/model.gguf"
    server.handle_error = lambda *_: None  # a client that hangs up is part of these tests
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


def part(to: Path) -> Path:
    return to.with_name("model.gguf.part")


def test_a_file_arrives_whole_with_its_progress(hub, to: Path):
    steps: list[Download] = []
    assert download(hub.url, to, steps.append, sha256=SHA256, magic=b"GGUF") == SHA256
    assert to.read_bytes() == CONTENT
    assert not part(to).exists()
    assert steps[-1] == Download(len(CONTENT), len(CONTENT))
    assert [step.done_bytes for step in steps] == sorted(step.done_bytes for step in steps)


def test_a_broken_connection_is_taken_up_where_it_broke(hub, to: Path):
    hub.cut_at = [300_000, 700_000]
    download(hub.url, to, sha256=SHA256)
    assert to.read_bytes() == CONTENT
    assert hub.ranges == ["", "bytes=300000-", "bytes=700000-"]


def test_a_download_that_failed_goes_on_at_the_next_call(hub, to: Path):
    hub.cut_at = [100, 200, 300]
    with pytest.raises(LinkError, match=f"300 of {len(CONTENT)} bytes are kept"):
        download(hub.url, to)
    assert not to.exists()
    assert part(to).read_bytes() == CONTENT[:300]
    download(hub.url, to)
    assert hub.ranges[-1] == "bytes=300-"
    assert to.read_bytes() == CONTENT


def test_what_was_kept_of_another_file_is_found_out(hub, to: Path):
    part(to).write_bytes(b"GGUF" + b"x" * 1000)
    with pytest.raises(TrustError, match="it was deleted"):
        download(hub.url, to, sha256=SHA256)
    assert not part(to).exists()
    download(hub.url, to, sha256=SHA256)
    assert to.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_begins_anew(hub, to: Path):
    part(to).write_bytes(CONTENT + b"more")
    download(hub.url, to, sha256=SHA256)
    assert to.read_bytes() == CONTENT


def test_a_wrong_hash_leaves_nothing(hub, to: Path):
    with pytest.raises(TrustError, match="has sha256"):
        download(hub.url, to, sha256="0" * 64)
    assert not to.exists()
    assert not part(to).exists()


def test_the_hubs_own_hash_is_held_when_no_other_is_known(hub, to: Path):
    assert download(hub.url, to) == SHA256
    to.unlink()
    hub.linked_etag = "1" * 64
    with pytest.raises(TrustError, match="expected 1111"):
        download(hub.url, to)


def test_without_any_hash_the_answer_says_so(hub, to: Path):
    hub.linked_etag = ""
    assert download(hub.url, to) == ""


def test_a_file_of_another_size_is_refused_before_it_is_fetched(hub, to: Path):
    with pytest.raises(TrustError, match="expected 5"):
        download(hub.url, to, size_bytes=5)
    assert not part(to).exists()


def test_a_page_in_place_of_a_model_is_refused(hub, to: Path):
    hub.content = b"<html>please log in</html>"
    hub.linked_etag = ""
    with pytest.raises(TrustError, match="begins with"):
        download(hub.url, to, magic=b"GGUF")


def test_a_file_larger_than_the_disk_is_refused(hub, to: Path):
    class Endless(bytes):
        def __len__(self) -> int:
            return 1 << 60

    hub.content = Endless(b"GGUF")
    with pytest.raises(DeviceError, match="MB free") as caught:
        download(hub.url, to)
    assert caught.value.code == "no_space"


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "HF_TOKEN"), (403, "terms"), (404, "no such file"), (500, "later")]
)
def test_a_refusal_names_the_remedy(hub, to: Path, status: int, remedy: str):
    hub.status = status
    with pytest.raises(LinkError, match=remedy):
        download(hub.url, to)


def test_the_key_goes_to_the_hub_but_not_to_another_host(hub, to: Path):
    port = hub.url.split(":")[2].split("/")[0]
    hub.location = f"http://localhost:{port}/file"
    download(hub.url, to, token="secret")
    assert hub.keys == ["/repo/model.gguf Bearer secret", "/file -"]


def test_a_redirect_to_an_open_line_is_not_followed(hub, to: Path):
    hub.location = "http://models.example/file"
    with pytest.raises(LinkError, match="https only"):
        download(hub.url, to)


@pytest.mark.parametrize("url", ["http://models.example/x", "file:///etc/passwd", "nonsense"])
def test_an_address_that_is_not_https_is_refused(url: str, to: Path):
    with pytest.raises(UserError, match="https"):
        download(url, to)


def test_a_hub_that_is_away_is_told(to: Path):
    with pytest.raises(LinkError, match="0 of unknown bytes"):
        download("http://127.0.0.1:9/x", to)


def test_two_downloads_of_one_file_do_not_mix(hub, to: Path):
    import fcntl

    with part(to).open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(DeviceError, match="already"):
            download(hub.url, to)


def test_a_folder_that_is_not_there_is_told(hub, tmp_path: Path):
    with pytest.raises(DeviceError, match="cannot be written"):
        download(hub.url, tmp_path / "missing" / "model.gguf")
