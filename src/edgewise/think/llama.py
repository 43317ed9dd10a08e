"""A small language model on the device, in a process of its own: the device's side of it.

The process (`llama_process`) starts with the first question and is ended when nobody asked for a
while, which gives its memory back. One question is answered at a time, a few may wait. Whatever
the process does (crash, hang, nonsense), it costs at most one answer: it is killed by its id and
started again with the next question.

What the model writes passes a `Wording`; nothing here or after it reads a call in the text.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.think.chat import ChatPrompt, ChatTurn, Note, Role, Said, unnoted
from edgewise.think.honesty import NOT_BY_GUESS, can_do_harm
from edgewise.think.llama_child import LlamaChild, LlamaSettings
from edgewise.think.llama_wire import (
    Cancel,
    Ending,
    Failed,
    Failure,
    Finished,
    Generate,
    Piece,
    Ready,
)
from edgewise.think.screen import neutral
from edgewise.think.wording import Wording

LONGEST_TOKEN_CHARACTERS = 16  # more than this a token rarely holds; the model counts exactly


class LlamaModel:
    """A `ChatModel` over one process; make and use it in one event loop, and `close` it."""

    def __init__(self, settings: LlamaSettings) -> None:
        self.last: Finished | None = None
        self.loaded: Ready | None = None
        self._settings = settings
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._number = 0
        self._child: LlamaChild | None = None
        self._starting: asyncio.Task[LlamaChild] | None = None
        self._settling: set[asyncio.Task[None]] = set()
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def languages(self) -> tuple[Language, ...]:
        return self._settings.languages

    @property
    def process_id(self) -> int | None:
        """The process's id while it runs."""
        return self._child.process.pid if self._child is not None else None

    async def reply(
        self,
        prompt: ChatPrompt,
        *,
        deadline_s: float,
        max_tokens: int,
        note: Note = unnoted,
        writing: "Writing | None" = None,
    ) -> AsyncIterator[str]:
        """See `ChatModel.reply`. Waiting and loading count towards `deadline_s`; an answer that it
        cuts short ends in "…". What becomes of the answer is told in `writing`. Codes of
        ModelError: `model_missing`, `model_busy`, `model_refused`, `model_empty`,
        `model_timed_out`, `model_crashed`, `model_closed`."""
        writing, given = writing or Writing(), self._settings
        turns = _usable(prompt, given, deadline_s, max_tokens)
        if given.small and can_do_harm(turns[-1].text):
            text = NOT_BY_GUESS.said_in(prompt.language)
            note(Said(text, declined=True))
            yield text
            return
        began = asyncio.get_running_loop().time()
        deadline = began + deadline_s
        await self._take_turn(deadline)
        writing.ended.clear()
        wording = Wording(
            prompt.language,
            turns[-1].text,
            small=given.small,
            only_sure=given.only_sure,
            as_written=given.as_written,
        )
        # So small a model answers best without instructions and history.
        system, turns = ("", turns[-1:]) if given.only_sure else (prompt.system, turns)
        try:
            shown: list[str] = []
            refusal = ""
            sure: list[float] = []
            pieces = self._pieces(writing, system, turns, max_tokens, deadline)
            async with aclosing(pieces):
                async for piece in pieces:
                    sure.append(piece.log_probability)
                    text = wording.feed(piece.text, piece.log_probability)
                    if wording.declined:  # known before it is heard
                        refusal = text
                    elif text:
                        shown.append(text)
                        yield text
                    if wording.ended:
                        break
            writing.is_cut = not wording.ended and writing.reached_limit
            rest = refusal or wording.finish(cut=writing.is_cut)
            took_s = asyncio.get_running_loop().time() - began
            told = tuple(sure) if _tells_surety(given) else ()
            note(Said("".join((*shown, rest)), told, wording.declined, took_s))
            if rest:
                yield rest
            if wording.empty:
                raise ModelError(f"{self.name} wrote nothing; ask differently", code="model_empty")
        except ModelError:
            if self._closed:
                raise self._gone() from None
            raise
        except TimeoutError:
            if wording.empty:
                raise self._too_late(deadline_s) from None
            writing.is_cut = True
            yield wording.mark
        finally:
            self._settle(writing)

    async def close(self) -> None:
        """End the process; waiting and later questions are refused."""
        self._closed = True
        await self._unload()
        if self._settling:
            await asyncio.wait(list(self._settling))

    async def _pieces(
        self,
        writing: "Writing",
        system: str,
        turns: tuple[ChatTurn, ...],
        max_tokens: int,
        deadline: float,
    ) -> AsyncGenerator[Piece]:
        """The model's own pieces. Raises TimeoutError at the deadline."""
        child = writing.child = await self._running(deadline)
        while True:
            self._number += 1
            writing.id = self._number
            limit = min(max_tokens, self._settings.context_tokens)
            heat, likely = self._settings.temperature, _tells_surety(self._settings)
            await child.send(Generate(writing.id, system, turns, limit, heat, likely), deadline)
            while True:
                report = await child.receive(writing.id, deadline)
                if isinstance(report, Piece):
                    yield report
                    continue
                writing.id = 0
                if isinstance(report, Finished):
                    self.last = writing.finished = report
                    return
                turns = self._fewer(turns, report)
                break

    def _fewer(self, turns: tuple[ChatTurn, ...], failed: Failed) -> tuple[ChatTurn, ...]:
        """The newer part of a conversation that was too long; raises what else the failure is."""
        if failed.failure is not Failure.TOO_LONG:
            raise ModelError(f"{self.name} refused: {failed.message}", code="model_refused")
        if len(turns) == 1 or self._settings.as_written:
            raise UserError(
                f"the text is too long for {self.name}: {failed.prompt_tokens} tokens, at most "
                f"{failed.limit_tokens}; shorten it",
                code="prompt_too_long",
            )
        return _from_user(turns[1:])

    async def _take_turn(self, deadline: float) -> None:
        if self._closed:
            raise self._gone()
        if self._waiting >= self._settings.most_waiting:
            raise ModelError(
                f"{self._waiting} questions already wait for {self.name}, at most "
                f"{self._settings.most_waiting} may; ask again in a moment",
                code="model_busy",
            )
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._turn.acquire()
        except TimeoutError:
            raise self._too_late(None) from None
        finally:
            self._waiting -= 1
        if self._closed:
            self._turn.release()
            raise self._gone()

    async def _running(self, deadline: float) -> LlamaChild:
        """The process, started if there is none; one that is still loading at the deadline goes on
        and serves the next question."""
        if self._idle is not None:
            self._idle.cancel()
        if self._child is not None and not self._child.ended:
            return self._child
        self._child = None
        if self._starting is None:
            self._starting = asyncio.create_task(LlamaChild.start(self._settings))
            self._starting.add_done_callback(_look_at)
        loop = asyncio.get_running_loop()
        done, _ = await asyncio.wait([self._starting], timeout=max(0.0, deadline - loop.time()))
        if not done:
            raise TimeoutError
        task, self._starting = self._starting, None
        if task.cancelled():
            raise self._gone()
        self._child = task.result()
        self.loaded = self._child.ready
        return self._child

    def _settle(self, writing: "Writing") -> None:
        """Free the turn once nothing of this answer is under way any more."""
        if writing.child is None or not writing.id:
            self._release()
            writing.ended.set()
            return
        task = asyncio.create_task(self._stop(writing, writing.child))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _stop(self, writing: "Writing", child: LlamaChild) -> None:
        """Have an unwanted answer stop; kill the process when it does not."""
        deadline = asyncio.get_running_loop().time() + self._settings.grace_s
        try:
            await child.send(Cancel(writing.id), deadline)
            while isinstance(report := await child.receive(writing.id, deadline), Piece):
                pass
            if isinstance(report, Finished):
                self.last = writing.finished = report
        except (TimeoutError, ModelError):
            await child.end(at_once=True)
        finally:
            self._release()
            writing.ended.set()

    def _release(self) -> None:
        self._turn.release()
        if not self._closed and not self._waiting:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._settings.idle_s, self._rest)

    def _rest(self) -> None:
        if self._turn.locked() or self._waiting:
            return
        task = asyncio.create_task(self._unload())
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _unload(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        child, self._child = self._child, None
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            await asyncio.wait([starting])
        if child is not None:
            await child.end()

    def _too_late(self, deadline_s: float | None) -> ModelError:
        given = f" within {deadline_s:g} s" if deadline_s is not None else " in time"
        return ModelError(
            f"{self.name} gave no answer{given}; ask for something shorter, or allow it more time",
            code="model_timed_out",
        )

    def _gone(self) -> ModelError:
        return ModelError(f"{self.name} was closed; start the device again", code="model_closed")


@dataclass(slots=True)
class Writing:
    """One answer under way: its process, the id of an order not yet ended, and what it took.

    `ended` is set unless the process may write on it yet; `finished` is there then, unless the
    process was lost. `is_cut`: its limit of tokens or time ended it.
    """

    child: LlamaChild | None = None
    id: int = 0
    is_cut: bool = False
    finished: Finished | None = None
    ended: asyncio.Event = field(default_factory=lambda: _set(asyncio.Event()))

    @property
    def reached_limit(self) -> bool:
        return self.finished is not None and self.finished.ending is Ending.LENGTH


def _set(event: asyncio.Event) -> asyncio.Event:
    event.set()
    return event


def _tells_surety(settings: LlamaSettings) -> bool:
    return settings.tells_surety or settings.only_sure


def _usable(
    prompt: ChatPrompt, settings: LlamaSettings, deadline_s: float, max_tokens: int
) -> tuple[ChatTurn, ...]:
    """The part of a conversation that may fit, without tokens of a template. Raises UserError."""
    if not (math.isfinite(deadline_s) and deadline_s > 0):
        raise UserError(f"deadline_s is {deadline_s}; give a time above 0 s")
    if max_tokens < 1:
        raise UserError(f"max_tokens is {max_tokens}; give at least 1")
    if not prompt.turns or prompt.turns[-1].role is not Role.USER:
        raise UserError("a prompt must end with what the user said")
    most_characters = settings.context_tokens * LONGEST_TOKEN_CHARACTERS
    texts = prompt.turns if settings.as_written else prompt.turns[-1:]
    if (length := sum(len(turn.text) for turn in texts)) > most_characters:
        raise UserError(
            f"the text is too long for {settings.name}: {length} characters, at most "
            f"{most_characters}; shorten it",
            code="prompt_too_long",
        )
    kept: list[ChatTurn] = []
    for turn in reversed(prompt.turns):
        most_characters -= len(turn.text)
        if most_characters < 0:
            break
        kept.append(ChatTurn(turn.role, neutral(turn.text)))
    return _from_user(tuple(reversed(kept)))


def _from_user(turns: tuple[ChatTurn, ...]) -> tuple[ChatTurn, ...]:
    """From the first line on that a user said; the last one is."""
    while turns[0].role is not Role.USER:
        turns = turns[1:]
    return turns


def _look_at(task: asyncio.Task[LlamaChild]) -> None:
    """Keep a failed start from being reported as forgotten when nobody waited for it."""
    if not task.cancelled():
        task.exception()
