"""Whether the advertised address leads here, and what is said when it does not."""

import re
import socket
from pathlib import Path

import pytest

from edgewise.cloud.xiaozhi import self_test
from edgewise.cloud.xiaozhi.bootstrap import socket_url
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.cloud.xiaozhi.self_test import WORDS, Verdict, examine
from tests.cloud.certificates import server_tls
from tests.cloud.xiaozhi.outside import Answering, always, served, served_by_tls


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback stands for an address that devices reach: there is no other here."""
    monkeypatch.setattr(self_test, "is_loopback", lambda _: False)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.usefixtures("abroad")
async def test_an_address_that_answers_as_told_is_well(probe: Probe):
    async with served(Answering(probe).routes()) as port:
        found = await examine(f"http://127.0.0.1:{port}/", probe, port)
    assert (found.ok, found.code) == (True, "reached")


async def test_loopback_is_told_to_be_for_this_machine_alone(probe: Probe):
    async with served(Answering(probe).routes()) as port:
        for name in ("127.0.0.1", "localhost"):
            found = await examine(f"http://{name}:{port}", probe, port)
            assert (found.ok, found.code) == (False, "loopback")
            assert "public_url" in found.words.en


async def test_nobody_there_and_another_port_are_told_apart(probe: Probe):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    assert (await examine(address, probe)).code == "unreachable"
    assert (await examine(address, probe, port)).code == "unreachable"
    found = await examine(address, probe, 8475)
    assert found.code == "port_differs"
    assert {str(port), "8475"} <= set(re.findall(r"\d+", found.words.en))


async def test_another_platform_is_another_server(probe: Probe):
    async with served(Answering(Probe()).routes()) as port:
        assert (await examine(f"http://127.0.0.1:{port}", probe)).code == "other_server"
    page = b"<html>a router's page</html>" * 10_000
    async with served(always(200, body=page)) as port:
        assert (await examine(f"http://127.0.0.1:{port}", probe)).code == "other_server"


async def test_a_proxy_that_does_not_reach_us_says_so(probe: Probe):
    async with served(always(502)) as port:
        found = await examine(f"http://127.0.0.1:{port}", probe)
    assert (found.code, "502" in found.words.zh) == ("proxy_lost", True)


async def test_a_redirect_is_told_since_no_device_follows_it(probe: Probe):
    elsewhere = {"location": "https://edge.example/xiaozhi/ota/"}
    async with served(always(301, elsewhere)) as port:
        found = await examine(f"http://127.0.0.1:{port}", probe)
    assert found.code == "redirected"
    assert elsewhere["location"] in found.words.en


async def test_a_bootstrap_that_sends_devices_elsewhere_is_told(probe: Probe):
    inside = socket_url("http://172.17.0.2:8475")
    async with served(Answering(probe, told=inside).routes()) as port:
        found = await examine(f"http://127.0.0.1:{port}", probe)
    assert found.code == "told_otherwise"
    assert inside in found.words.en


async def test_a_proxy_without_websocket_is_told(probe: Probe):
    only_http = Answering(probe).routes()[:-1]
    async with served(only_http) as port:
        found = await examine(f"http://127.0.0.1:{port}", probe)
    assert found.code == "no_upgrade"
    assert "Upgrade" in found.words.en


async def test_a_certificate_that_does_not_hold_is_told(probe: Probe, tmp_path: Path):
    context, _ = server_tls(tmp_path)
    async with served_by_tls(context) as port:
        found = await examine(f"https://127.0.0.1:{port}", probe)
    assert found.code == "bad_certificate"


async def test_https_where_nobody_speaks_tls_is_told(probe: Probe):
    async with served(Answering(probe).routes()) as port:
        found = await examine(f"https://127.0.0.1:{port}", probe)
    assert found.code == "no_tls"


async def test_a_name_that_is_not_known_is_told(probe: Probe, monkeypatch: pytest.MonkeyPatch):
    def know_none(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_none)
    found = await examine("https://no-such-name.invalid", probe)
    assert found.code == "name_unknown"
    assert "no-such-name.invalid" in found.words.zh


@pytest.mark.parametrize("address", ["edge.example", "ftp://edge.example", "http://", "http://a:b"])
async def test_what_is_no_address_is_told(probe: Probe, address: str):
    found = await examine(address, probe)
    assert isinstance(found, Verdict)
    assert found.code == "no_address"


def test_every_verdict_says_in_both_languages_what_to_do():
    places = re.compile(r"\{\w+\}")
    for code, words in WORDS.items():
        assert sorted(places.findall(words.en)) == sorted(places.findall(words.zh)), code
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
