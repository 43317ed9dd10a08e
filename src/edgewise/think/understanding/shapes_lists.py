"""What stands on which list: its arguments hang together in their own way, as in `shapes.py`."""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.shapes_car import Arguments

_LIST_NAME = regex(
    r"(?:\b(?P<e>shopping|grocery|packing|to[ -]?do|wish) list\b)|(?P<z>(?:购物|待办|采购|行李|心愿|任务)(?:清单|单|列表|事项))|(?P<t>\btodos?\b)"
)
_ITEM = regex(
    r"^(?:please )?(?:add|put|write|remove|delete|take|tick off|check off|cross off) (?P<e>.+?) (?:to|on|onto|from|off|in|into)\b(?= .*list| .*to-?do)"
    r"|^(?:请|帮我)?(?:把|将)(?P<z>.+?)(?:加|添|放|写|记|从|删|移|划)|(?:清单|列表|购物单|事项)(?:里|上|中)?(?:再)?(?:加上?|添加?|记上?|写上?|删掉?|去掉)(?:一[个条项])?(?P<y>.+)"
)
_SEVERAL = regex(r"\s*(?:,\s*and\b|,|、|\band\b|&|以及|还有|和|跟|与)\s*")


def list_shape(arguments: Arguments, plain: str) -> Arguments:
    """The list by its bare name; several things that are bought as one text with commas."""
    named = _LIST_NAME.search(plain)
    if named and not arguments.get("list"):
        arguments["list"] = named["e"] or named["z"] or "todo"
    name = arguments.get("list")
    if isinstance(name, str) and name.isascii():
        arguments["list"] = name = re.sub(r"^(?:my|the|our) | list$", "", name)
    if isinstance(name, str):
        arguments["list"] = re.sub(r"^(?:我们?的|我们?)", "", name)
    if arguments.get("list") in ("", "the", "list", "清单", "列表", "单子"):
        del arguments["list"]
    if arguments.get("op") in ("query", "clear"):
        arguments.pop("item", None)
        return arguments
    found = _ITEM.search(plain)
    if found and not arguments.get("item"):
        arguments["item"] = found["e"] or found["z"] or found["y"]
    item = arguments.get("item")
    shopping = re.search(
        r"shop|grocer|购物|采购|packing|行李", str(arguments.get("list", "shopping"))
    )
    if isinstance(item, str) and shopping:
        parts = [re.sub(r"^(?:some |一些|点)", "", part) for part in _SEVERAL.split(item.strip())]
        arguments["item"] = ", ".join(part for part in parts if part)
    return arguments
