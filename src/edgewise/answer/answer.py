"""The answer step: what the person is told, and how, from what really happened.

It sees the results and never the intentions, so it cannot claim what was not read back. How results
become phrases is `phrase.py`; whether it is a moment to speak, `manner.py`; what may be
neither spoken nor shown, `withheld.py`.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from edgewise.answer.manner import cap_for_driving, is_moving, is_private, manner_of
from edgewise.answer.phrase import intended, joined, phrase, written
from edgewise.answer.withheld import withheld
from edgewise.core.call import Call, Effect, Result, Status
from edgewise.core.capability import Capability
from edgewise.core.event import Manner, PendingCall
from edgewise.core.label import OriginKind
from edgewise.core.message import Message
from edgewise.core.signal import Snapshot
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words


class Outcome(Struct, frozen=True):
    """A turn's message and thought, its calls with their results in the order finished, the free
    text of the model, the calls that need a yes with exactly what they would write, and what to say
    of a question that was open before and is void."""

    message: Message
    thought: Thought
    calls: tuple[Call, ...]
    results: tuple[Result, ...]
    said: str = ""
    pending: tuple[PendingCall, ...] = ()
    dropped: Words | None = None


class Reply(Struct, frozen=True):
    """What to say, how it may be given, and whether it is personal: so is saying it again."""

    text: str
    manner: Manner = Manner.ALOUD
    private: bool = False


def needs_words(thought: Thought) -> bool:
    """Whether only a language model can answer: an open question or chat without calls."""
    return (
        not thought.calls
        and not thought.fixed
        and thought.question is None
        and thought.kind in (MessageKind.CHAT, MessageKind.QUESTION)
    )


def answer(outcome: Outcome, capabilities: Sequence[Capability], snapshot: Snapshot) -> Reply:
    """The reply to `outcome` in the language of its message."""
    language = outcome.message.language
    by_name = {capability.name: capability for capability in capabilities}
    calls = {call.id: call for call in outcome.calls}
    manner = manner_of(outcome.results, by_name, snapshot, outcome.message.speaker.zone)
    unseen = manner is Manner.QUIET and is_moving(snapshot)
    sentences = _told_once(
        (
            (unseen and withheld(result, language))
            or phrase(result, calls.get(result.call), by_name.get(result.capability), language),
            result,
        )
        for result in outcome.results
        if result.status is not Status.ASKED
    )
    if outcome.pending:
        sentences.append(_ask(outcome.pending, by_name, language))
    if outcome.thought.question is not None:
        sentences.append(outcome.thought.question.said_in(language))
    if outcome.said:
        sentences.append(outcome.said.strip())
    if not any(sentences) and outcome.thought.fixed != "overheard":
        sentences.append(_FIXED.get(outcome.thought.fixed, _NOT_UNDERSTOOD).said_in(language))
    if outcome.dropped is not None:
        at = 0 if outcome.pending else len(sentences)  # not between a question and its yes
        sentences.insert(at, outcome.dropped.said_in(language))
    text = joined(sentences, language)
    return Reply(
        cap_for_driving(text, snapshot, language),
        manner,
        is_private(outcome.results, by_name),
    )


def _told_once(told: Iterable[tuple[str, Result]]) -> list[str]:
    """The sentences; two orders refused for one reason hear it once."""
    sentences: list[str] = []
    for sentence, result in told:
        if result.status is Status.DONE or sentence not in sentences:
            sentences.append(sentence)
    return sentences


def _ask(pending: Sequence[PendingCall], by_name: dict[str, Capability], language: Language) -> str:
    whole: list[tuple[str, tuple[Effect, ...]]] = []
    reasons: list[str] = []
    for waiting in pending:
        capability = by_name.get(waiting.call.capability)
        what = intended(waiting.call, capability, language)
        exactly = written(waiting.call, waiting.effects, language)
        said = f"{what} → {exactly}" if exactly else what
        if (said, waiting.effects) not in whole:  # the same writes are told once
            whole.append((said, waiting.effects))
        reasons += [words.said_in(language) for words in _why(waiting)]
    what = ("；" if language is Language.CHINESE else "; ").join(said for said, _ in whole)
    why = joined(list(dict.fromkeys(reasons)), language)
    return _CONFIRM.said_in(language).format(what=what, why=why).strip()


def _why(waiting: PendingCall) -> list[Words]:
    """What its rules say; one sentence where a model chose the call and no rule asks for more."""
    chosen = any(
        origin.kind is OriginKind.MODEL
        for label in waiting.call.labels.values()
        for origin in label.origins
    )
    if chosen and {rule.id for rule in waiting.rules} <= _OF_A_MODEL:
        return [_SUGGESTED]
    return [rule.words for rule in waiting.rules]


_OF_A_MODEL = frozenset({"R33-origin", "R00-program-asks", "R00-own-tool"})
_SUGGESTED = Words(
    "A language model suggests this, not you, so I ask first.",
    "这是语言模型的建议，不是您本人说的，我先确认一下。",
)
YES_NO = Words(" (yes / no)", "（确认 / 取消）")
"""How a question may be answered: behind one that is read, and not spoken."""
_CONFIRM = Words(
    "{why} Shall I go ahead: {what}?" + YES_NO.en, "{why}要继续吗：{what}？" + YES_NO.zh
)
_NOT_UNDERSTOOD = Words(
    "I did not understand that. You can say, for example: open the driver's window.",
    "我没听懂。您可以说，例如：打开主驾车窗。",
)
_FIXED = {
    "stop": Words("Stopped.", "已停止。"),
    "cancel": Words("Cancelled.", "已取消。"),
    "deny": Words("All right, I won't.", "好的，不执行。"),
    "confirm": Words("Done.", "好了。"),
    "repeat": Words("I have not said anything yet.", "我还没说过什么。"),
}
