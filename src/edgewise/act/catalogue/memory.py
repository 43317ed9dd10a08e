"""What an occupant asks to be remembered: save, recall, forget.

Each fact belongs to who told it (the zone they sit in, or the program) and is recalled only for
them or when it was saved for all; whoever sits nobody knows where owns nothing. The driver may
forget what programs left. The label of the fact is stored with it, so saving and recalling launders
nothing (see `core/label.py`).
"""

from itertools import pairwise
from typing import Any

import msgspec

from edgewise.act.catalogue.rows import Row, impossible, named, plain, rows_in, say, text_in
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

FACTS = "memory.facts"
_PROGRAM = "program:"
_FILLING = frozenset(
    ("what", "is", "are", "my", "the", "a", "an", "do", "does", "did", "i", "you", "know",
     "remember", "about", "where", "when", "who", "which", "of", "to", "for", "me", "tell",
     "in", "on", "at")
)  # fmt: skip


def save(call: Call, snapshot: Snapshot) -> Resolution:
    """Stores the fact with its owner and label; the same fact again changes nothing."""
    fact = text_in(call, "fact")
    owner = _program(call) or text_in(call, "owner") or _speaker(call, snapshot)
    if not owner:
        return Missing("owner", Words("For whom shall I remember it?", "要为谁记住？"),
                       tuple(choice.value for choice in _OWNERS))  # fmt: skip
    rows = rows_in(snapshot, FACTS)
    same = [row for row in rows if row.get("owner") == owner and _is(row, fact)]
    label = msgspec.json.decode(msgspec.json.encode(call.label_of("fact")))
    row = {"owner": owner, "text": fact, "label": label}
    target = f"{FACTS}.{same[0]['id'] if same else call.id}"
    return Resolved((Effect(target, {**same[0], **row} if same else row),))


