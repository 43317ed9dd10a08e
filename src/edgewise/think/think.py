"""The think step: fixed words first, then understanding; a language model only for free text.

What is about the device is told from its capabilities and its past (`self_account`); a language
model is never asked about it. Each part may be missing: without the understanding's weights the
fixed words still work, without a language model open questions are answered honestly (rule 44).
"""

import re
from collections.abc import AsyncIterator, Sequence

from msgspec.structs import replace

from edgewise.core.capability import Capability
from edgewise.core.message import Message
from edgewise.core.thought import Context, Exchange, MessageKind, Thought, Urgency
from edgewise.core.words import Language, Words
from edgewise.errors import EdgewiseError, ModelError
from edgewise.think.chat import ChatModel, ChatPrompt, ChatTurn, Note, Role, Said, unnoted
from edgewise.think.device_words import is_about_device
from edgewise.think.fixed import LONGEST, fixed, without_understanding
from edgewise.think.halt import has_halt
from edgewise.think.persona import IN_CAR, Persona
from edgewise.think.self_account import SelfAccount
from edgewise.think.small_talk import feeling, small_talk
from edgewise.think.talk_before import talk_before
from edgewise.think.understand import Understander
from edgewise.think.understanding.command_model import weights_hash
from edgewise.think.understanding.normalise import normalise
from edgewise.think.wording import CAUTION

MAX_ANSWER_TOKENS = 160
MAX_READ_TOKENS = 64


class Thinking:
    """What thinks on this device. `understander` is `None` where its weights are not installed;
    `missing` then says what to install. `capabilities` are what it can tell of itself."""

    def __init__(
        self,
        understander: Understander | None,
        chat: ChatModel | None,
        missing: str = "",
        capabilities: Sequence[Capability] = (),
        *,
        reads: bool = True,
        persona: Persona = IN_CAR,
    ) -> None:
        """`reads`: whether the language model is good enough to answer from a text before it."""
        self._persona = persona
        self._understander = understander
        self._chat = chat
        self._reads = reads
        self._missing = missing
        self._account = SelfAccount({one.name: one for one in capabilities}, persona)
        self._names = frozenset(capability.name for capability in capabilities)

    @property
    def chat_name(self) -> str:
        """The language model's name, empty when there is none."""
        return self._chat.name if self._chat is not None else ""

    @property
    def chat_languages(self) -> tuple[Language, ...]:
        """The languages the language model can be relied on to answer in."""
        return self._chat.languages if self._chat is not None else ()

    @property
    def model_hash(self) -> str:
        """SHA-256 of the weights that understand, empty when there are none."""
        return weights_hash() if self._understander is not None else ""

    def understand(self, text: str, context: Context) -> Thought:
        """Calls from words; fixed words need no model."""
        look = fixed if self._understander is not None else without_understanding
        thought = look(text, context)
        elsewhere = thought is not None and (
            self._of_home(thought, context) or self._of_page(thought, text, context)
        )
        if thought is not None and not elsewhere:
            return thought
        if not text.strip():
            return Thought(MessageKind.UNKNOWN, question=_EMPTY)
        told = small_talk(text, self._persona) or self._account.at_once(text, context)
        if told is not None:
            return told
        if self._understander is None:
            words = _NO_UNDERSTANDING.filled(missing=self._missing)
            return Thought(MessageKind.UNKNOWN, question=words)
        thought = self._understander.understand(text, context)
        if not thought.calls and (felt := feeling(text, self._persona)) is not None:
            return felt
        if thought.question is not None:
            words = self._persona.instead.get(thought.question, thought.question)
            thought = replace(thought, question=words)
        told = self._account.about(thought, text, context)
        # what else the words may have meant is of use whoever answers them
        return told if told.calls else replace(told, alternatives=thought.alternatives)

    def _of_home(self, thought: Thought, context: Context) -> bool:
        """Whether fixed words mean a car that the device in a home is not: "lights on"."""
        absent = any(call.capability not in self._names for call in thought.calls)
        return context.home is not None and absent and self._understander is not None

    def _of_page(self, thought: Thought, text: str, context: Context) -> bool:
        """Whether "go back", which undoes, is said of the page on the device's screen."""
        reader = self._understander
        return thought.fixed == "undo" and reader is not None and reader.goes_back(text, context)

    def urgency(self, text: str) -> Urgency:
        """Whether `text` must not wait for the turn before it."""
        if len(text) > LONGEST:
            return Urgency.WAITS
        language = Language.CHINESE if re.search("[\u4e00-\u9fff]", text) else Language.ENGLISH
        if has_halt(normalise(text).plain):
            return Urgency.STOPS
        thought = fixed(text, Context(language))
        return _URGENT.get(thought.fixed, Urgency.WAITS) if thought else Urgency.WAITS

    async def converse(
        self,
        message: Message,
        exchanges: Sequence[Exchange],
        *,
        deadline_s: float,
        note: Note = unnoted,
    ) -> AsyncIterator[str]:
        """Free text to an open question, piece by piece; honest words where none can be had. `note`
        is told the whole when it has come to its end."""
        language = message.language
        if (honest := self._without_model(message, exchanges)) is not None:
            note(Said(honest, declined=not is_about_device(message.text)))
            yield honest
            return
        assert self._chat is not None
        said = False
        try:
            prompt = _prompt(self._persona.system, message, exchanges)
            most = MAX_ANSWER_TOKENS
            pieces = self._chat.reply(prompt, deadline_s=deadline_s, max_tokens=most, note=note)
            async for piece in pieces:
                said = True
                yield piece
        except ModelError as error:
            template = _BROKE_OFF if said else _NO_ANSWER
            text = template.said_in(language).format(error=error)
            note(Said(text, declined=True))
            yield text

    async def read(self, piece: str, job: str, language: Language, *, deadline_s: float) -> str:
        """What the language model reads in `piece` that answers `job`; empty where it finds none,
        fails, or there is no model that reads. Whether it stands there, the caller looks."""
        chat = self._chat
        if chat is None or not self._reads or language not in chat.languages:
            return ""
        asked = _READ.said_in(language).format(piece=piece, job=job)
        prompt = ChatPrompt("", (ChatTurn(Role.USER, asked),), language)
        told: list[Said] = []
        try:
            async for _ in chat.reply(
                prompt, deadline_s=deadline_s, max_tokens=MAX_READ_TOKENS, note=told.append
            ):
                pass
        except EdgewiseError:
            return ""
        said = told[-1] if told else Said("", declined=True)
        text = said.text.strip().removeprefix(CAUTION.said_in(language)).strip()
        return "" if said.declined or text.upper().startswith(_NONE) else text

    def _without_model(self, message: Message, exchanges: Sequence[Exchange]) -> str | None:
        """What is said where no model can be asked; `None` where one can."""
        language = message.language
        if is_about_device(message.text):
            return self._persona.unknown.said_in(language)
        if self._chat is None:
            return self._persona.no_model.said_in(language)
        if language in self._chat.languages:
            return None
        words = self._persona.other_language.said_in(language).format(model=self._chat.name)
        known = any(exchange.answer == words for exchange in exchanges)
        return _NOT_THIS_ONE.said_in(language) if known else words

    def warm(self) -> None:
        """Load the understanding's weights now instead of with the first sentence; blocks."""
        if self._understander is not None:
            self._understander.warm()

    def prepare(self) -> None:
        """Build what later sentences would wait for, once there is time; blocks for a second."""
        if self._understander is not None:
            self._understander.prepare()

    async def close(self) -> None:
        """End the language model's process."""
        if self._chat is not None:
            await self._chat.close()


