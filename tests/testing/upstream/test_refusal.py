from edgewise.testing.upstream.refusal import Rejected, error_body
from tests.each_row import each_row


@each_row(
    "status, kind",
    [(400, "invalid_request_error"), (429, "rate_limit_error"), (503, "server_error")],
)
def test_an_error_body_has_all_four_fields(status: int, kind: str):
    error = error_body(status, "no", None, None)["error"]
    assert error == {"message": "no", "type": kind, "param": None, "code": None}


def test_a_rejection_names_the_field_at_fault():
    rejected = Rejected(400, "wrong", "messages[1]", "invalid_value")
    assert rejected.body["error"]["param"] == "messages[1]"
    assert rejected.body["error"]["code"] == "invalid_value"
