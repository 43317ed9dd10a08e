"""A cloud plans, the device reads: the documents stay, short answers to the cloud's jobs leave.

After MinionS (HazyResearch/minions). Each message is a payload of its own: redacted, and asked for
anew whether it may go. How much of the documents leaves in all is bounded and recorded
(`Delegated`). Of what comes back jobs and words are read, nothing else (`route.delegation`).
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from edgewise.agent.cloud_events import came, left
from edgewise.agent.reach import CloudSaid
from edgewise.agent.reader import Finding, Reader
from edgewise.agent.search import Chosen, Search, unreached
from edgewise.core.event import Delegated, Event
from edgewise.core.label import Label, join
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.delegation import (
    INSTRUCTION,
    LAST,
    MOST_JOBS,
    MOST_ROUNDS,
    Plan,
    as_said,
    plan_of,
    results_of,
)
from edgewise.route.payload import Part, Turn

LEAST_SENT = 0.4
"""A sentence that is worth less stays: a person at the device sees that it misses the question, a
cloud would only have been told something that nobody asked for."""
READ_SHARE = 0.6
"""Of the time that is left, for the jobs of one round: the cloud needs some, too."""


@dataclass(slots=True)
class _Work:
    """One delegation under way: the jobs of each round with what was found, and what it took."""

    search: Search
    reader: Reader
    share: float
    jobs: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    findings: list[Finding] = field(default_factory=list[Finding])
    rounds: int = 0
    left_bytes: int = 0
    sent_bytes: int = 0
    failed: str = ""
    answer: str = ""

    def turns(self) -> tuple[list[Turn], int]:
        """The next message, and how many bytes of the documents stand in it."""
        message = self.search.message
        language, label = message.language, message.label
        turns = [
            Turn(Part.INSTRUCTION, INSTRUCTION.said_in(language)),
            Turn(Part.USER, message.text, label),
        ]
        if not self.jobs:
            return turns, 0
        every = tuple(job for jobs in self.jobs for job in jobs)
        is_last = self.rounds + 1 >= MOST_ROUNDS
        allowed = int(self.share * self.reader.size_bytes) - self.left_bytes
        found = [(*one.said, *one.quotes) for one in self.findings]
        results = results_of(found, allowed if is_last else allowed // 2)
        if not results.document_bytes:
            results = results_of(found, allowed)
        turns.append(Turn(Part.ASSISTANT, as_said(every), label))
        turns.append(Turn(Part.DOCUMENT, results.text, self.label))
        if is_last:
            turns.append(Turn(Part.USER, LAST.said_in(language), label))
        return turns, results.document_bytes

    @property
    def label(self) -> Label:
        """That of whatever is made of the documents."""
        return join(one.label for one in self.reader.documents)

    def delegated(self, endpoint: str) -> Delegated:
        """The event of it."""
        return self.search.mark(
            Delegated,
            endpoint=endpoint,
            rounds=self.rounds,
            jobs=sum(len(jobs) for jobs in self.jobs),
            pieces=sum(one.pieces for one in self.findings),
            document_bytes=self.reader.size_bytes,
            left_bytes=self.left_bytes,
            sent_bytes=self.sent_bytes,
            allowed=self.share,
            failed=self.failed,
            took_ms=self.search.mark.lap_ms(),
        )


async def by_delegate(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """The events of it. Whatever fails ends in what the device found, marked."""
    assert search.reader is not None, "only what has a document is delegated"
    endpoint = chosen.routing.endpoint
    work = _Work(search, search.reader, chosen.reach.policy.delegate_share)
    while not work.answer and not work.failed:
        plan = Plan()
        async with aclosing(_round(work, chosen, endpoint)) as events:
            async for event in events:
                if isinstance(event, Plan):
                    plan = event
                else:
                    yield event
        if not work.failed:
            await _follow(work, plan)
    yield work.delegated(endpoint)
    if work.answer:
        search.found.source = endpoint
        yield search.said(work.answer)
        if missing := search.reader.missing(work.answer):
            search.found.unverified = True
            yield search.told(_NOT_THERE.filled(missing=", ".join(missing)))
        return
    async for event in _instead(work, chosen):
        yield event


async def _round(work: _Work, chosen: Chosen, endpoint: str) -> AsyncGenerator[Event | Plan, None]:
    """Send what is known so far, and read the plan that comes back."""
    search, reach = work.search, chosen.reach
    turns, document_bytes = work.turns()
    if not document_bytes and any(one.quotes for one in work.findings):
        work.failed = "over_share"  # what was found is more of so short a document than may leave
        return
    try:
        outgoing = reach.outgoing_turns(
            *(search.session.name, turns, chosen.question, endpoint), _said_before(search)
        )
    except EdgewiseError as error:  # fail closed: nothing left
        work.failed = error.code
        yield came(search.mark, endpoint, CloudSaid(failed=error.code))
        return
    if not reach.may_leave(chosen.question, endpoint):
        work.failed = "consent_withdrawn"
        yield came(search.mark, endpoint, CloudSaid(failed=work.failed))
        return
    work.rounds += 1
    work.left_bytes += document_bytes
    work.sent_bytes += len(outgoing.body)
    yield left(search.mark, outgoing)
    ended: list[CloudSaid] = []
    sending = reach.send(
        outgoing,
        turn=f"{search.mark.turn}.{work.rounds}",  # a round is a request of its own
        deadline_s=search.left_s,
        note=ended.append,
        as_written=True,  # it is read as JSON, and a value with a quote in it would break that
    )
    async with aclosing(sending) as pieces:
        reply = "".join([piece async for piece in pieces])
    said = ended[-1] if ended else CloudSaid(failed="cloud_broken")
    work.failed = said.failed
    search.draw(outgoing.label)
    yield came(search.mark, endpoint, said)
    plan = plan_of(reply)
    jobs = tuple(reach.put_back(outgoing, job) for job in plan.jobs)
    yield Plan(jobs, reach.put_back(outgoing, plan.answer))


def _said_before(search: Search) -> list[str]:
    """The words of the talk; none of them go with what is about a document."""
    return [words for one in search.session.exchanges for words in (one.text, one.answer)]


async def _follow(work: _Work, plan: Plan) -> None:
    """Take the answer, or have the device do the jobs. Before anything was looked up nobody knows
    an answer, so then the person's question is the job."""
    if plan.answer and work.jobs:
        work.answer = plan.answer
        return
    if work.rounds >= MOST_ROUNDS or (work.jobs and not plan.jobs):
        work.failed = "no_answer"
        return
    jobs = plan.jobs or (work.search.message.text,)
    done = {job for jobs in work.jobs for job in jobs}
    jobs = tuple(job for job in jobs if job not in done)[:MOST_JOBS]
    if not jobs:
        work.failed = "no_answer"
        return
    until_s = work.search.left_s * READ_SHARE / len(jobs)
    work.findings += [
        await work.reader.do(job, deadline_s=until_s, most=1, least=LEAST_SENT) for job in jobs
    ]
    work.jobs.append(jobs)


async def _instead(work: _Work, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """What the device found for the jobs, where there were any; else its own answer."""
    search = work.search
    if any(one.quotes for one in work.findings):
        search.found.unverified = True
        yield search.told(_BROKE_OFF)
        yield search.said(work.reader.told(*work.findings))
        return
    without = unreached(chosen.routing.endpoint, work.failed)
    async for event in search.instead(chosen.held, without=without):
        yield event


_NOT_THERE = Words(
    " (Not in the document: {missing}.)",
    "（文档中没有：{missing}。）",
)
_BROKE_OFF = Words(
    "(The cloud gave no answer; this is what the device found.) ",
    "（云端没有给出回答，以下是本机查到的内容。）",
)
