"""Chinese characters to the sounds of Kokoro's alphabet.

Words are found by jieba, their syllables by pypinyin's phrases and characters, the tones change as
in speech (third before third; 一 and 不), and each syllable becomes its sounds by this module's
table. Only the part of both dictionaries that is needed is kept: a third of their memory.
Sources: San Duanmu, The Phonology of Standard Chinese (2007); the signs are those that Kokoro v1.0
was trained on. Numbers come as words already (`numbers_zh.py`).
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from edgewise.core.regex import regex

LEAST_USES = 10
"""Of a word in jieba's count: rarer ones are three quarters of its memory."""
USES_OF_OWN = 5000
_INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k",
    "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ",
    "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
# The sounds of a final; "0" is the place of its tone.
_FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0",
    "en": "ə0n", "eng": "ə0ŋ", "er": "ɚ0", "i": "i0", "ia": "ja0", "ian": "jɛ0n", "iang": "ja0ŋ",
    "iao": "jau0", "ie": "je0", "in": "i0n", "ing": "i0ŋ", "iong": "jʊ0ŋ", "iu": "jou0",
    "o": "wo0", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "ua": "wa0", "uai": "wai0", "uan": "wa0n",
    "uang": "wa0ŋ", "ui": "wei0", "un": "wə0n", "ueng": "wə0ŋ", "uo": "wo0", "v": "y0",
    "ve": "ɥe0", "van": "ɥɛ0n", "vn": "y0n",
}  # fmt: skip
# Syllables that begin with no consonant, as they are written.
_BARE = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in",
    "ying": "ing", "yong": "iong", "you": "iu", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn",
    "wu": "u", "wa": "ua", "wai": "uai", "wan": "uan", "wang": "uang", "wei": "ui", "wen": "un",
    "weng": "ueng", "wo": "uo",
}  # fmt: skip
_ALONE = {"o": "ɔ0", "io": "jɔ0", "yo": "jɔ0", "m": "m0", "n": "n0", "ng": "ŋ0", "hm": "hm0",
          "hng": "hŋ0", "ê": "ɛ0"}  # fmt: skip
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_SYLLABLE = regex(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-zê]*)([1-5])")
# Where the dictionaries' reading is not the one a device means.
_OWN = {
    "调到": "tiao2 dao4", "调为": "tiao2 wei2", "调高": "tiao2 gao1", "调低": "tiao2 di1",
    "调至": "tiao2 zhi4", "调成": "tiao2 cheng2", "调节": "tiao2 jie2", "调大": "tiao2 da4",
    "调小": "tiao2 xiao3", "调": "tiao2", "重播": "chong2 bo1", "重试": "chong2 shi4",
    "还有": "hai2 you3", "还剩": "hai2 sheng4", "还是": "hai2 shi5", "还在": "hai2 zai4",
    "还没": "hai2 mei2", "长按": "chang2 an4", "挡": "dang3", "地": "de5", "得": "de5",
    "着": "zhe5", "为您": "wei4 nin2", "为你": "wei4 ni3",
    "空调": "kong1 tiao2", "差": "cha4", "降": "jiang4", "行": "xing2", "发": "fa1", "为": "wei2",
    "都": "dou1", "了": "le5", "吗": "ma5", "吧": "ba5", "呢": "ne5", "啊": "a5", "的": "de5",
    "不能": "bu4 neng2", "没有": "mei2 you3", "幺": "yao1", "重新": "chong2 xin1",
    "几点": "ji3 dian3", "倒车": "dao4 che1", "音乐": "yin1 yue4", "省": "sheng3",
    "降到": "jiang4 dao4",
}  # fmt: skip


# Words of this device that a general dictionary cuts wrongly.
_WHOLE = (
    "主驾", "副驾", "车窗", "天窗", "后备厢", "尾门", "充电站", "胎压", "风量", "续航", "座椅加热",
    "座椅通风", "方向盘加热", "儿童锁", "氛围灯", "阅读灯", "雨刮", "车外灯", "后视镜", "除霜",
    "温区", "左前", "右前", "左后", "右后", "前排", "后排", "第三排", "全车", "内循环", "外循环",
    "蓝牙", "车道保持", "连不上", "已经", "云端", "挡位", "车速", "能耗", "电量", "剩余电量",
    "香氛",
)  # fmt: skip


class ChineseSounds:
    """Characters to sounds; the dictionaries are read when first needed."""

    def __init__(self) -> None:
        self._cutter: Any = None
        self._read: Any = None
        self.syllables = lru_cache(maxsize=4096)(self._syllables)

    def load(self) -> None:
        """Read the dictionaries. Raises ImportError when the extra `speak` is not installed."""
        if self._cutter is None:
            self._read = _reader()
            self._cutter = _cutter()

    def of(self, text: str) -> str:
        """The sounds of a run of Chinese characters, one space between words."""
        self.load()
        words: list[str] = [
            word for word in self._cutter.lcut(text, HMM=False) if isinstance(word, str)
        ]
        spoken = changed([self.syllables(word) for word in words], words)
        return " ".join("".join(map(sounds_of, word)) for word in spoken)

    def _syllables(self, word: str) -> tuple[str, ...]:
        """The word's syllables in pinyin with the number of the tone, as the dictionary has them;
        a character without any gives an empty one."""
        if word in _OWN:
            return tuple(_OWN[word].split(" "))
        given = self._read(word)
        return tuple(each if each.isascii() or "ê" in each or "ü" in each else "" for each in given)


