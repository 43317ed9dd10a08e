"""The Chinese sentence of the vocabulary that all of what was heard sounds like: 官立作以通访 ->
关闭座椅通风. Pure.

`sound_alike.py` mends stretches and never lets a word go that decides an order, even one that a
recogniser only wrote for its sound (收集 for 手机). A whole sentence of as many syllables, each of
them the same or near, is another matter: there is no place for what was not said. Where the
sentence and what was heard differ in a deciding character by more than spelling, `Sentence`
names the rivals, the same sentence with that character's opposites in it, and who knows the sound
must find all of them to fit clearly worse. What was heard is a rival itself where it may well have
been said: where it is made of words of the vocabulary (继续导航 is not 结束导航), and always
where either is about lights or navigation (关闭吊灯 is not 关闭大灯). A number or a name that is
known is never put for another, and what asks or tells stays. A place that stands only in a sentence
is no known name: 去普托机场 becomes 去浦东机场.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import numpy as np
from msgspec import Struct

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.perceive.opposite import GUARDED, stands_in, telling_words
from edgewise.perceive.sound_alike import Names, is_same_sound
from edgewise.perceive.sounded_zh import distances, spoken

SHORTEST, LONGEST = 4, 24
"""Syllables of a sentence: shorter ones are near too much."""
MOST_A_SYLLABLE = 0.27
"""By which the sentence may differ. Of 220 made commands that the vocabulary held, all but four
differed by less; of 155 that it did not hold, none was taken for another."""
MOST_OF_ONE = 1.4
"""By which one syllable may: something of it must be the same or near."""
_LEAST_OTHER = 0.7
"""The second sentence is a rival where it is nearer than this."""
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_SYLLABLE = regex(r"[\u3400-\u9fff0-9]")
_NUMBERS = frozenset("零〇一二两俩三四五六七八九十百千万亿半")
_DECIDING = GUARDED | frozenset("里大加")
"""Also those of which the other one of the pair is guarded."""
_OPPOSITES = """开关 开闭 锁解 停启 升降 收放 上下 高低 大小 减增 减加 强弱 快慢 亮暗 冷热
冷暖 接挂 接拒 进退 进出 左右 前后 主副 内外 里外 远近 东西 南北 早晚 有没 打开关闭 打开关掉
打开关上 开启关闭 开启关掉 启动停止 启动关闭 开始停止 开始结束 继续暂停 继续停止 继续结束
继续退出 继续取消 播放暂停 保存删除 上锁解锁 锁上打开 升起降下 升上降下 调高调低 调大调小 增加减少
顶灯大灯 阅读灯-大灯"""
"""Words and their opposites, or what must not be taken for them: together, or with a dash where
they are not of one length."""
_GRAVE = ("灯", "导航")
"""What is never put for what was heard unless it fits clearly better: who drives by night needs
the lights that they have."""
_USUAL = "增加 减少 加大 减小 取消 暂停 继续 停止 结束 退出 保持 保存 删除 恢复 重新 一下"
"""Words of orders that the vocabulary may lack."""
_SMALL = frozenset("把将给让请帮我你的了着吧呢啊呀吗在到去")
"""Words of one character that stand beside any other."""


class Sentence(Struct, frozen=True):
    """A sentence as it is written, and what must fit the sound clearly worse."""

    text: str
    rivals: tuple[str, ...]


class SentencesAlike:
    """The sentences of a vocabulary, by their sound."""

    def __init__(self, words: Sequence[str], names: Iterable[str] = ()) -> None:
        self._names = Names(names)
        self._by_length: dict[int, list[str]] = {}
        for word in dict.fromkeys(words):
            if SHORTEST <= len(plain(word)) <= LONGEST:
                self._by_length.setdefault(len(plain(word)), []).append(word)
        self._spoken = {
            length: np.array([spoken(plain(one)) for one in group], np.int16)
            for length, group in self._by_length.items()
        }
        known = [*map(plain, words), *_USUAL.split()]
        self._pairs = {word[at : at + 2] for word in known for at in range(len(word) - 1)}

    def nearest(self, heard: Sequence[str]) -> Sentence | None:
        """The one that sounds most like any of the texts that were heard, best first."""
        best: tuple[float, str, str] | None = None
        others: dict[str, float] = {}
        for text in dict.fromkeys(heard):
            for distance, one in self._near(text):
                others[one] = min(distance, others.get(one, distance))
                if best is None or distance < best[0]:
                    best = distance, text, one
        if best is None or best[0] > MOST_A_SYLLABLE:
            return None
        _, text, found = best
        rivals: dict[str, None] = {}
        for one in dict.fromkeys((text, heard[0])):
            told = (telling_words(sentence, Language.CHINESE) for sentence in (one, found))
            named = self._rivals(plain(one), plain(found)) if stands_in(*told) else None
            if named is None:
                return None
            rivals.update(dict.fromkeys(named))
        texts = filter(None, map(plain, heard))
        rivals.update(dict.fromkeys(t for t in texts if self._may_be_meant(t, plain(found))))
        second = [one for one, far in others.items() if one != found and far < _LEAST_OTHER]
        rivals.update(dict.fromkeys(map(plain, sorted(second, key=others.__getitem__)[:1])))
        return Sentence(found, tuple(rivals))

    def _near(self, text: str) -> list[tuple[float, str]]:
        """The two nearest of as many syllables, with their distances a syllable."""
        syllables = plain(text)
        known = self._spoken.get(len(syllables))
        if known is None:
            return []
        apart = np.stack([distances(one)[known[:, at]] for at, one in enumerate(syllables)])
        far = np.where(apart.max(axis=0) > MOST_OF_ONE, np.inf, apart.sum(axis=0))
        group = self._by_length[len(syllables)]
        return [(float(far[at]) / len(syllables), group[at]) for at in np.argsort(far)[:2]]

    def _may_be_meant(self, heard: str, sentence: str) -> bool:
        """Whether what was heard is another order than the sentence that makes sense as it is, or
        one of which no doubt is allowed."""
        pairs = zip(heard, sentence, strict=False)
        if len(heard) == len(sentence) and all(is_same_sound(*pair) for pair in pairs):
            return False
        return any(word in heard + sentence for word in _GRAVE) or self._is_of_words(heard)

    def _is_of_words(self, text: str) -> bool:
        """Whether each character stands beside one that it stands beside in the vocabulary."""
        paired = {at for at in range(len(text) - 1) if text[at : at + 2] in self._pairs}
        return all(
            one in _SMALL or not paired.isdisjoint((at - 1, at)) for at, one in enumerate(text)
        )

    def _rivals(self, heard: str, sentence: str) -> list[str] | None:
        """The sentence with the opposite of what it decides otherwise than was heard; None where
        it has another name or number."""
        if len(heard) != len(sentence):
            return []
        known, kept = self._names.places(heard), self._names.pieces(sentence)
        changed: set[int] = set()
        found: list[str] = []
        for at, (old, new) in enumerate(zip(heard, sentence, strict=True)):
            if old == new or (at not in known and is_same_sound(old, new)):
                continue
            if at in known or at in kept or old in _NUMBERS or new in _NUMBERS:
                return None
            changed.add(at)
            if old in _DECIDING:
                found.append(sentence[:at] + old + sentence[at + 1 :])
        return found + _turned(sentence, changed)


@lru_cache(maxsize=8)
def sentences_of(words: tuple[str, ...], names: tuple[str, ...] = ()) -> SentencesAlike:
    """The one for a vocabulary's words."""
    return SentencesAlike(words, names)


def _turned(sentence: str, changed: set[int]) -> list[str]:
    """The sentence with each word that has an opposite, and is among what changed, turned."""
    return [
        sentence[:at] + other + sentence[at + len(word) :]
        for word, others in _others().items()
        for at in range(len(sentence) - len(word) + 1)
        if sentence.startswith(word, at) and changed.intersection(range(at, at + len(word)))
        for other in others
    ]


def plain(text: str) -> str:
    """The text as it is spoken: its characters, digits as such, no marks."""
    return "".join(_SYLLABLE.findall(text)).translate(_DIGITS)


@cache
def _others() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for pair in _OPPOSITES.split():
        half = len(pair) // 2
        one, other = pair.split("-") if "-" in pair else (pair[:half], pair[half:])
        found.setdefault(one, {})[other] = None
        found.setdefault(other, {})[one] = None
    return {word: tuple(others) for word, others in found.items()}
