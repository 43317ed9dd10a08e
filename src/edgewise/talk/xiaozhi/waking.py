"""The wake words that devices of this family come with: told as text, they are no request.

Source: the word models of ESP-SR (WakeNet 9), README of November 2025; the firmware sends their
names as they are written there.
"""

import re

_LISTED = """
你好小智 你好喵伴 小爱同学 你好小鑫 小美同学 小龙小龙 喵喵同学 小滨小滨 小冰小冰 小鸭小鸭
璃奈板 小酥肉 小宇同学 小明同学 小康同学 小箭小箭 小特小特 你好小益 你好百应 小鹿小鹿
你好东东 你好小安 你好小脉 你好小瑞
hi乐鑫 hilexin hiesp hi小星 hi喵喵 hi莉莉 hi瓦力 hi泰力 hi小巫 嗨小巫
hijason himfive alexa jarvis computer heywillow sophia mycroft heymycroft heyprinter hijoy heywand
heywanda astrolabe heyily hijolly hifairy bluechip hiandy heyivy heykira hiwalle hilily hitelly
"""
_WORDS = frozenset(_LISTED.split())
_BETWEEN = re.compile(r"[\W_]+")


def is_wake_word(text: str) -> bool:
    """Whether that is a wake word and nothing more."""
    return _BETWEEN.sub("", text.casefold()) in _WORDS