def sounds_of(syllable: str) -> str:
    """The sounds of one syllable: zhong1 is ꭧʊ→ŋ. Empty for what is no syllable."""
    match = _SYLLABLE.fullmatch(syllable.replace("ü", "v"))
    if match is None:
        return ""
    initial, final, tone = match.groups()
    whole = initial + final
    if whole in _ALONE:
        return _ALONE[whole].replace("0", _TONES[tone])
    if whole in _BARE:
        initial, final = "", _BARE[whole]
    elif initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    elif initial in ("l", "n") and final == "ue":
        final = "ve"
    final = {"uei": "ui", "uen": "un", "iou": "iu"}.get(final, final)
    sounds = _FINALS.get(final)
    if sounds is None or (initial and initial not in _INITIALS):
        return ""
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        sounds = "ɨ0"
    return _INITIALS.get(initial, "") + sounds.replace("0", _TONES[tone])


def changed(words: list[tuple[str, ...]], written: list[str]) -> list[list[str]]:
    """The syllables with the tones of connected speech.

    A third tone before a third one is a second, within a word and between a word of one syllable
    and the next; 不 before a fourth tone is a second, 一 before a fourth a second and before the
    others a fourth, but not where it counts (第一, 十一, 一月) or ends.
    """
    flat = [syllable for word in words for syllable in word]
    signs = [sign for word in written for sign in word]
    ends: list[int] = []
    for word in words:
        ends.append((ends[-1] if ends else 0) + len(word))
    if len(flat) == len(signs):
        _change_yi_bu(flat, signs)
    _change_thirds(flat, ends)
    spoken: list[list[str]] = []
    begin = 0
    for end in ends:
        spoken.append(flat[begin:end])
        begin = end
    return spoken


def _change_yi_bu(flat: list[str], signs: list[str]) -> None:
    for place in range(len(flat) - 1):
        following = flat[place + 1][-1:]
        before = signs[place - 1] if place else ""
        if signs[place] == "不":
            flat[place] = "bu2" if following == "4" else "bu4"
        elif signs[place] == "一" and signs[place + 1] not in _COUNTED and before not in _COUNTING:
            flat[place] = "yi2" if following in ("4", "5") else "yi4"
        elif signs[place] == "一":
            flat[place] = "yi1"


_COUNTING = set("第十百千万零一二三四五六七八九点月周期年之")
_COUNTED = set("二三四五六七八九零一月号日十点楼")


def _change_thirds(flat: list[str], ends: list[int]) -> None:
    begin = 0
    for end in ends:
        for place in range(begin, end - 1):
            if flat[place].endswith("3") and flat[place + 1].endswith("3"):
                flat[place] = flat[place][:-1] + "2"
        begin = end
    begins = [0, *ends]
    for begin, end in zip(begins, ends, strict=False):
        alone = end - begin == 1
        if alone and end < len(flat) and flat[end - 1][-1:] == "3" and flat[end][-1:] == "3":
            flat[end - 1] = flat[end - 1][:-1] + "2"


def _cutter() -> Any:
    """jieba with the words that are used at all; its own cache in the shared temporary folder,
    which anybody could write, is neither made nor read."""
    import jieba  # pyright: ignore[reportMissingTypeStubs]

    jieba.setLogLevel(60)  # pyright: ignore[reportUnknownMemberType]
    cutter: Any = jieba.Tokenizer()
    uses: dict[str, int] = {}
    total = 0
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ", 2)
            if int(count) < LEAST_USES:
                continue
            uses[word] = int(count)
            total += int(count)
            for length in range(1, len(word)):
                uses.setdefault(word[:length], 0)
    for word in (*_OWN, *_WHOLE):
        uses[word] = max(uses.get(word, 0), USES_OF_OWN)
        for length in range(1, len(word)):
            uses.setdefault(word[:length], 0)
    cutter.FREQ, cutter.total, cutter.initialized = uses, total, True
    return cutter


def _reader() -> Any:
    """pypinyin with those phrases only that are not read as their characters are alone."""
    os.environ["PYPINYIN_NO_PHRASES"] = "1"
    os.environ["PYPINYIN_NO_DICT_COPY"] = "1"
    import pypinyin
    from pypinyin.pinyin_dict import pinyin_dict

    alone = {sign: readings.split(",")[0] for sign, readings in pinyin_dict.items()}
    listed = Path(pypinyin.__file__).with_name("phrases_dict.json").read_bytes()
    phrases = msgspec.json.decode(listed, type=dict[str, list[list[str]]])
    pypinyin.load_phrases_dict(
        {
            phrase: readings
            for phrase, readings in phrases.items()
            if any(
                each[:1] != [alone.get(ord(sign))]
                for sign, each in zip(phrase, readings, strict=False)
            )
        }
    )

    def read(word: str) -> list[str]:
        return pypinyin.lazy_pinyin(
            word, style=pypinyin.Style.TONE3, neutral_tone_with_five=True, v_to_u=False
        )

    return read
