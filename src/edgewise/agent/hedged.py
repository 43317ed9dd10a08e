"""A cloud's answer, and the device's own beside it where the cloud does not begin as it nearly
always does; who begins first gives the words, the other is ended.

The cloud is given no more time than leaves the device's own answer its place before the deadline.
What the device held already is the second way where it has one: it is at once there. A hedge never
stands in for what has tools (`think/hedge.py`), nor where the device may not answer.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from msgspec.structs import replace

from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.agent.search import Chosen, Search
from edgewise.core.place import Mode, Way
from edgewise.route.ability import device_can_not_read, health_of
from edgewise.think.chat import Said
from edgewise.think.hedge import HedgeQuestion, Race, Runner, hedge_after_s

HELD_S = 0.2
"""What it takes to say an answer that is there already."""
UNMEASURED_S = 5.0
"""What is kept for a device's answer before one was measured: the embedded model's took up to 4.5 s
on two busy cores, half of them less than 0.9 s (`benchmarks/recordings/pair.jsonl`)."""
SLACK, LEAST_S = 1.5, 0.5
"""So many times the measured time is kept, and no less than this: who comes back from a cloud that
is silent comes back together with others, and their answers are written beside each other. Both
are assumed, not measured: how many come back at once is a matter of the device."""
_BROKEN = CloudSaid(failed="cloud_broken")


class Hedged:
    """The words of one cloud's answer, or of the device's own (`is_own`); iterate it once, or close
    it. `said`, `is_hedged` and the device's `refusal`, where it declined, are known when it has
    come to its end."""

    def __init__(self, search: Search, chosen: Chosen, outgoing: Outgoing) -> None:
        self._search, self._chosen, self._outgoing = search, chosen, outgoing
        self._ended: list[CloudSaid] = []
        self.refusal: Said | None = None
        hedges = chosen.reach.hedges
        if chosen.routing.way is Way.CLOUD:
            hedges.called()
        after_s = hedge_after_s(self._question(hedges.left))
        self._race = Race(self._cloud, self._own, after_s, hedges.take)

    @property
    def is_own(self) -> bool:
        """Whether the words are the device's own."""
        return self._race.winner is Runner.SECOND

    @property
    def is_hedged(self) -> bool:
        """Whether the device's own answer was started beside the cloud's."""
        return self._race.is_hedged

    @property
    def said(self) -> CloudSaid:
        """How the cloud's answer ended, also one that was ended for the device's."""
        return self._ended[-1] if self._ended else _BROKEN

    def __aiter__(self) -> AsyncIterator[str]:
        return self._race

    async def aclose(self) -> None:
        """Ask no more of either."""
        await self._race.aclose()

    def _question(self, left: int) -> HedgeQuestion:
        chosen, question = self._chosen, self._chosen.question
        cloud = next(one for one in question.endpoints if one.name == self._outgoing.endpoint)
        return HedgeQuestion(
            health_of(question, cloud).begins_p95_s,
            self._search.left_s,
            left,
            has_second=_has_own(self._search, chosen),
            has_tools=chosen.routing.way is not Way.CLOUD or question.need.tools,
            second_s=own_s(self._search, chosen),
        )

    async def _cloud(self) -> AsyncGenerator[str, None]:
        sending = self._chosen.reach.send(
            self._outgoing,
            turn=self._search.mark.turn,
            deadline_s=cloud_s(self._search, self._chosen),
            note=self._ended.append,
        )
        async with aclosing(sending) as pieces:
            async for piece in pieces:
                yield piece

    async def _own(self) -> AsyncGenerator[str, None]:
        """The device's own answer; nothing where it declines, as that is none."""
        held = self._chosen.held
        if held is not None:
            yield held.text
            return
        told: list[Said] = []
        has_begun = False
        async with aclosing(self._search.own(told)) as pieces:
            async for piece in pieces:
                if not has_begun and told and told[-1].declined:
                    self.refusal = replace(told[-1], text=piece)
                    return
                has_begun = True
                yield piece


def cloud_s(search: Search, chosen: Chosen) -> float:
    """How long a cloud may take, so that the device's own answer has its place behind it; never
    less than half of what is left."""
    return search.left_s - min(own_s(search, chosen), search.left_s / 2)


def own_s(search: Search, chosen: Chosen) -> float:
    """What the device's own answer takes, seconds; 0 where it has none to give."""
    if chosen.held is not None:
        return HELD_S
    if not search.home.mind.chat_name:
        return 0.0
    measured_s = chosen.question.condition.p95_s
    return max(LEAST_S, SLACK * measured_s) if measured_s > 0 else UNMEASURED_S


def _has_own(search: Search, chosen: Chosen) -> bool:
    """Whether the device may answer beside the cloud, and can."""
    if chosen.question.mode is Mode.CLOUD_ONLY:
        return False
    if chosen.held is not None:
        return not chosen.held.declined
    if search.shown is not None:
        return False
    return bool(search.home.mind.chat_name) and device_can_not_read(chosen.question) is None
