"""What the device asks when a call lacks something: in a person's words, with what can be chosen.

Questions are made of the declaration's own words, so that a capability of a third party is asked
about as well as a built-in one. A question never lists more than four choices: nobody keeps more in
mind while driving; any other choice is understood all the same.
"""

from collections.abc import Sequence

import msgspec

from edgewise.core.call import Missing
from edgewise.core.capability import Argument, Kind
from edgewise.core.words import Words

MOST_NAMED = 4
"""Choices that a question names; the working memory of a listener holds about four (Cowan 2001)."""

_COUNTED = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.DURATION})
_ASKING_EN = ("to whom", "whom", "who", "where", "what", "how", "when", "which")
_PERSON_ZH = ("人", "谁", "对方")
_PLACE_ZH = ("地", "地点", "位置")
_SWITCHES = {
    "locked": Words("Locked or unlocked?", "要上锁还是解锁？"),
    "open": Words("Open or closed?", "要打开还是关上？"),
    "fold": Words("Folded or unfolded?", "要折叠还是展开？"),
}


def question_for(argument: Argument) -> Missing:
    """What to ask for an argument that the person did not give."""
    choices = () if argument.kind in _COUNTED else argument.choices
    match argument.kind:
        case Kind.BOOLEAN:
            words = _SWITCHES.get(argument.name, Words("On or off?", "要打开还是关闭？"))
        case Kind.ZONE | Kind.ZONES:
            words = Words("Which seat or side do you mean?", "请问是哪个位置？")
        case Kind.CHOICE | Kind.CHOICES if choices:
            words = _which(argument)
        case Kind.NUMBER | Kind.INTEGER:
            words = _how_much(argument)
        case Kind.DURATION:
            words = Words("For how long?", "要多长时间？")
        case Kind.MOMENT:
            words = Words("For when?", "要定在什么时候？")
        case _:
            words = Words(_open_en(argument.words.en), _open_zh(argument.words.zh))
    return Missing(argument.name, words, tuple(c.value for c in choices))


def with_choices(missing: Missing, argument: Argument | None) -> Missing:
    """`missing` with its likely answers named in the question, unless it names them already or
    they are yes and no to the machine only, which is how nobody answers."""
    if argument is not None and argument.kind is Kind.BOOLEAN:
        return missing
    words = {c.value: c.words for c in argument.choices} if argument is not None else {}
    en, zh = missing.question.en.rstrip("?"), missing.question.zh.rstrip("？")
    names_en = [words[c].en if c in words else c for c in missing.choices if c]
    names_zh = [words[c].zh if c in words else c for c in missing.choices if c]
    said = all(name in en for name in names_en[:MOST_NAMED])
    if said or all(name in zh for name in names_zh[:MOST_NAMED]):
        return missing
    question = Words(
        f"{en}: {named(names_en, 'or', 'another')}?",
        f"{zh}：{named(names_zh, '还是', '其他', '、')}？",
    )
    return msgspec.structs.replace(missing, question=question)


def named(names: Sequence[str], last: str, other: str, between: str = ", ") -> str:
    """At most four of `names`, and then that there are others."""
    if len(names) > MOST_NAMED:
        return listed([*names[:MOST_NAMED], other], last, between)
    return listed(names, last, between)


def listed(words: Sequence[str], last: str, between: str = ", ") -> str:
    """`words` in a row with `last` before the last one."""
    if len(words) < 2:
        return "".join(words)
    gap = "" if between == "、" else " "
    return f"{between.join(words[:-1])}{gap}{last}{gap}{words[-1]}"


def _which(argument: Argument) -> Words:
    en = [choice.words.en for choice in argument.choices]
    zh = [choice.words.zh for choice in argument.choices]
    choose_en, choose_zh = named(en, "or", "another"), named(zh, "还是", "其他", "、")
    if len(en) == 2:
        return Words(f"{_capital(choose_en)}?", f"要{choose_zh}？")
    said = argument.words.en
    asking = said.startswith(_ASKING_EN) and said != "what"
    head = _open_en(said).rstrip("?") if asking else f"Which {said.replace('what', 'one')}"
    return Words(f"{head}: {choose_en}?", f"要哪种{argument.words.zh}：{choose_zh}？")


def _open_en(said: str) -> str:
    """ "to whom" asks by itself, "what to find" wants a "shall I", "name" wants a "what is"."""
    if said == "what":
        return "What exactly?"
    if said.startswith("what to "):
        return f"What shall I {said.removeprefix('what to ')}?"
    return f"{_capital(said)}?" if said.startswith(_ASKING_EN) else f"What is the {said}?"


def _open_zh(said: str) -> str:
    if any(word in said for word in ("谁", "哪", "什么", "几")):
        return f"请问{said}？"
    if said.endswith(_PERSON_ZH):
        return f"请问{said}是谁？"
    return f"请问{said}是哪里？" if said.endswith(_PLACE_ZH) else f"请问{said}是什么？"


def _how_much(argument: Argument) -> Words:
    en, zh, between_en, between_zh = argument.words.en, argument.words.zh, "", ""
    limits = limits_of(argument)
    if limits:
        unit = unit_of(argument)
        between_en = f", {limits[0]} to {limits[1]}{unit}"
        between_zh = f"（{limits[0]}到{limits[1]}{unit}）"
    return Words(f"What {en} would you like{between_en}?", f"{zh}要多少{between_zh}？")


def limits_of(argument: Argument) -> tuple[str, str] | None:
    """The least and the greatest value as they are said; `None` without limits."""
    if argument.minimum is None and argument.maximum is None:
        return None
    low = "…" if argument.minimum is None else f"{argument.minimum:g}"
    return low, "…" if argument.maximum is None else f"{argument.maximum:g}"


def unit_of(argument: Argument) -> str:
    """The unit as it stands behind a number."""
    return argument.unit if argument.unit in ("", "%") else f" {argument.unit}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
