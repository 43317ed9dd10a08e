"""The form in which words would have been typed."""

import pytest

from edgewise.core.words import Language
from edgewise.perceive.written_form import simplified, written_form


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("打开 空调。", "打开空调"),
        ("空调开着吗?", "空调开着吗？"),
        ("关灯,然后锁门", "关灯，然后锁门"),
        ("打给一三八零零一三八", "打给13800138"),
        ("调到二十二度", "调到二十二度"),
        ("先开窗。再关灯。", "先开窗。再关灯。"),
        ("8.1量调到30", "把音量调到30"),
        ("8.1亮跳到50", "把音量调到50"),
        ("白衣量调到50", "把音量调到50"),
        ("一量调到三十", "音量调到三十"),
        ("把一量开大", "把音量开大"),
        ("灯一亮就告诉我", "灯一亮就告诉我"),
        ("8.1升", "8.1升"),
        ("播放 Yellow 这首歌", "播放 Yellow 这首歌"),
    ],
)
def test_chinese(heard: str, written: str):
    assert written_form(heard, Language.CHINESE) == written


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("Open the window.", "Open the window"),
        ("What is on to-day?", "What is on today?"),
        ("at 3 p.m.", "at 3 pm"),
        ("at 3 p.m..", "at 3 pm"),
        ("at 10am for two hours", "at 10 am for two hours"),
        ("Kill the A. C.", "Kill the AC"),
        ("Is the A. C. on?", "Is the AC on?"),
        ("vitamin C. A new one", "vitamin C. A new one"),
        ("up by 20%", "up by 20 percent"),
        ("Dial 1380, 0001, 111.", "Dial 13800001111"),
        ("call 555 0147", "call 5550147"),
        ("levels 10, 20, 30", "levels 10, 20, 30"),
        ("set it to 21.5.", "set it to 21.5"),
        ("call five five five oh one two three", "call 5550123"),
        ("set it to twenty two", "set it to 22"),
        ("call 1380-0001-234", "call 13800001234"),
        ("on 2026-11-23", "on 2026-11-23"),
        ("levels 2-3", "levels 2-3"),
        ("One. Two.", "One. Two."),
        ("  a   b ", "a b"),
    ],
)
def test_english(heard: str, written: str):
    assert written_form(heard, Language.ENGLISH) == written


def test_traditional_characters_become_simplified():
    pytest.importorskip("opencc", reason="OpenCC is not installed (extra hear)")
    assert simplified("關閉車窗") == "关闭车窗"
    assert simplified("open it") == "open it"
