"""What a request must be is checked before anything is spent, and faults name their field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgewise.cloud.chat import MOST_PARTS, check_for, read_chat, upstream_body
from edgewise.cloud.config import BackendConfig, ModelConfig, Route, ToolChoice
from edgewise.cloud.hearing import heard
from edgewise.cloud.refusal import Refused
from tests.cloud.sounds import mp3, part, wav

Json = dict[str, Any]
MODEL = ModelConfig("fake", (Route("up"),), context_tokens=1000, output_tokens=100)
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def body(**more: Any) -> Json:
    return {"model": "fake", "messages": [{"role": "user", "content": "hi"}], **more}


def read(given: Json) -> Any:
    return read_chat(json.dumps(given).encode())


def sent(given: Json, **how: Any) -> Json:
    kinds = {"stream": True, "continuous": False, **how}
    return json.loads(upstream_body(read(given), MODEL, "its name", **kinds))


JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["model", "messages", "tools", "tool_choice", "n", "stop", "max_tokens", "stream"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSONS))
def test_any_json_is_read_or_refused_with_a_400(given: Json):
    try:
        read_chat(json.dumps(body(**given)).encode())
    except Refused as refused:
        status = refused.status
    else:
        status = 400
    assert status == 400


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_a_400(raw: bytes):
    with pytest.raises(Refused) as refused:
        read_chat(raw)
    assert refused.value.status == 400


@given(st.dictionaries(st.text("abxyz", min_size=1), JSONS))
def test_what_is_not_known_reaches_the_upstream_as_it_came(unknown: Json):
    told = sent(body(x_unknown=unknown))
    assert told["x_unknown"] == unknown
    assert told["model"] == "its name"


@pytest.mark.parametrize(
    ("given", "bounds"),
    [
        ({}, {"max_tokens": 100}),
        ({"max_tokens": 5}, {"max_tokens": 5}),
        ({"max_tokens": 10**20}, {"max_tokens": 100}),
        ({"max_completion_tokens": 5}, {"max_completion_tokens": 5}),
        ({"max_completion_tokens": 101}, {"max_completion_tokens": 100}),
        (
            {"max_completion_tokens": 5, "max_tokens": 10**9},
            {"max_completion_tokens": 5, "max_tokens": 5},
        ),
        ({"max_tokens": None}, {"max_tokens": 100}),
    ],
)
def test_the_upstream_is_bounded_by_what_was_reserved(given: Json, bounds: Json):
    told = sent(body(**given))
    limits = ("max_tokens", "max_completion_tokens")
    assert {name: told[name] for name in limits if told.get(name) is not None} == bounds
    asked = read(body(n=3, **given))
    assert asked.most_output(MODEL) == 3 * min(bounds.values())


def test_usage_is_asked_for_whatever_the_client_wants():
    told = sent(body(stream=False, stream_options={"include_usage": False}))
    assert told["stream"] is True
    assert told["stream_options"] == {"include_usage": True}
    assert sent(body(), continuous=True)["stream_options"]["continuous_usage_stats"] is True


@given(st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_the_reserved_input_is_no_less_than_the_bytes_of_the_words(words: list[str]):
    asked = read(body(messages=[{"role": "user", "content": one} for one in words]))
    assert asked.most_text >= sum(len(one.encode()) for one in words)


def test_media_are_no_words_and_are_bounded_apart():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "a" * 10_000}}
    sound = part(wav(300))
    asked = heard(read(body(messages=[{"role": "user", "content": [image, sound]}])))
    assert asked.most_text < 1000
    assert [one.place for one in asked.media] == [f"messages[0].content[{n}]" for n in (0, 1)]
    most = asked.most(MODEL)
    assert (most.input_tokens, most.images, most.audio_input_ms) == (1000, 1, 300)


def test_a_request_of_too_many_parts_is_refused_before_they_are_looked_at():
    parts = [{"type": "text", "text": "a"}] * (MOST_PARTS // 2)
    said = [{"role": "user", "content": parts}] * 2
    assert read(body(messages=said)).media == ()
    wrong = {"type": "nothing"}
    with pytest.raises(Refused, match="more than 10000 parts"):
        read(body(messages=[*said, {"role": "user", "content": [wrong]}]))


def test_a_request_that_may_search_reserves_what_its_model_says():
    plain = {"messages": [{"role": "user", "content": "who won"}]}
    assert read(body(**plain)).most(MODEL).searches == 0
    for wish in (
        {"web_search_options": {}},
        {"tools": [{"type": "web_search", "function": {"description": "news"}}]},
    ):
        asked = read(body(**plain, **wish))
        assert asked.most(MODEL).searches == 5
        assert asked.most(replace(MODEL, most_searches=2)).searches == 2
        assert asked.choice is (ToolChoice.AUTO if "tools" in wish else ToolChoice.NONE)
    assert read(body(**plain, web_search_options=None)).most(MODEL).searches == 0


def test_a_function_without_a_name_is_still_refused():
    with pytest.raises(Refused) as refused:
        read(body(tools=[{"type": "function", "function": {"description": "news"}}]))
    assert refused.value.problem.param == "tools[0].function.name"


@pytest.mark.parametrize("data", ["b" * 64, "not base64!", "UklGRg==", "data:audio/wav,plain", "="])
def test_what_is_no_sound_is_refused_by_its_place(data: str):
    broken = {"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}
    said = {"role": "user", "content": [part(wav(10)), broken]}
    with pytest.raises(Refused, match=r"sound|WAV") as refused:
        heard(read(body(messages=[{"role": "user", "content": "hi"}, said])))
    place = "messages[1].content[1].input_audio"
    assert (refused.value.status, refused.value.problem.param) == (400, place)


@pytest.mark.parametrize(
    "media",
    [
        part(mp3(1), "mp3"),
        {"type": "audio_url", "audio_url": {"url": "https://a.example/long.mp3"}},
        {"type": "video_url", "video_url": "https://a.example/long.mp4"},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,AA"}},
    ],
)
def test_what_has_no_bound_of_its_own_reserves_all_that_the_model_holds(media: Json):
    asked = read(body(messages=[{"role": "user", "content": [media]}]))
    assert asked.most(MODEL).input_tokens == MODEL.context_tokens


@pytest.mark.parametrize(
    ("part", "param"),
    [
        ({"type": "image_embeds", "image_embeds": "AA"}, "type"),
        ({"type": "file", "file": {"file_id": "file-1"}}, "file.file_id"),
        ({"type": "image_url", "uuid": "of another"}, "image_url"),
        ({"type": "audio_url", "image_url": "https://a.example/x"}, "audio_url"),
    ],
)
def test_a_part_that_is_not_known_is_refused_by_its_name(part: Json, param: str):
    with pytest.raises(Refused) as refused:
        read(body(messages=[{"role": "user", "content": [{"type": "text", "text": "a"}, part]}]))
    assert refused.value.problem.param == f"messages[0].content[1].{param}"


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ({}, ToolChoice.NONE),
        ({"tools": [TOOL]}, ToolChoice.AUTO),
        ({"tools": [TOOL], "tool_choice": "none"}, ToolChoice.NONE),
        ({"tools": [TOOL], "tool_choice": "required"}, ToolChoice.REQUIRED),
        ({"tools": [TOOL], "tool_choice": TOOL}, ToolChoice.NAMED),
    ],
)
def test_a_tool_choice_is_obeyed_or_refused(given: Json, choice: ToolChoice):
    asked = read(body(**given))
    assert asked.choice is choice
    assert asked.named == ("f" if choice is ToolChoice.NAMED else "")
    check_for(asked, MODEL, BackendConfig("up", "http://x/v1"))
    if given.get("tools"):
        others = tuple(one for one in ToolChoice if one is not choice)
        with pytest.raises(Refused, match="not obeyed"):
            check_for(asked, MODEL, BackendConfig("up", "http://x/v1", tool_choice=others))


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": "maybe"}, "tool_choice"),
        ({"tools": [TOOL, TOOL]}, "tools[1].function.name"),
        ({"tools": [{"type": "browser"}]}, "tools[0].type"),
        ({"tools": [TOOL], "tool_choice": {"type": "function"}}, "tool_choice.function.name"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"content": "a"}]}, "messages[0]"),
        ({"n": 17}, "n"),
        ({"temperature": 3}, "temperature"),
    ],
)
def test_a_fault_names_its_field(given: Json, param: str):
    with pytest.raises(Refused) as refused:
        read(body(**given))
    assert refused.value.status == 400
    assert (refused.value.problem.param or "").startswith(param)


def test_more_words_than_the_model_holds_are_refused():
    asked = read(body(messages=[{"role": "user", "content": "a" * 8000}]))
    with pytest.raises(Refused) as refused:
        check_for(asked, MODEL, BackendConfig("up", "http://x/v1"))
    assert refused.value.problem.code == "context_length_exceeded"
