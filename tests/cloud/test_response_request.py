import msgspec
import pytest
from openai.types.responses import response_create_params

from edgewise.cloud.response_request import ResponseRequest

REFUSED = {
    "access_programs",
    "background_options",
    "context_management",
    "conversation",
    "image",
    "moderation",
    "prompt",
    "prompt_cache_options",
    "prompt_cache_retention",
}


def test_every_field_of_the_official_client_is_declared_or_refused_on_purpose():
    official = set(response_create_params.ResponseCreateParamsBase.__annotations__) | {"stream"}
    declared = set(ResponseRequest.__struct_fields__)
    assert official - declared == REFUSED
    assert declared - official == {"presence_penalty", "frequency_penalty"}  # Open Responses


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_field_that_is_not_done_here_is_refused(name: str):
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert({"model": "m", "input": "a", name: {}}, ResponseRequest)
