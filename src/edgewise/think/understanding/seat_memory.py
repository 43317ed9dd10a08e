"""Stored positions of a seat: "recall seat position 2", 记住座椅位置1.

The number is a memory's, no value to move a seat to; no function here keeps such memories.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex

_SEAT_MEMORY = regex(
    r"(?:remember(?! that\b)|save|store|recall|restore|memori[sz]e|load) (?:the |my |this |driver'?s? )*seat'?s? (?:position|memory|setting)"
    r"|(?:(?:go|move|set|switch|change|put) )?(?:(?:the |my )?seat )?(?:to )?(?:the |my )*seat (?:position|memory) (?:number )?(?:[1-4]|one|two|three|four)$"
    r"|(?:move|set|put) (?:the |my )*seat to (?:position|memory) (?:number )?(?:[1-4]|one|two|three|four)$"
    r"|(?:把|将)?(?:记住|记下|记忆|保存|存储?|调用|恢复)(?:一下|我|的|当前|现在|这个)*座[椅位](?:的)?(?:位置|记忆|设置)"
    r"|(?:把|将)?(?:我的|当前|现在的)*座[椅位](?:的)?(?:位置|记忆)(?:存|保存|记)"
    r"|(?:切换到?|调到|用|换到?|回到)?座[椅位](?:的)?(?:位置|记忆)(?:[一二三四1-4]号?|到?[一二三四1-4]号)$"
)


def names_seat_memory(plain: str) -> bool:
    """Whether an order is to store a seat's position or to go to a stored one."""
    return _SEAT_MEMORY.match(plain.strip(" ,.!?")) is not None
