from hypothesis import given
from hypothesis import strategies as st

from edgewise.cloud.estimate import estimate


def of(text: str) -> tuple[int, int]:
    counted = estimate({"messages": [{"role": "user", "content": text}]}, 1000)
    return counted.likely, counted.at_most


def test_the_bound_is_bytes_and_16_a_message():
    assert of("abcdefgh") == (2 + 4, 8 + 16)
    assert of("座椅加热") == (3 + 4, 12 + 16)


def test_an_image_costs_what_the_model_says_not_its_bytes():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9999}}
    parts = [{"type": "text", "text": "ab"}, image, image]
    counted = estimate({"messages": [{"role": "user", "content": parts}]}, 1000)
    assert counted.at_most == 2 + 16 + 2000


def test_tools_calls_and_forms_count():
    plain = estimate({"messages": [{"role": "user", "content": "a"}]}, 0).at_most
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "x" * 50}]}
    tool = {"type": "function", "function": {"name": "n" * 50}}
    for more in ({"tools": [tool]}, {"response_format": {"a": "b" * 50}}):
        body = {"messages": [{"role": "user", "content": "a"}], **more}
        assert estimate(body, 0).at_most >= plain + 50
    body = {"messages": [{"role": "user", "content": "a"}, call]}
    assert estimate(body, 0).at_most >= plain + 50


@given(st.lists(st.text(), max_size=5))
def test_the_likely_figure_never_passes_the_bound(texts: list[str]):
    body = {"messages": [{"role": "user", "content": text} for text in texts]}
    counted = estimate(body, 0)
    assert counted.likely <= counted.at_most
