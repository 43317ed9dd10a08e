"""No words yet: the person is shown what would leave and asked; and what their answer makes of it.

The yes is for that payload, to that cloud, once: should another come of the question by then, it is
asked about anew. After a no the question stays here, also as part of a later one.
"""

from collections.abc import AsyncGenerator

from edgewise.agent.asked import Asked
from edgewise.agent.by_cloud import outgoing_for
from edgewise.agent.cloud_events import came
from edgewise.agent.reach import CloudSaid, Outgoing, Reach
from edgewise.agent.search import NOT_COUNTED, Chosen, Search, without_words
from edgewise.answer.answer import YES_NO
from edgewise.core.endpoint import Endpoint
from edgewise.core.event import Event, Leaving
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError
from edgewise.route.asked import crosses, declined, is_sensitive, lacks_consent, supposing
from edgewise.route.question import Question


async def by_asking(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """Leave the question in `search.found`; where it can not be made safe, the device answers."""
    if search.shown is not None:
        async for event in by_telling(search, chosen):
            yield event
        async for event in search.instead(chosen.held):
            yield event
        return
    question, name = chosen.question, chosen.routing.endpoint
    endpoint = _named(question, name)
    try:
        outgoing = outgoing_for(search, chosen.reach, supposing(question, endpoint), name)
    except EdgewiseError as error:  # fail closed: there is nothing to ask about
        yield came(search.mark, name, CloudSaid(failed=error.code))
        async for event in search.instead(chosen.held, none=_none(error.code)):
            yield event
        return
    leaving = _leaving(outgoing, question, endpoint)
    search.found.asked = Asked(leaving, search.message, search.session.exchanges, chosen.held)
    words = asks(leaving, with_talk=outgoing.earlier > 0)
    search.found.text = words.said_in(search.message.language)


async def by_telling(search: Search, chosen: Chosen) -> AsyncGenerator[Event, None]:
    """Say which yes is lacking, for what goes on in rounds: no yes to one payload could do; and for
    pictures, which are not kept until the person has answered."""
    asks = chosen.question.mode is Mode.ASK
    never = _NOT_IN_ROUNDS if search.looker is None else _NO_PICTURES
    told = never if asks else _LACKS
    yield search.told(
        told.filled(endpoint=chosen.routing.endpoint, purpose=chosen.question.purpose)
    )


def answered(search: Search, reach: Reach, question: Question) -> Question:
    """`question` with what the person said to it, if they were asked. Raises DeviceError when a
    consent for this once can not be kept."""
    if search.answer is None:
        return question
    if not search.answer.yes:
        return declined(question)
    shown = search.answer.asked.leaving
    endpoint = next((one for one in question.endpoints if one.name == shown.endpoint), None)
    if endpoint is None:
        return question
    try:
        supposed = supposing(question, endpoint)
        now = outgoing_for(search, reach, supposed, shown.endpoint)
    except EdgewiseError:
        return question
    if (now.digest, now.region) != (shown.digest, shown.region):
        return question
    return reach.agree(question, shown.endpoint, shown.digest)


def asks(leaving: Leaving, *, with_talk: bool) -> Words:
    """The question to the person. What matters most stands first: a car that moves hears less."""
    what = _WITH_TALK if with_talk else _ALONE
    kinds = ", ".join(f"{kind} {count}" for kind, count in leaving.replaced.items())
    parts = [_MAY_I, _SIZE]
    parts += [_REPLACED] if kinds else []
    parts += [_SENSITIVE] if leaving.sensitive else []
    parts += [_FAR] if leaving.crossing else []
    parts += [_FOR_GOOD] if leaving.lacks_consent else []
    flags = " --sensitive" * leaving.sensitive + " --crossing" * leaving.crossing
    values = {"leaving": leaving, "kinds": kinds, "flags": flags}
    return Words(
        " ".join(part.en for part in parts).format(what=what.en, **values),
        "".join(part.zh for part in parts).format(what=what.zh, **values),
    )


def _none(failed: str) -> Words | None:
    return without_words(failed) if failed == NOT_COUNTED else None


def _named(question: Question, name: str) -> Endpoint:
    return next(one for one in question.endpoints if one.name == name)


def _leaving(outgoing: Outgoing, question: Question, endpoint: Endpoint) -> Leaving:
    return Leaving(
        outgoing.endpoint,
        outgoing.region,
        outgoing.purpose,
        outgoing.digest,
        len(outgoing.body),
        outgoing.replaced,
        lacks_consent(question, endpoint),
        is_sensitive(question),
        crosses(question, endpoint),
    )


_ALONE = Words("your question", "您的问题")
_WITH_TALK = Words("your question and what we said before", "您的问题和之前的对话")
_MAY_I = Words(
    "May I send {what} to {leaving.endpoint} (data kept in {leaving.region}), just this once?"
    + YES_NO.en,
    "可以把{what}发给 {leaving.endpoint}（数据存放在 {leaving.region}）吗？仅此一次。" + YES_NO.zh,
)
_SIZE = Words("It is {leaving.size_bytes} bytes.", "共 {leaving.size_bytes} 字节。")
_REPLACED = Words("Replaced before: {kinds}.", "发送前已替换：{kinds}。")
_SENSITIVE = Words("It is sensitive.", "内容属于敏感信息。")
_FAR = Words("That is another region.", "该云端位于其他地区。")
_FOR_GOOD = Words(
    "To agree for good: `edgewise consent grant {leaving.endpoint}{flags}`",
    "长期同意：`edgewise consent grant {leaving.endpoint}{flags}`",
)
_LACKS = Words(
    "That needs {endpoint}, and you have not agreed to that yet: `edgewise consent grant {endpoint}"
    " --purpose {purpose}` or the page's switch. ",
    "这需要 {endpoint} 协助，您还没有同意：可在页面上同意，或运行"
    " edgewise consent grant {endpoint} --purpose {purpose}。",
)
_NO_PICTURES = Words(
    "In the mode `ask` pictures stay on this device: see `edgewise mode`. ",
    "在“每次询问”模式下，图片不会离开本机：见 edgewise mode。",
)
_NOT_IN_ROUNDS = Words(
    "That goes to {endpoint} and back several times, which the mode `ask` does not allow: see"
    " `edgewise mode`. ",
    "这需要与 {endpoint} 多次往来，当前的“每次询问”模式不支持：见 edgewise mode。",
)
