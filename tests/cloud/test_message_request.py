import msgspec
import pytest

from edgewise.cloud.message_request import MessageRequest

BODY = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}


@pytest.mark.parametrize(
    "name", ["container", "mcp_servers", "context_management", "inference_geo"]
)
def test_a_field_that_is_not_done_here_is_refused(name: str):
    msgspec.convert(BODY, MessageRequest)
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert(BODY | {name: "x"}, MessageRequest)


@pytest.mark.parametrize("name", sorted(BODY))
def test_model_messages_and_max_tokens_are_required(name: str):
    body = {field: value for field, value in BODY.items() if field != name}
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert(body, MessageRequest)
