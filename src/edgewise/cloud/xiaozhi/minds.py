"""Who answers a voice device: its agent as soon as that is there; before it is anyone's, the code.

The tools of a device are known only once it has told them, which takes a moment in which a person
may already speak: their words wait for it.
"""

import asyncio
from collections.abc import AsyncGenerator

from edgewise.core.words import Language, Words
from edgewise.errors import LinkError
from edgewise.talk.mind import Answer, Mind, Question, Say

READY_S = 6.0
"""How long words wait for the agent of a device."""


class ComingMind:
    """The mind of a device that is still told what it can do; `set` may be called again."""

    def __init__(self, ready_s: float = READY_S) -> None:
        self._ready_s = ready_s
        self._mind: Mind | None = None
        self._came = asyncio.Event()

    def set(self, mind: Mind) -> None:
        """From now on, this one answers."""
        self._mind = mind
        self._came.set()

    async def is_urgent(self, text: str) -> bool:
        """See `Mind`."""
        return self._mind is not None and await self._mind.is_urgent(text)

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        """See `Mind`. Raises LinkError (`not_ready`)."""
        try:
            async with asyncio.timeout(self._ready_s):
                await self._came.wait()
        except TimeoutError as error:
            told = "the device has not told what it can do; start it anew"
            raise LinkError(told, code="not_ready") from error
        assert self._mind is not None
        async for answer in self._mind.answer(question):
            yield answer


_ACTIVATE = Words(
    "This device has no owner yet. Open your platform's console, choose voice devices, and type"
    " this code: {code}.",
    "这台设备还没有主人。请打开平台的控制台，进入“语音设备”，输入验证码：{code}。",
)


class ActivationMind:
    """Says the code of a device that is nobody's, whatever is asked."""

    def __init__(self, code: str, language: Language) -> None:
        self._code = code
        self._language = language

    async def is_urgent(self, text: str) -> bool:
        """Nothing is: nothing moves."""
        del text
        return False

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        """See `Mind`."""
        del question
        said = _ACTIVATE.said_in(self._language)
        yield Say(said.format(code=" ".join(self._code)))
