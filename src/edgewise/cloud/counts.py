"""What an upstream says was used, in its words, and the same in our units."""

from typing import Any, cast

from msgspec import Struct

from edgewise.cloud.usage import NOTHING, Usage

MOST_TOKENS = 1_000_000_000
"""No request has more: a greater count is a fault, and sums of it would not fit the ledger."""
MOST_SEARCHES = 10_000


class InputDetails(Struct, frozen=True):
    cached_tokens: int | None = None


class OutputDetails(Struct, frozen=True):
    reasoning_tokens: int | None = None


class Counts(Struct, frozen=True):
    """`usage` as chat completions and embeddings tell it; searches as Anthropic and OpenRouter,
    Perplexity, and others do."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: InputDetails | None = None
    completion_tokens_details: OutputDetails | None = None
    server_tool_use: Any = None
    num_search_queries: Any = None
    web_search_requests: Any = None


def usage_of(counts: Counts, sent: Usage = NOTHING) -> Usage:
    """An upstream's counts in our units, with the images and sound that were sent to it; what can
    not be is cut to what can."""
    fresh, out = counts.prompt_tokens or 0, counts.completion_tokens or 0
    cached = counts.prompt_tokens_details.cached_tokens if counts.prompt_tokens_details else 0
    details = counts.completion_tokens_details
    reasoning = details.reasoning_tokens if details else 0
    fresh, out = min(max(0, fresh), MOST_TOKENS), min(max(0, out), MOST_TOKENS)
    cached, reasoning = min(max(0, cached or 0), fresh), min(max(0, reasoning or 0), out)
    searches = _searches_of(counts)
    return Usage(
        fresh, cached, out, reasoning, sent.audio_input_ms, images=sent.images, searches=searches
    )


def _searches_of(counts: Counts) -> int:
    """The web searches that an upstream says it made, in whichever of the three members."""
    told, tools = [counts.web_search_requests, counts.num_search_queries], counts.server_tool_use
    if told == [None, None] and tools is None:
        return 0
    if isinstance(tools, dict):
        told.append(cast(dict[str, Any], tools).get("web_search_requests"))
    whole = [one for one in told if isinstance(one, int)]
    return min(max(0, *whole), MOST_SEARCHES) if whole else 0
