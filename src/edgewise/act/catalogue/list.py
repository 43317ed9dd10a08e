"""Lists: shopping, to do, or any other; add, remove, tick off, read, clear.

A list exists by its items: rows of `phone.lists` with `list`, `item` and `done`.
"""

import re

from edgewise.act.catalogue.rows import Row, impossible, named, plain, rows_in, say, text_in
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

LISTS = "phone.lists"
_SAME = {
    "shopping": "shopping", "shopping list": "shopping", "groceries": "shopping",
    "grocery": "shopping", "购物": "shopping", "购物清单": "shopping", "购物单": "shopping",
    "todo": "todo", "to do": "todo", "to-do": "todo", "to do list": "todo", "待办": "todo",
    "待办事项": "todo", "待办清单": "todo",
}  # fmt: skip
_SHOWN = {"shopping": Words("shopping", "购物"), "todo": Words("to-do", "待办")}


def manage(call: Call, snapshot: Snapshot) -> Resolution:
    """Changes or tells one list; `said` is the answer in the session's language."""
    key = list_key(text_in(call, "list"))
    rows = [row for row in rows_in(snapshot, LISTS) if list_key(str(row.get("list", ""))) == key]
    op = text_in(call, "op")
    name = _name(key, snapshot)
    if op == "query":
        open_items = [str(row.get("item", "")) for row in rows if not row.get("done")]
        said = say(snapshot, f"On the {name} list: " + ", ".join(open_items),
                   f"{name}清单：" + "、".join(open_items)) if open_items else say(
            snapshot, f"The {name} list is empty.", f"{name}清单是空的。")  # fmt: skip
        return Resolved(data={"items": rows, "count": len(open_items), "said": said})
    if op == "clear":
        if not rows:
            return impossible(
                "empty_list", f"The {name} list is empty already.", f"{name}清单已经是空的。"
            )
        said = say(snapshot, f"Cleared the {name} list.", f"已清空{name}清单。")
        return Resolved(
            tuple(Effect(f"{LISTS}.{row['id']}", None) for row in rows), data={"said": said}
        )
    items = [part.strip() for part in re.split(r"[,，、;；]", text_in(call, "item"))]
    items = [part for part in items if part]
    if not items:
        return Missing("item", Words("What item?", "要哪一项？"))
    if op == "add":
        return _add(call, snapshot, key, items, rows)
    return _mark(snapshot, key, items, rows, remove=op == "remove")


def list_key(words: str) -> str:
    """One key for all the ways a list is called; the shopping list when none is named."""
    text = re.sub(r"^(?:my|the|our)(?: |$)|^我的", "", plain(words))
    if text in _SAME:
        return _SAME[text]
    bare = re.sub(r"(?:(?:^| )list|清单|列表)(?:里|上)?$", "", text)
    return _SAME.get(bare, bare) or "shopping"


def _add(call: Call, snapshot: Snapshot, key: str, items: list[str], rows: list[Row]) -> Resolution:
    held = {plain(str(row.get("item", ""))) for row in rows if not row.get("done")}
    new = [item for item in items if plain(item) not in held]
    there = [item for item in items if plain(item) in held]
    name, verb = _name(key, snapshot), "is" if len(there) == 1 else "are"
    if not new:
        return impossible("already_listed",
                          f"{', '.join(there)} {verb} on the {name} list already.",
                          f"{name}清单里已经有{'、'.join(there)}了。")  # fmt: skip
    effects = tuple(
        Effect(
            f"{LISTS}.{call.id}" + (f"-{number}" if number else ""),
            {"list": key, "item": item, "done": False},
        )
        for number, item in enumerate(new)
    )
    said = say(snapshot, f"Added {', '.join(new)} to the {name} list.",
               f"已把{'、'.join(new)}加到{name}清单。")  # fmt: skip
    if there:
        said += say(snapshot, f" {', '.join(there)} {verb} on it already.",
                    f"{'、'.join(there)}已经在里面了。")  # fmt: skip
    return Resolved(effects, data={"said": said})


