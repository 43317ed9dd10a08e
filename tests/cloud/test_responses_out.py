from openai.types.responses import Response, ResponseItem
from pydantic import TypeAdapter

from edgewise.cloud.refusal import Refused
from edgewise.cloud.responses_in import items_of, read_items, read_request
from edgewise.cloud.responses_out import error_of, keepable, new_response, usage_of

# what the schema ResponseResource of Open Responses requires
REQUIRED = {
    "id",
    "object",
    "created_at",
    "completed_at",
    "status",
    "incomplete_details",
    "model",
    "previous_response_id",
    "instructions",
    "output",
    "error",
    "tools",
    "tool_choice",
    "truncation",
    "parallel_tool_calls",
    "text",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "top_logprobs",
    "temperature",
    "reasoning",
    "usage",
    "max_output_tokens",
    "max_tool_calls",
    "store",
    "background",
    "service_tier",
    "metadata",
    "safety_identifier",
    "prompt_cache_key",
}
NUMBERS = ("top_p", "temperature", "presence_penalty", "frequency_penalty", "top_logprobs")


def test_a_new_response_has_every_required_field():
    response = new_response(read_request({"model": "m", "input": "a"}), id="resp_1", created_at=5)
    assert set(response) >= REQUIRED
    assert all(isinstance(response[name], (int, float)) for name in NUMBERS)
    assert Response.model_validate(response).status == "in_progress"


def test_a_response_repeats_what_was_asked():
    form = {"type": "json_schema", "name": "n", "schema": {"type": "object"}}
    body = {
        "model": "m",
        "input": "a",
        "instructions": "b",
        "background": True,
        "tools": [{"type": "function", "name": "f"}],
        "tool_choice": {"type": "function", "name": "f"},
        "text": {"format": form},
        "metadata": {"k": "v"},
        "temperature": 0,
        "reasoning": {"effort": "low"},
    }
    response = new_response(read_request(body), id="resp_1", created_at=5)
    assert response["status"] == "queued"
    assert response["temperature"] == 0
    assert response["metadata"] == {"k": "v"}
    assert response["tool_choice"] == body["tool_choice"]
    assert response["text"] == {"format": {"description": None, "strict": None, **form}}
    assert response["reasoning"] == {"effort": "low", "summary": None}
    assert response["tools"] == [
        {"type": "function", "name": "f", "description": None, "parameters": None, "strict": None}
    ]
    Response.model_validate(response)


def test_unknown_counts_are_null_and_absent_details_are_0():
    assert usage_of(None) is None
    assert usage_of(
        {"prompt_tokens": 2, "completion_tokens": 3, "prompt_tokens_details": None}
    ) == {
        "input_tokens": 2,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 3,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 5,
    }


def test_errors_have_the_codes_of_the_api():
    codes = [error_of(Refused(status, "x", "m"))["code"] for status in (400, 429, 500, 502)]
    assert codes == ["invalid_prompt", "rate_limit_exceeded", "server_error", "server_error"]


def test_kept_input_is_listed_as_the_official_client_reads_it_and_can_be_read_again():
    items = items_of(
        read_request(
            {
                "model": "m",
                "input": [
                    {"role": "user", "content": "a"},
                    {"role": "user", "content": [{"type": "input_image", "image_url": "data:,"}]},
                    {"role": "assistant", "content": "b", "id": "msg_mine"},
                    {
                        "type": "reasoning",
                        "summary": [],
                        "content": [{"type": "reasoning_text", "text": "t"}],
                    },
                    {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                    {"type": "function_call_output", "call_id": "c", "output": "r"},
                ],
            }
        )
    )
    kept = keepable(items, "resp_ab")
    assert [item["id"] for item in kept] == [
        "msg_ab_in0",
        "msg_ab_in1",
        "msg_mine",
        "rs_ab_in3",
        "fc_ab_in4",
        "fco_ab_in5",
    ]
    official: TypeAdapter[ResponseItem] = TypeAdapter(ResponseItem)
    assert [official.validate_python(item).type for item in kept] == [item["type"] for item in kept]
    assert len(read_items(kept)) == len(items)
