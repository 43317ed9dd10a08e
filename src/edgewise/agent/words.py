"""How the words of an answer are found: by the device, checked, or by a cloud; never in silence.

`route` decides, before the device answers and after; here it is carried out, in that order, and
whatever fails ends in the device's own words, said to be so. Each way has a file (`by_cloud.py`,
`by_delegate.py`, `by_queue.py`, `by_asking.py`).
Source: docs/decisions/0011-ways-of-a-turn.md.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import msgspec

from edgewise.agent.by_asking import answered, by_asking
from edgewise.agent.by_cloud import by_cloud
from edgewise.agent.by_delegate import by_delegate
from edgewise.agent.by_queue import by_declining, by_queue
from edgewise.agent.comparison import compared
from edgewise.agent.reach import Reach
from edgewise.agent.repeats import MOST_ASKED, Earlier, repeats
from edgewise.agent.search import UNCOUNTED, Chosen, Search
from edgewise.core.endpoint import NO_KEY
from edgewise.core.event import Checked, Event, Weighed
from edgewise.core.place import Mode, Routing, Way
from edgewise.core.words import Words
from edgewise.route.ability import REFUSED
from edgewise.route.delegation import about_documents
from edgewise.route.kept_back import kept_back
from edgewise.route.lines import filled
from edgewise.route.pictures import about_pictures
from edgewise.route.question import Question, Score
from edgewise.route.route import decide, decide_after
from edgewise.route.rules import open_to
from edgewise.route.ways import stands_in
from edgewise.think.chat import Said


async def find_words(search: Search) -> AsyncGenerator[Event, None]:
    """What happens until the words are found; they are in `search.found` then."""
    reach = search.home.reach
    if reach is None:
        async for event in search.by_device():
            yield event
        return
    question = _question(search, reach)
    search.found.clouds = open_to(question)
    routing = decide(question, reach.policy)
    yield search.mark(
        Weighed,
        question=msgspec.to_builtins(question),
        routing=routing,
        took_ms=search.mark.lap_ms(),
        repeats=_repeated(search),
    )
    chosen = Chosen(reach, question, routing, _held(search))
    if routing.way is Way.DEVICE and routing.check:
        checked, chosen = await _checked(search, chosen)
        yield checked
    search.found.way = chosen.routing.way
    reach.decided(question, routing, chosen.routing)
    events_of = _WAYS[chosen.routing.way](search, chosen)
    async with aclosing(compared(search, chosen, routing, events_of)) as events:
        async for event in events:
            yield event


def _question(search: Search, reach: Reach, score: Score | None = None) -> Question:
    question = reach.question(
        search.message, last=search.session.last_way, deadline_s=search.left_s, score=score
    )
    reader = search.reader
    if reader is not None:
        question = about_documents(question, reader.tokens)
    elif search.looker is not None:
        question = about_pictures(question, search.looker.tokens)
    return answered(search, reach, question)


def _held(search: Search) -> Said | None:
    """What the device had answered before the person was asked."""
    return search.answer.asked.held if search.answer is not None else None


def _repeated(search: Search) -> str:
    """The turn whose question this one asks again; it is remembered for the next ones."""
    session, text, now = search.session, search.message.text, search.home.clock.monotonic()
    found = repeats(text, session.earlier, now)
    session.earlier = (*session.earlier, Earlier(search.mark.turn, text, now))[-MOST_ASKED:]
    return found


async def _checked(search: Search, chosen: Chosen) -> tuple[Checked, Chosen]:
    """Have the device answer, and decide again with what that answer is worth."""
    reach = chosen.reach
    held = await search.held()
    shown = search.shown
    score = shown.score(held) if shown is not None else reach.check(search.message, held)
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
    if chosen.question.declined:
        async for event in search.instead(chosen.held):
            yield event
        return
    held, refusals = chosen.held, list[Said]()
    if held is None:
        marked = stands_in(chosen.routing, chosen.question, chosen.reach.policy)
        async with aclosing(search.by_device(marked=marked, refusals=refusals)) as events:
            async for event in events:
                yield event
        if not refusals:
            return
        held = refusals[-1]
    if held.declined:
        async for event in by_declining(search, chosen, held, _shut_out(chosen.question)):
            yield event
        return
    search.found.unverified = _is_doubted(chosen.routing)
    yield search.said_own(held.text)


def _shut_out(question: Question) -> Words | None:
    """What keeps the device from a cloud that might have known more, where its owner can mend it:
    a consent for what is sensitive, the key or the model, or the disk that does not take what
    clouds cost."""
    if question.allowance.lost and question.mode is not Mode.DEVICE_ONLY and question.endpoints:
        return UNCOUNTED
    if (kept := kept_back(question)) is not None:
        return filled(_KEPT_BACK, kept)
    told = {NO_KEY: _NO_KEY, REFUSED: _REFUSED_THERE}
    found = (one for one in question.health if one.open and one.why in told)
    one = next(found, None) if question.mode is not Mode.DEVICE_ONLY else None
    return told[one.why].filled(cloud=one.endpoint) if one is not None else None


async def _by_refusing(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    line = chosen.routing.stages[-1].words
    why = Words(line.en.rpartition(": ")[2], line.zh.rpartition("：")[2])
    yield search.told(filled(_REFUSED, why))


def _is_doubted(routing: Routing) -> bool:
    """Whether the last check found the answer in doubt, and it stayed for want of a better one."""
    last = routing.stages[-1]
    wrong = last.values.get("wrong")
    doubted = isinstance(wrong, float) and wrong >= (last.threshold or 0.0)
    return routing.margin is not None and last.name == "answer" and doubted


_WAYS: dict[Way, Callable[[Search, Chosen], AsyncGenerator[Event, None]]] = {
    Way.DEVICE: _by_device,
    Way.CLOUD: by_cloud,
    Way.DELEGATE: by_delegate,
    Way.AGENT: by_cloud,  # a question needs no tools; tasks have their own way (`help.py`)
    Way.QUEUE: by_queue,
    Way.ASK: by_asking,
    Way.REFUSE: _by_refusing,
}
_KEPT_BACK = Words(" No cloud was asked: {why}.", "没有询问云端：{why}。")
_NO_KEY = Words(
    " The key of {cloud} can not be used: see `edgewise clouds`.",
    "{cloud} 的密钥不可用：见 edgewise clouds。",
)
_REFUSED_THERE = Words(
    " {cloud} refused the key or the model: see `edgewise clouds`.",
    "{cloud} 拒绝了密钥或模型：见 edgewise clouds。",
)
_REFUSED = Words("I can not answer that: {why}.", "这个问题无法回答：{why}。")
