"""How the words of an answer are found: by the device, checked, or by a cloud; never in silence.

`route` decides, before the device answers and after; here it is carried out, in that order, and
whatever fails ends in the device's own words, said to be so. Each way has a file (`by_cloud.py`,
`by_queue.py`).
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import msgspec

from edgewise.agent.by_cloud import by_cloud
from edgewise.agent.by_queue import by_queue
from edgewise.agent.reach import Reach
from edgewise.agent.search import Chosen, Search
from edgewise.core.event import Checked, Event, Weighed
from edgewise.core.place import Routing, Way
from edgewise.core.words import Words
from edgewise.route.question import Question, Score
from edgewise.route.route import decide, decide_after


async def find_words(search: Search) -> AsyncGenerator[Event, None]:
    """What happens until the words are found; they are in `search.found` then."""
    reach = search.home.reach
    if reach is None:
        async for event in search.by_device():
            yield event
        return
    question = _question(search, reach)
    routing = decide(question, reach.policy)
    yield search.mark(
        Weighed,
        question=msgspec.to_builtins(question),
        routing=routing,
        took_ms=search.mark.lap_ms(),
    )
    chosen = Chosen(reach, question, routing)
    if routing.way is Way.DEVICE and routing.check:
        checked, chosen = await _checked(search, chosen)
        yield checked
    search.found.way = chosen.routing.way
    async with aclosing(_WAYS[chosen.routing.way](search, chosen)) as events:
        async for event in events:
            yield event


def _question(search: Search, reach: Reach, score: Score | None = None) -> Question:
    return reach.question(
        search.message,
        search.session.exchanges,
        last=search.session.last_way,
        deadline_s=search.left_s,
        score=score,
    )


async def _checked(search: Search, chosen: Chosen) -> tuple[Checked, Chosen]:
    """Have the device answer, and decide again with what that answer is worth."""
    reach = chosen.reach
    held = await search.held()
    score = reach.check(search.message, held, chosen.question)
    question = _question(search, reach, chosen.question.score)
    routing = decide_after(chosen.routing, score, question, reach.policy)
    event = search.mark(
        Checked,
        score=msgspec.to_builtins(score),
        question=msgspec.to_builtins(question),
        routing=routing,
        took_ms=search.mark.lap_ms(),
    )
    return event, Chosen(reach, question, routing, held)


async def _by_device(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    if chosen.held is None:
        async for event in search.by_device():
            yield event
        return
    search.found.unverified = _is_doubted(chosen.routing) and not chosen.held.declined
    yield search.said(chosen.held.text)


async def _by_asking(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    yield _filled(search, _ASKS, chosen.routing)


async def _by_refusing(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    yield _filled(search, _REFUSED, chosen.routing)


def _filled(search: Search, told: Words, routing: Routing) -> Event:
    why = routing.stages[-1].words
    return search.told(
        Words(
            told.en.format(endpoint=routing.endpoint, why=why.en.partition(": ")[2]),
            told.zh.format(endpoint=routing.endpoint, why=why.zh.partition("：")[2]),
        )
    )


def _is_doubted(routing: Routing) -> bool:
    """Whether the last check found the answer in doubt, and it stayed for want of a better one."""
    last = routing.stages[-1]
    wrong = last.values.get("wrong")
    doubted = isinstance(wrong, float) and wrong >= (last.threshold or 0.0)
    return routing.margin is not None and last.name == "answer" and doubted


_WAYS: dict[Way, Callable[[Search, Chosen], AsyncGenerator[Event, None]]] = {
    Way.DEVICE: _by_device,
    Way.CLOUD: by_cloud,
    Way.DELEGATE: by_cloud,
    Way.AGENT: by_cloud,
    Way.QUEUE: by_queue,
    Way.ASK: _by_asking,
    Way.REFUSE: _by_refusing,
}
_ASKS = Words(
    "That needs {endpoint}, and you have not agreed to that yet: `edgewise consent grant"
    " {endpoint}` or the page's switch.",
    "这需要发给 {endpoint}，您还没有同意：可在页面上同意，或运行"
    " edgewise consent grant {endpoint}。",
)
_REFUSED = Words("I can not answer that: {why}.", "这个问题无法回答：{why}。")
