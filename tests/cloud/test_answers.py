"""Replies off the hot path carry the API's headers; a refusal's own go before them."""

from types import SimpleNamespace

from starlette.requests import Request

from edgewise.cloud.answers import answer, refusal
from edgewise.cloud.refusal import Refused


def request() -> Request:
    app = SimpleNamespace(state=SimpleNamespace())
    return Request({"type": "http", "headers": [], "app": app, "began": 0.0})


def test_an_answer_is_json_with_an_id_and_its_time():
    reply = answer(request(), {"a": 1}, 201, {"X-More": "b"})
    assert (reply.status_code, bytes(reply.body)) == (201, b'{"a":1}')
    assert reply.headers["x-request-id"].startswith("req_")
    assert reply.headers["openai-processing-ms"].isdigit()
    assert reply.headers["x-more"] == "b"


def test_a_refusal_tells_its_code_and_when_to_come_back():
    reply = refusal(request(), Refused(429, "slow", "no", headers={"Retry-After": "4"}))
    assert reply.status_code == 429
    assert reply.headers["retry-after"] == "4"
    assert b'"code":"slow"' in bytes(reply.body)
