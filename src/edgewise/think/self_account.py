"""What the device says about itself: from its list of capabilities and from what was done.

"Why doesn't the sunroof open?", "did you turn the light on?", "my AC smells", "what can you do?":
words about the device are answered here, by rule, and never by a language model. State is read by
the calls of the thought; to these are added what the device can do about the thing, or what was
asked and answered earlier in this conversation. What nobody here knows is said not to be known.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from edgewise.core.capability import Capability, Example, Risk
from edgewise.core.regex import regex
from edgewise.core.thought import Context, Exchange, MessageKind, Thought
from edgewise.core.words import Words
from edgewise.think.device_words import find_thing, is_about_device, speaks_to_agent
from edgewise.think.honesty import NOT_BY_GUESS, can_do_harm
from edgewise.think.persona import IN_CAR, Persona
from edgewise.think.understanding.words import NO_ORDER

# Functions that are asked for a topic; without one the question was about something else.
_ASKED_FOR_A_TOPIC = frozenset({"vehicle.get_status", "device.get_setting"})
# "Did you send my message?" asks what was done; reading all messages out is no answer to it.
_CONTENTS = frozenset({"message.read", "email.search", "contact.find"})
_STATES = frozenset({*_ASKED_FOR_A_TOPIC, "climate.read", "media.get_info", "vehicle.explain"})
_SHOWN = ("window.set", "climate.set_temperature", "nav.set_destination", "call.dial", "media.play", "alarm.manage")  # fmt: skip
_QUOTED_CHARACTERS = 160
_BUILT_IN = "edgewise"
"""The provider of what every device understands; others are those of added tools."""


@dataclass(frozen=True, slots=True)
class SelfAccount:
    """What the device can tell of itself; `capabilities` by name."""

    capabilities: Mapping[str, Capability]
    persona: Persona = IN_CAR

    def at_once(self, text: str, context: Context) -> Thought | None:
        """The answer to words that must not be taken for an order or a reading: what it can do,
        what it just did, what is wrong with a part of it."""
        plain = " ".join(text.casefold().replace("’", "'").split())
        if (words := self.persona.at_once(plain)) is not None:
            return _told(words)
        if _WHAT_CAN.search(plain):
            return _told(self.persona.abilities or self._abilities())
        if _WHAT_SAID.search(plain):
            told = [e for e in context.exchanges if e.label.trusted]
            return _told(_deeds(told[-1:], _NOTHING_SAID), recalls=True)
        if _ADVICE.search(plain) and find_thing(text) is not None:
            return _told(NOT_BY_GUESS)
        if _WHAT_DID.search(plain):
            return _told(_deeds(self._changes(context)[-2:], _NOTHING_DONE), recalls=True)
        if _FAULT.search(plain) and not _ORDER.search(plain) and not _QUESTION.search(plain):
            thing = find_thing(text)
            if thing is not None and can_do_harm(text):
                return _told(NOT_BY_GUESS)
            if thing is not None:
                return _told(_join(self.persona.fault, self._ability(thing.capability, text)))
        return None

    def about(self, thought: Thought, text: str, context: Context) -> Thought:
        """The thought with what the device can tell of itself; unchanged for orders, for what is
        asked about already, and for what is not about the device."""
        told = self._about(thought, text, context)
        if told is thought or told.question is None or not _DEED.search(text.casefold()):
            return told
        return msgspec.structs.replace(told, recalls=True)

    def _about(self, thought: Thought, text: str, context: Context) -> Thought:
        if thought.fixed or thought.question is not None:
            return thought
        if thought.kind not in (MessageKind.QUESTION, MessageKind.CHAT):
            return thought
        aimless = [
            c for c in thought.calls if c.capability in _ASKED_FOR_A_TOPIC and not c.arguments
        ]
        if thought.calls and len(aimless) == len(thought.calls):
            return self._without_topic(thought, text, context)
        deed = _DEED.search(text.casefold()) is not None
        if deed and thought.calls and all(c.capability in _CONTENTS for c in thought.calls):
            return _told(self._deeds_with(thought.calls[0].capability, context))
        if not thought.calls and is_about_device(text):
            remark = thought.kind is MessageKind.CHAT and find_thing(text) is not None
            wanted = _QUESTION.search(text.casefold()) or _WANTED.search(text.casefold())
            return _told(NO_ORDER if remark and not wanted else self._tell(text, context))
        if not thought.calls:
            return thought
        known = [c for c in thought.calls if self._is_there(c.capability)]
        if (
            thought.kind is MessageKind.QUESTION
            and known
            and all(c.capability in _STATES for c in thought.calls)
        ):
            return msgspec.structs.replace(thought, question=self._besides_state(text, context))
        return thought

    def _without_topic(self, thought: Thought, text: str, context: Context) -> Thought:
        """A question for the state of nothing in particular: of a thing, of the world, or open."""
        thing = find_thing(text)
        if thing is not None and thing.capability:
            return _told(self._tell(text, context))
        if not _QUESTION.search(text.casefold()):
            return thought
        if is_about_device(text):
            return thought if _STATE.search(text.casefold()) else _told(self._tell(text, context))
        return msgspec.structs.replace(thought, calls=(), kind=MessageKind.QUESTION)

    def _tell(self, text: str, context: Context) -> Words:
        thing = find_thing(text)
        if _DEED.search(text.casefold()):
            return self._deeds_with(thing.capability if thing else "", context)
        if can_do_harm(text):
            return NOT_BY_GUESS
        ability = self._ability(thing.capability, text) if thing is not None else None
        if ability is not None:
            return _join(ability, _NO_MORE)
        if _WANTED.search(text.casefold()):
            return self._tool_named(text) or _CANNOT
        return (
            self.persona.program
            if thing is None and speaks_to_agent(text)
            else self.persona.unknown
        )

    def _tool_named(self, text: str) -> Words | None:
        """That the device can do what one of its own tools is called by, where a text says it."""
        plain = text.casefold()
        for one in self.capabilities.values():
            if one.provider != _BUILT_IN and one.available:
                for example in (*one.zh, *one.en):
                    if not example.arguments and example.text.casefold() in plain:
                        said = Words("Yes. Say “{order}”.", "可以，请说“{order}”。")
                        return said.filled(order=example.text)
        return None

    def _besides_state(self, text: str, context: Context) -> Words | None:
        """What a question wants to know besides the state that is read for it."""
        plain = text.casefold()
        thing = find_thing(text)
        if _DEED.search(plain):
            return self._deeds_with(thing.capability if thing else "", context)
        if thing is None or not _MORE_THAN_STATE.search(plain):
            return None
        ability = self._ability(thing.capability, text)
        return _join(_WHY, ability) if _ASKS_WHY.search(plain) else ability

    def _ability(self, name: str, text: str) -> Words | None:
        """What the device can do about the thing that a text names, and how to say it."""
        capability = self.capabilities.get(name)
        if capability is None or not capability.available or not (capability.en and capability.zh):
            return None
        does, en, zh = capability.words, _likest(capability.en, text), _likest(capability.zh, text)
        return Words(
            f"I can {does.en[:1].lower()}{does.en[1:]}: say, for example, “{en}”.",
            f"我能做的是{does.zh}，例如说“{zh}”。",
        )

    def _abilities(self) -> Words:
        sayable = [c for c in self.capabilities.values() if c.available and c.en and c.zh]
        shown = [c for name in _SHOWN for c in sayable if c.name == name]
        others = [c for c in sayable if c.family != "dialog"][: len(_SHOWN)]
        en = ", ".join(f"“{c.en[0].text}”" for c in shown or others)
        zh = "、".join(f"“{c.zh[0].text}”" for c in shown or others)
        if not shown:
            return (
                Words(f"You can say, for example, {en}.", f"例如可以说{zh}。")
                if others
                else self.persona.program
            )
        count = sum(capability.available for capability in self.capabilities.values())
        return Words(
            f"I act in the car and on the phone, and tell their state; say, for example, {en}."
            f" That is {count} functions; `edgewise capabilities` lists them.",
            f"我可以操作车和手机，也能查询它们的状态，例如说{zh}。"
            f"一共{count}项功能，完整列表见 edgewise capabilities。",
        )

    def _deeds_with(self, capability: str, context: Context) -> Words:
        """What was asked about one thing and answered, newest last; any thing when unnamed."""
        family = capability.partition(".")[0]
        changes = [
            exchange
            for exchange in self._changes(context)
            if any(call.capability.startswith(family) for call in exchange.calls)
        ]
        return _deeds(changes[-1:], _NOT_ASKED)

    def _changes(self, context: Context) -> list[Exchange]:
        """The remembered turns of this conversation in which something was to be changed."""
        return [
            exchange
            for exchange in context.exchanges
            if exchange.label.trusted and any(self._acts(c.capability) for c in exchange.calls)
        ]

    def _is_there(self, name: str) -> bool:
        """Whether it can be done here; what is not known to be missing, is."""
        capability = self.capabilities.get(name)
        return capability is None or capability.available

    def _acts(self, name: str) -> bool:
        capability = self.capabilities.get(name)
        return capability is not None and capability.risk is not Risk.READ


def _deeds(changes: list[Exchange], none: Words) -> Words:
    if not changes:
        return none
    told = [(_short(exchange.text), _short(exchange.answer)) for exchange in changes]
    en = " ".join(f"You said “{text}”, and I answered: “{said}”" for text, said in told)
    zh = "".join(f"您说“{text}”，我的回答是：“{said}”" for text, said in told)
    return Words(en, zh)


def _likest(examples: tuple[Example, ...], text: str) -> str:
    """The example that names the thing as the text does, else the first."""
    thing = find_thing(text)
    named = [e.text for e in examples if thing is not None and thing.names_alike(e.text, text)]
    return (named or [example.text for example in examples])[0]


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED_CHARACTERS else text[:_QUOTED_CHARACTERS].rstrip() + "…"


def _told(words: Words, *, recalls: bool = False) -> Thought:
    return Thought(MessageKind.QUESTION, confidence=1.0, question=words, recalls=recalls)


def _join(first: Words, second: Words | None) -> Words:
    return first if second is None else Words(f"{first.en} {second.en}", first.zh + second.zh)


_WHAT_CAN = regex(
    r"^(?:please )?(?:help(?: me)?(?: please)?|what can i say|show (?:me )?help)[ .!?]*$|^(?:请)?(?:帮助|帮助我|使用帮助|使用说明|怎么用|怎么使用)[?？。!！ ]*$|"
    r"\bwhat (?:(?:all |else )?can (?:you|i (?:say|ask))|are you (?:able|good)|(?:are|is) your (?:functions?|features?|capabilit\w+|skills?)|(?:functions?|features?|skills?|tools?|commands?) (?:do you have|have you got|are there|can i (?:use|say)))\b(?! (?:tell|say about|see))"
    r"|^[你您](?:都|还)?(?:会|能|可以)(?:做|干)?(?:些)?(?:什么|啥)[?？。!！ ]*$|[你您]有(?:什么|哪些)(?:功能|本领|技能)|我(?:能|可以)(?:对你)?(?:说|问)(?:些)?(?:什么|啥)"
)
_WHAT_DID = regex(
    r"\b(?:what (?:did|have) you (?:just |now |actually )?(?:do|done|change|changed)|why did you do (?:that|this|it))\b"
    r"|[你您](?:刚才|刚刚|刚|之前)?(?:都)?(?:做|干|改)了?(?:些)?(?:什么|啥)(?!工作|的)"
)
_WHAT_SAID = regex(
    r"^what did i (?:just |last )?(?:ask|say|tell|want)(?: (?:you|to you|for|from you))?(?: (?:just now|before|last|to do))?[?.! ]*$"
    r"|^我(?:刚才|刚刚|刚|上一句)(?:都)?(?:问|说|让你做|叫你做)了?(?:你)?(?:些)?(?:什么|啥)[?？。 ]*$"
)
_ADVICE = regex(
    r"^(?:is|isn't|would|was) it (?:be )?(?:really |still )?(?:safe|dangerous|ok|okay|legal|illegal|allowed|bad|risky|fine)\b(?: for \w+)? (?:to|if|when)\b"
    r"|(?:安全|危险|合法|违法|违章)(?:吗|么|不)[?？。 ]*$"
)
"""What to do is asked for, not the state of the thing that is named."""
_FAULT = regex(
    r"\b(?:smell(?:s|y|ing)?|stinks?|stank|broken?|broke|stuck|jammed|leak(?:s|ing|y)?|squeak\w*|rattl\w*|creak\w*|nois(?:e|y|es)|(?:strange|weird|odd|funny) sounds?|(?:not|isn't|aren't|n't) work\w*|stopped working|fault(?:y|s)?|defective|malfunction\w*|out of order|acting up)\b"
    r"|[怪异臭]味|有味|有股.{0,4}味|发臭|坏[了掉]|异响|噪音|杂音|不工作|没反应|失灵|卡[住死]|漏[水气油]|故障|不好[使用]|[打开关合]不[开上了]"
)
_ORDER = regex(
    r"\b(?:turn|switch|open|close|shut|set|stop|start|lock|unlock|put|make|raise|lower|call|text|play|navigate|take|find|remind|remember|add|note|tell|send|fold|book|search|defrost|cool|heat|give|show|please)\b(?! (?:working|open|closed))"
    r"|打开[^不]|开一?下|关[掉闭上]|调[到高低大小]|帮我|请|[把将给]|导航|提醒|记[住下]|打电话|告诉|发"
)
_QUESTION = regex(
    r"[?？]|^(?:why|what|how|is|are|does|do|did|can|could|which|who|when|where)\b|吗|为什么|怎么|什么"
)
_DEED = regex(
    r"\b(?:did|didn't|have|haven't) you\b(?! (?:got|any|a|heard|seen|ever))"
    r"|[你您].{0,6}(?:刚才|刚刚|已经|之前).{0,10}(?:吗|没有?|什么)|为什么[你您].{0,8}了|[你您]为什么.{0,10}了"
    r"|[你您](?:把|给|帮)?.{0,6}[开关锁调打发设播放送记存].{0,6}了(?:吗|没有?)[?？。 ]*$"
)
_ASKS_WHY = regex(r"\bwhy\b|为什么|怎么(?:这么|那么|回事|不|打不|关不|没)")
_MORE_THAN_STATE = regex(
    r"\b(?:why|can|could|won't|able|possible|happens|how (?:do|does|can|to|far)|what does|does (?:the|my|this|your))\b"
    r"|为什么|怎么|能不能|可不可以|[能会可]以?.*吗|如何"
)
_STATE = regex(
    r"\b(?:status|state|check|condition|how is|how's|how are|everything (?:ok|okay|fine))\b|状态|情况|怎么样|查|还好吗|正常吗"
)
_WANTED = regex(
    r"^(?:please )?(?:can|could|would|will) you\b(?! (?:hear|see|feel|think|speak|understand|listen|sleep|learn|remember|be|always|still)\b)|^[你您](?:能不能|可不可以|能|可以|会)(?!听|看|懂|理解|感觉|记|想)"
)
_CANNOT = Words(
    "I know of no function here for that, so I did nothing.",
    "我这里没有做这件事的功能，所以没有操作。",
)
_NO_MORE = Words("More I do not know about it.", "其他情况我不了解。")
_WHY = Words("Why, I do not know.", "原因我不知道。")
_NOTHING_DONE = Words(
    "In this conversation I have not changed anything for you.",
    "这次对话里我还没有为您操作过什么。",
)
_NOTHING_SAID = Words(
    "Before that you have said nothing to me in this conversation.",
    "这次对话里您之前还没有说过什么。",
)
_NOT_ASKED = Words(
    "In this conversation you have not asked me for that.", "这次对话里您没有让我做过这件事。"
)
