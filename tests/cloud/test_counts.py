"""What an upstream says was used comes to our units whatever it says, and to what can be."""

from typing import Any

import msgspec
import pytest

from edgewise.cloud.counts import MOST_SEARCHES, MOST_TOKENS, Counts, usage_of
from edgewise.cloud.usage import Usage


def counted(**told: Any) -> Usage:
    return usage_of(msgspec.convert(told, Counts))


@pytest.mark.parametrize(
    ("told", "searches"),
    [
        ({"server_tool_use": {"web_search_requests": 3}}, 3),
        ({"num_search_queries": 2}, 2),
        ({"web_search_requests": 1}, 1),
        ({"web_search_requests": 4, "server_tool_use": {"web_search_requests": 4}}, 4),
        ({"web_search_requests": -1}, 0),
        ({"web_search_requests": 10**30}, MOST_SEARCHES),
        ({"web_search_requests": "two", "num_search_queries": [], "server_tool_use": "x"}, 0),
        ({"server_tool_use": {"web_search_requests": None}}, 0),
        ({}, 0),
    ],
)
def test_searches_are_counted_as_the_upstream_tells_them(told: dict[str, Any], searches: int):
    assert counted(**told) == Usage(searches=searches)


@pytest.mark.parametrize("told", [-1, MOST_TOKENS + 1, 2**63, 10**30])
def test_absurd_counts_are_cut(told: int):
    usage = counted(prompt_tokens=told, completion_tokens=told)
    assert 0 <= usage.input_tokens <= MOST_TOKENS
    assert 0 <= usage.output_tokens <= MOST_TOKENS


def test_parts_are_never_more_than_the_whole():
    usage = counted(
        prompt_tokens=3,
        completion_tokens=2,
        prompt_tokens_details={"cached_tokens": 9},
        completion_tokens_details={"reasoning_tokens": 9},
    )
    assert usage == Usage(3, 3, 2, 2)


def test_what_was_sent_is_counted_with_it():
    sent = Usage(images=2, audio_input_ms=1_500)
    usage = usage_of(Counts(prompt_tokens=3, completion_tokens=1), sent)
    assert usage == Usage(3, 0, 1, images=2, audio_input_ms=1_500)
