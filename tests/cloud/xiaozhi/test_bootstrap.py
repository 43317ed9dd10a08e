"""What devices send is read as they send it, and told as they read it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.bootstrap import (
    Asking,
    Reply,
    ServerTime,
    Socket,
    activation_of,
    asking_of,
    challenge_in,
    mac_of,
    own_address,
    socket_url,
)
from tests.each_row import each_row

FIRMWARE = {
    "version": 2,
    "language": "zh-CN",
    "flash_size": 16777216,
    "minimum_free_heap_size": "8318916",
    "mac_address": "30:ed:a0:12:34:56",
    "uuid": "7a1c0000-0000-4000-8000-000000000001",
    "application": {"name": "xiaozhi", "version": "2.4.0", "idf_version": "v5.5"},
    "partition_table": [{"label": "nvs", "type": 1}],
    "board": {"type": "bread-compact-wifi", "name": "Bread", "mac": "30:ed:a0:12:34:56"},
}
SDK = {
    "application": {"version": "0.5.1", "cpu_count": 2},
    "board": {"type": "xiaozhi-sdk", "name": "xiaozhi-sdk", "mac_addr": "02:00:00:00:00:01"},
}


def scope(**headers: str) -> dict[str, Any]:
    named = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    return {"headers": named, "scheme": "http"}


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[int, str | None]:
    return refused.value.status, refused.value.problem.code


def test_the_firmwares_request_is_understood():
    asked = scope(
        device_id="30:ED:A0:12:34:56",
        client_id="7a1c",
        activation_version="2",
        serial_number="SN-1",
        accept_language="zh-CN",
        user_agent="bread/2.4.0",
    )
    assert asking_of(asked, msgspec.json.encode(FIRMWARE)) == Asking(
        "30:ed:a0:12:34:56", "7a1c", "Bread", "2.4.0", "SN-1", "zh-CN", "bread/2.4.0", 2
    )


def test_the_short_request_of_the_sdk_is_understood():
    asked = scope(device_id="02:00:00:00:00:01", client_id="c", serial_number="")
    found = asking_of(asked, msgspec.json.encode(SDK))
    assert (found.board, found.firmware, found.serial) == ("xiaozhi-sdk", "0.5.1", "")
    assert found.activation == 1


def test_the_headers_say_who_asks_and_the_body_only_where_they_are_silent():
    body = msgspec.json.encode(FIRMWARE)
    assert asking_of(scope(device_id="02-00-00-00-00-01", client_id="c"), body).mac == (
        "02:00:00:00:00:01"
    )
    assert asking_of(scope(), body).client == FIRMWARE["uuid"]
    assert asking_of(scope(), body).mac == FIRMWARE["mac_address"]


@each_row(
    "text",
    [
        "30:ed:a0:12:34:56",
        "30:ED:A0:12:34:56",
        "30-ed-a0-12-34-56",
        "30EDA0123456",
        " 30eda0123456 ",
    ],
)
def test_every_spelling_of_a_mac_is_one(text: str):
    assert mac_of(text) == "30:ed:a0:12:34:56"


@given(st.binary(min_size=6, max_size=6), st.sampled_from([":", "-", ""]), st.booleans())
def test_no_real_mac_is_refused(six: bytes, between: str, is_upper: bool):
    text = between.join(f"{byte:02X}" if is_upper else f"{byte:02x}" for byte in six)
    assert mac_of(text) == ":".join(f"{byte:02x}" for byte in six)


@each_row("text", ["", "30:ed:a0:12:34", "30:ed:a0:12:34:5g", "30:ed:a0:12:34:56:78", "x" * 9999])
def test_what_is_no_mac_is_refused(text: str):
    with pytest.raises(Refused) as refused:
        mac_of(text)
    assert code_of(refused) == (400, "bad_device_id")


@each_row("client", ["", "with blank", "x" * 129, "\u00fc"])
def test_who_has_no_client_id_is_refused(client: str):
    with pytest.raises(Refused) as refused:
        asking_of(scope(device_id="02:00:00:00:00:01", client_id=client), b"")
    assert code_of(refused) == (400, "bad_client_id")


@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["board", "application", "name", "version"]), inner)
        ),
        max_leaves=10,
    ).map(msgspec.json.encode)
)
def test_whatever_the_body_is_who_asks_is_known(body: bytes):
    found = asking_of(scope(device_id="02:00:00:00:00:01", client_id="c"), body)
    assert (found.mac, found.client) == ("02:00:00:00:00:01", "c")
    assert len(found.board) <= 80
    assert challenge_in(body) == ""


def test_a_body_as_deep_as_it_likes_is_passed_over():
    deep = b"[" * 60_000
    assert asking_of(scope(device_id="02:00:00:00:00:01", client_id="c"), deep).board == ""
    assert challenge_in(b'{"Payload":' * 6_000) == ""


def test_the_challenge_comes_in_each_clients_way():
    assert challenge_in(b"{}") == ""
    assert challenge_in(b'{"algorithm": "hmac-sha256", "challenge": "abc"}') == "abc"
    assert challenge_in(b'{"Payload": {"challenge": "abc", "hmac": "0"}}') == "abc"
    assert challenge_in(b'{"challenge": 7}') == ""


@each_row(
    "public_url, headers, scheme, address",
    [
        ("https://edge.example/", {"host": "10.0.0.1"}, "http", "https://edge.example"),
        ("", {"host": "192.168.1.5:8475"}, "http", "http://192.168.1.5:8475"),
        ("", {"host": "[fe80::1]:8475"}, "http", "http://[fe80::1]:8475"),
        ("", {"host": "edge.example"}, "https", "https://edge.example"),
        (
            "",
            {"host": "edge.example", "x_forwarded_proto": "https"},
            "http",
            "https://edge.example",
        ),
    ],
)
def test_a_device_is_sent_to_where_it_can_reach_us(
    public_url: str, headers: dict[str, str], scheme: str, address: str
):
    assert own_address(public_url, {**scope(**headers), "scheme": scheme}) == address


@each_row("host", ["", "a b", "x/y", "evil.example@me", "a:port", 'x"y'])
def test_a_host_that_is_none_is_refused(host: str):
    with pytest.raises(Refused) as refused:
        own_address("", scope(host=host))
    assert code_of(refused) == (400, "bad_host")


def test_the_socket_is_as_secure_as_the_address():
    assert socket_url("https://edge.example") == "wss://edge.example/xiaozhi/v1/"
    assert socket_url("http://10.0.0.1:8475/") == "ws://10.0.0.1:8475/xiaozhi/v1/"
    assert socket_url("https://edge.example/base") == "wss://edge.example/base/xiaozhi/v1/"


def test_the_reply_says_no_word_of_mqtt_and_of_firmware():
    time, socket = ServerTime(1790000000000, 480), Socket("wss://e/xiaozhi/v1/", "ewv-x")
    told = msgspec.json.decode(
        msgspec.json.encode(Reply(time, socket, activation_of("https://e", "012345", "abc")))
    )
    assert told == {
        "server_time": {"timestamp": 1790000000000, "timezone_offset": 480},
        "websocket": {"url": "wss://e/xiaozhi/v1/", "token": "ewv-x", "version": 1},
        "activation": {
            "code": "012345",
            "message": "e\n012345",
            "challenge": "abc",
            "timeout_ms": 30000,
        },
    }
    bound = msgspec.json.decode(msgspec.json.encode(Reply(time, socket)))
    assert sorted(bound) == ["server_time", "websocket"]
