"""A refusal has the error body of the OpenAI API, whole, whatever it is about."""

import msgspec
import pytest

from edgewise.cloud.refusal import Refused, bad_request, body_of, reply_to, unknown_model, wrong_key


@pytest.mark.parametrize(
    ("refused", "status", "type", "code"),
    [
        (bad_request("no", "messages[0]"), 400, "invalid_request_error", "invalid_value"),
        (wrong_key(), 401, "invalid_request_error", "invalid_api_key"),
        (Refused(402, "budget_exceeded", "no"), 402, "insufficient_quota", "budget_exceeded"),
        (unknown_model("gpt"), 404, "invalid_request_error", "model_not_found"),
        (Refused(429, "x", "no"), 429, "rate_limit_error", "x"),
        (Refused(503, "x", "no"), 503, "server_error", "x"),
    ],
)
def test_status_type_and_code_belong_together(refused: Refused, status: int, type: str, code: str):
    body = msgspec.json.decode(body_of(refused))["error"]
    assert set(body) == {"message", "type", "param", "code"}
    assert (refused.status, body["type"], body["code"]) == (status, type, code)


def test_the_reply_is_kept_by_no_cache_and_has_the_refusals_headers():
    reply = reply_to(Refused(429, "x", "no", headers={"Retry-After": "3"}))
    assert reply.headers["retry-after"] == "3"
    assert reply.headers["cache-control"] == "no-store"


def test_a_models_name_that_is_too_long_is_not_repeated_whole():
    assert len(str(unknown_model("x" * 10_000))) < 300