def _prompt(system: Words, message: Message, exchanges: Sequence[Exchange]) -> ChatPrompt:
    turns: list[ChatTurn] = []
    for exchange in talk_before(exchanges):
        turns.append(ChatTurn(Role.USER, exchange.text))
        turns.append(ChatTurn(Role.ASSISTANT, exchange.answer))
    turns.append(ChatTurn(Role.USER, message.text))
    return ChatPrompt(system.said_in(message.language), tuple(turns), message.language)


_URGENT = {
    "stop": Urgency.STOPS,
    "cancel": Urgency.STOPS,
    "emergency": Urgency.NOW,
    "safe": Urgency.NOW,
}
_READ = Words(
    "{piece}\n\nAnswer from the text above alone, in one short sentence; say NONE if it does not"
    " tell: {job}",
    "{piece}\n\n只根据上文，用一句话回答；上文没有就说 NONE：{job}",
)
_NONE = "NONE"
_EMPTY = Words("I heard nothing. What can I do?", "没有听到内容，请问需要什么？")
_NO_UNDERSTANDING = Words(
    "Only fixed words work right now (stop, lights on, lock, emergency call): {missing}",
    "目前只能识别固定口令（停止、开大灯、锁车、紧急呼叫）：{missing}",
)
_NOT_THIS_ONE = Words(
    "That one too needs a cloud or a larger local model (`edgewise models`).",
    "这个也要接入云端或更大的本地模型才能回答（edgewise models）。",
)
_NO_ANSWER = Words("I have no answer right now: {error}", "暂时无法回答：{error}")
_BROKE_OFF = Words(" … (broken off: {error})", "……（回答中断：{error}）")
