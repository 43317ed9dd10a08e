"""Conversations by sound with this device: its ears, its voice and its agent, one for each caller.

Ears and voice are the machine's, and shared; everything else of a conversation is its own. Turns
count as the caller's (`limits.py`), but not a person's urgent words. A device without ears or voice
converses in writing.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from edgewise.agent.agent import Agent
from edgewise.core.clock import Clock, SystemClock
from edgewise.core.zone import Zone
from edgewise.device.callers import Caller
from edgewise.device.limits import Limits
from edgewise.device.senses import Senses
from edgewise.device.shown import Shown
from edgewise.device.sight import Sight
from edgewise.device.wire import ApiError
from edgewise.errors import UserError
from edgewise.hosting.board import Board
from edgewise.hosting.talk_mind import TalkMind, asked_items
from edgewise.talk.attending import check_waking
from edgewise.talk.conversation import Conversation
from edgewise.talk.microphones import Channel
from edgewise.talk.mind import Answer, Mind, Question
from edgewise.talk.own_voice import Echo
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.session import Offer
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Talk
from edgewise.talk.waking import Waking
from edgewise.talk.written import NoActivity, NoEars

MODEL = "edgewise"
NO_TOOLS = (
    "this device answers with its own functions, under its policy, and asks for none of a client's;"
    " leave tools out, or use the platform's /v1/realtime for a model that calls them"
)
NO_EARS = "this device has no ears; install them: pip install 'edgewise[hear]', edgewise models"
NO_VOICE = "this device has no voice; install it: pip install 'edgewise[speak]', edgewise models"


class Conversations:
    """Opens conversations; implements `realtime_door.Opens`."""

    def __init__(
        self,
        agent: Agent,
        board: Board,
        limits: Limits,
        senses: Senses,
        clock: Clock | None = None,
        sight: Sight | None = None,
    ) -> None:
        """`sight`: conversations may come with pictures."""
        self._sight = sight
        self._agent = agent
        self._board = board
        self._limits = limits
        self._senses = senses
        self._clock = clock or SystemClock()

    @property
    def offer(self) -> Offer:
        """What a client may ask."""
        senses = self._senses
        return Offer(
            MODEL,
            voices=senses.voices,
            tools=False,
            no_tools=NO_TOOLS,
            instructs=False,
            no_ears="" if senses.ears is not None and senses.activity is not None else NO_EARS,
            no_voice="" if senses.voice is not None else NO_VOICE,
            words=senses.words(),
            names=senses.vocabulary().names,
        )

    @property
    def sees(self) -> bool:
        """Whether pictures are taken."""
        return self._sight is not None and self._sight.sees

    def mind(
        self,
        caller: Caller,
        session: str,
        typed: Zone | None = None,
        pictures: Pictures | None = None,
    ) -> Mind:
        """Who answers `caller` in the agent's `session`; `typed` is the seat of who types,
        `pictures` are those that a client puts into the conversation."""
        shown = None
        if pictures is not None and self._sight is not None:
            shown = Shown(self._sight, pictures)
        mind = TalkMind(
            self._agent, self._board, session,
            typed=typed, is_program=caller is Caller.PROGRAM, shown=shown,
        )  # fmt: skip
        return _Counted(mind, self._limits, caller)

    async def open(
        self,
        caller: Caller,
        zone: Zone | None,
        session: str,
        typed: Zone | None = None,
        *,
        wake: bool | None = None,
        echo: bool = False,
        waking: Waking | None = None,
        seats: Sequence[Zone | None] = (),
        pictures: Pictures | None = None,
    ) -> Talk:
        """A conversation of `caller` in the agent's `session`: `zone` is where the microphone is,
        `typed` the seat of who types. `wake`: only what follows the wake word is for the device;
        None: where one is set up, or `waking` is another one's. `echo`: the microphone hears the
        loudspeaker, and nothing cancels that. `seats`: there are several microphones, one at each,
        in place of the one at `zone`. `pictures` are where those of a client wait. Raises
        UserError (`no_wake_word`), ModelError, TrustError where what listens can not be loaded."""
        senses = self._senses
        channels = [
            await self._channel(seat, waking, wakes=wake is not False, echo=echo)
            for seat in seats or (None,)
        ]
        waking = channels[0].waking
        wakes = waking is not None if wake is None else wake
        settings = Settings(
            senses.language,
            speaks=senses.voice is not None,
            vocabulary=senses.vocabulary(),
            zone=zone,
            wake=wakes,
        )
        check_waking(settings, waking)
        return Conversation(
            senses.ears or NoEars(NO_EARS),
            senses.voice,
            self.mind(caller, session, typed, pictures),
            self._clock,
            settings,
            channels=channels,
        )

    async def _channel(
        self, seat: Zone | None, waking: Waking | None, *, wakes: bool, echo: bool
    ) -> Channel:
        """What listens at one microphone. Raises UserError, ModelError, TrustError."""
        senses = self._senses
        if senses.ears is None or senses.activity is None:
            return Channel(NoActivity(), waking, zone=seat)
        activity = await asyncio.to_thread(senses.activity)
        if waking is None and wakes:
            waking = await asyncio.to_thread(senses.waking)
        own = await asyncio.to_thread(_echo) if echo else None
        return Channel(activity, waking, own, seat)


def _echo() -> Echo:
    from edgewise.perceive.echo import Echo as Judging

    return Judging()


class _Counted:
    """A mind whose answers count as the caller's turns."""

    def __init__(self, mind: Mind, limits: Limits, caller: Caller) -> None:
        self._mind = mind
        self._limits = limits
        self._caller = caller

    async def is_urgent(self, text: str) -> bool:
        return await self._mind.is_urgent(text)

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        said = " ".join(item.text for item in asked_items(question))
        try:
            urgent = await self._mind.is_urgent(said)
            leave = self._limits.enter_turn(self._caller, urgent=urgent)
        except ApiError as error:
            raise UserError(str(error), code=error.problem.code) from error
        answers = self._mind.answer(question)
        try:
            async for answer in answers:
                yield answer
        finally:
            await answers.aclose()
            leave()