def recall(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `facts`, `count` and `said`, of the speaker's own facts and those for all."""
    query = text_in(call, "query")
    found = _matching(_visible(call, snapshot), query)
    lines = [str(row.get("text", "")) for row in found]
    said = say(snapshot, "; ".join(lines), "；".join(lines)) or (
        say(snapshot, "I remember nothing about that.", "我没有记过这件事。")
        if query
        else say(snapshot, "I remember nothing for you yet.", "我还没有为您记过什么。")
    )
    label = join([_label(row) for row in found]) if found else label_of(OriginKind.SYSTEM)
    return Resolved(data={"facts": lines, "count": len(lines), "said": said}, label=label)


def forget(call: Call, snapshot: Snapshot) -> Resolution:
    """Deletes what matches; `all` deletes everything of the speaker."""
    speaker = _speaker(call, snapshot)
    rows = [row for row in rows_in(snapshot, FACTS) if _may_forget(speaker, row.get("owner"))]
    query = text_in(call, "query")
    if call.arguments.get("all"):
        found = rows
    elif not query:
        return Missing("query", Words("What shall I forget?", "要忘掉什么？"))
    else:
        found = _matching(rows, query)
    if not found:
        return impossible("nothing_remembered", "I remember nothing of yours about that.",
                          "我没有记过你的这件事。")  # fmt: skip
    said = say(snapshot, f"Forgot {len(found)}.", f"已忘掉{len(found)}条。")
    effects = tuple(Effect(f"{FACTS}.{row['id']}", None) for row in found)
    return Resolved(effects, data={"said": said})


def _speaker(call: Call, snapshot: Snapshot) -> str:
    """Who asks: the program, else the zone; empty when nobody knows."""
    return _program(call) or str(snapshot.get("session.zone") or "")


def _program(call: Call) -> str:
    """The program that proposed `call` or had a hand in it, as an owner; empty for a person."""
    labels = (call.label, *call.labels.values())
    found = {o.detail for lb in labels for o in lb.origins if o.kind is OriginKind.CLIENT}
    return f"{_PROGRAM}{'+'.join(sorted(found))}" if found else ""


def _may_forget(speaker: str, owner: Any) -> bool:
    if speaker == "driver" and isinstance(owner, str) and owner.startswith(_PROGRAM):
        return True
    return bool(speaker) and owner == speaker


def _visible(call: Call, snapshot: Snapshot) -> list[Row]:
    owners = {_speaker(call, snapshot), "all"} - {""}
    return [row for row in rows_in(snapshot, FACTS) if row.get("owner") in owners]


def _matching(rows: list[Row], query: str) -> list[Row]:
    """Rows that hold the query, else those that share the most of its words (characters in zh)."""
    if not query:
        return rows
    if whole := named(rows, query, ("text",)):
        return whole
    wanted = _pieces(query)
    shares = [(len(wanted & _pieces(str(row.get("text", "")))), row) for row in rows]
    most = max((share for share, _ in shares), default=0)
    needed = max(1, (len(wanted) + 1) // 2)
    return [row for share, row in shares if share == most and share >= needed]


def _pieces(text: str) -> set[str]:
    words = plain(text)
    ascii_words = "".join(c if c.isascii() and c.isalnum() else " " for c in words).split()
    chinese = [c for c in words if "\u4e00" <= c <= "\u9fff"]
    pairs = {first + second for first, second in pairwise(chinese)}
    return {word for word in ascii_words if word not in _FILLING} | pairs


def _is(row: Row, fact: str) -> bool:
    return plain(str(row.get("text", ""))) == plain(fact)


def _label(row: Row) -> Label:
    """The stored label; a row without a readable one is as untrusted as a tool's output."""
    stored: Any = row.get("label")
    try:
        return msgspec.convert(stored, Label)
    except msgspec.ValidationError:
        return label_of(OriginKind.TOOL, "memory")


_OWNERS = (
    Choice("driver", Words("driver", "主驾"), ("driver",), ("主驾", "司机")),
    Choice("passenger", Words("passenger", "副驾"), ("passenger",), ("副驾",)),
    Choice("row2_left", Words("rear left", "后排左侧"), ("rear left",), ("左后",)),
    Choice("row2_right", Words("rear right", "后排右侧"), ("rear right",), ("右后",)),
    Choice("all", Words("everybody", "大家"), ("everybody", "all of us"), ("大家", "全家")),
)

SAVE = Capability(
    "memory.save",
    Words("remember something", "记住"),
    Risk.REVERSIBLE,
    (
        Argument("fact", Kind.TEXT, Words("what", "内容"), True, private=True),
        Argument("owner", Kind.CHOICE, Words("for whom", "给谁"), choices=_OWNERS),
    ),
    actuators=(f"{FACTS}.*",),
    undoable=True,
    rules=(33,),
    private=True,
    done=Words("I will remember: {fact}", "记住了：{fact}"),
    en=(
        Example("remember that I parked on level B2", {"fact": "I parked on level B2"}),
        Example("remember my favorite coffee is a latte",
                {"fact": "my favorite coffee is a latte"}),
        Example("note that the spare key is in the drawer",
                {"fact": "the spare key is in the drawer"}),
        Example("keep in mind that Emma is allergic to nuts",
                {"fact": "Emma is allergic to nuts"}),
        Example("don't forget that my locker code is 42", {"fact": "my locker code is 42"}),
        Example("remember for everybody that dinner is at seven",
                {"fact": "dinner is at seven", "owner": "all"}),
    ),
    zh=(
        Example("记住我的车停在地下二层", {"fact": "我的车停在地下二层"}),
        Example("记一下我喜欢喝拿铁", {"fact": "我喜欢喝拿铁"}),
        Example("帮我记住备用钥匙在抽屉里", {"fact": "备用钥匙在抽屉里"}),
        Example("记住李娜对坚果过敏", {"fact": "李娜对坚果过敏"}),
        Example("你记着我的柜子号是42", {"fact": "我的柜子号是42"}),
        Example("帮大家记住七点吃晚饭", {"fact": "七点吃晚饭", "owner": "all"}),
    ),
)  # fmt: skip

RECALL = Capability(
    "memory.recall",
    Words("tell what was remembered", "回忆"),
    Risk.READ,
    (Argument("query", Kind.TEXT, Words("about what", "关于"), private=True),),
    rules=(34, 43),
    private=True,
    tells=Words("{said}", "{said}"),
    en=(
        Example("where did I park", {"query": "where did I park"}),
        Example("what do you remember about Emma", {"query": "Emma"}),
        Example("what is my favorite coffee", {"query": "my favorite coffee"}),
        Example("do you remember where the spare key is", {"query": "where the spare key is"}),
        Example("what do you know about me", {}),
        Example("what was my locker code", {"query": "my locker code"}),
    ),
    zh=(
        Example("我的车停在哪里", {"query": "我的车停在哪里"}),
        Example("你记得李娜的什么事", {"query": "李娜"}),
        Example("我喜欢喝什么", {"query": "我喜欢喝什么"}),
        Example("还记得备用钥匙在哪吗", {"query": "备用钥匙在哪"}),
        Example("你都记得我什么", {}),
        Example("我的柜子号是多少来着", {"query": "我的柜子号"}),
    ),
)

FORGET = Capability(
    "memory.forget",
    Words("forget something", "忘掉"),
    Risk.IRREVERSIBLE,
    (
        Argument("query", Kind.TEXT, Words("what", "内容"), private=True),
        Argument("all", Kind.BOOLEAN, Words("everything", "全部")),
    ),
    actuators=(f"{FACTS}.*",),
    rules=(33,),
    private=True,
    done=Words("{said}", "{said}"),
    en=(
        Example("forget where I parked", {"query": "where I parked"}),
        Example("forget what I told you about Emma", {"query": "Emma"}),
        Example("forget my locker code", {"query": "my locker code"}),
        Example("forget everything about me", {"all": True}),
        Example("delete the note about the spare key", {"query": "the spare key"}),
        Example("erase everything you remember", {"all": True}),
    ),
    zh=(
        Example("忘掉我停车的地方", {"query": "我停车的地方"}),
        Example("忘掉我说的李娜的事", {"query": "李娜"}),
        Example("把我的柜子号忘了", {"query": "我的柜子号"}),
        Example("忘掉关于我的一切", {"all": True}),
        Example("删掉备用钥匙那条记忆", {"query": "备用钥匙"}),
        Example("清除你的所有记忆", {"all": True}),
    ),
)

FUNCTIONS = (
    Function(SAVE, save, (FACTS,)),
    Function(RECALL, recall, (FACTS,)),
    Function(FORGET, forget, (FACTS,)),
)