def _mark(
    snapshot: Snapshot, key: str, items: list[str], rows: list[Row], *, remove: bool
) -> Resolution:
    found: list[Row] = []
    for item in items:
        matches = named(rows, item, ("item",))
        if not matches:
            name = _name(key, snapshot)
            return impossible("not_listed", f"“{item}” is not on the {name} list.",
                              f"{name}清单里没有“{item}”。")  # fmt: skip
        if len(matches) > 1:
            return Missing(
                "item", Words(f"Which “{item}”?", f"哪一个“{item}”？"),
                tuple(str(row.get("item", "")) for row in matches),
            )  # fmt: skip
        found.append(matches[0])
    effects = tuple(
        Effect(f"{LISTS}.{row['id']}", None if remove else {**row, "done": True}) for row in found
    )
    listed = [str(row["item"]) for row in found]
    if remove:
        said = say(snapshot, f"Removed {', '.join(listed)}.", f"已删除{'、'.join(listed)}。")
    else:
        said = say(snapshot, f"Ticked off {', '.join(listed)}.", f"已完成{'、'.join(listed)}。")
    return Resolved(effects, data={"said": said})


def _name(key: str, snapshot: Snapshot) -> str:
    shown = _SHOWN.get(key)
    return say(snapshot, shown.en, shown.zh) if shown else key


MANAGE = Capability(
    "list.manage",
    Words("manage shopping, to-do and other lists", "购物、待办等清单"),
    Risk.REVERSIBLE,
    (
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("add", Words("add", "添加"), ("add", "put"), ("加", "添加", "记")),
                Choice("remove", Words("remove", "删除"), ("remove", "delete", "take off"),
                       ("删", "去掉", "移除")),
                Choice("complete", Words("tick off", "完成"), ("tick", "check off", "done"),
                       ("完成", "勾", "买好", "做完")),
                Choice("query", Words("read", "查看"), ("what", "read", "show"),
                       ("有什么", "看看", "念", "查看")),
                Choice("clear", Words("clear", "清空"), ("clear", "empty"), ("清空",)),
            ),
        ),
        Argument("list", Kind.TEXT, Words("list", "清单"), default="shopping"),
        Argument("item", Kind.TEXT, Words("item", "项目"), private=True),
    ),
    actuators=(f"{LISTS}.*",),
    undoable=True,
    done=Words("{said}", "{said}"),
    tells=Words("{said}", "{said}"),
    en=(
        Example("add milk to the shopping list",
                {"op": "add", "list": "shopping", "item": "milk"}),
        Example("put eggs, bread on my grocery list",
                {"op": "add", "list": "grocery", "item": "eggs, bread"}),
        Example("add pay the rent to my to do list",
                {"op": "add", "list": "to do", "item": "pay the rent"}),
        Example("what is on my shopping list", {"op": "query", "list": "shopping"}),
        Example("remove bread from the shopping list",
                {"op": "remove", "list": "shopping", "item": "bread"}),
        Example("clear my to do list", {"op": "clear", "list": "to do"}),
        Example("tick off milk on the shopping list",
                {"op": "complete", "list": "shopping", "item": "milk"}),
    ),
    zh=(
        Example("把牛奶加到购物清单", {"op": "add", "list": "购物清单", "item": "牛奶"}),
        Example("购物清单里加上鸡蛋、面包",
                {"op": "add", "list": "购物清单", "item": "鸡蛋、面包"}),
        Example("待办事项里加一条交房租",
                {"op": "add", "list": "待办事项", "item": "交房租"}),
        Example("购物清单上有什么", {"op": "query", "list": "购物清单"}),
        Example("把面包从购物清单里删掉",
                {"op": "remove", "list": "购物清单", "item": "面包"}),
        Example("清空待办清单", {"op": "clear", "list": "待办清单"}),
        Example("购物清单里的牛奶买好了",
                {"op": "complete", "list": "购物清单", "item": "牛奶"}),
    ),
)  # fmt: skip

FUNCTIONS = (Function(MANAGE, manage, (LISTS,)),)
