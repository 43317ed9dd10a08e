"""What a screen shows, for a person in a few words and for a program as rows.

Pure. Secret fields are named and never told; long screens are told as far as a listener follows.
"""

from edgewise.act.catalogue.screen_target import ACTIVE, in_order, is_within
from edgewise.act.screen import Element, Seen
from edgewise.act.screen_step import short_name
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words

LONGEST_SAID = 400
"""Characters of a screen that are read out: half a minute of speech."""
MOST_ROWS = 200
MOST_NAMED = 6
_SECRET = Words("a field for a secret", "保密输入框")


def told(seen: Seen) -> Words:
    """What is on the screen, in reading order, for the ear."""
    en, zh = _listed(_texts(seen, _SECRET.en), "; "), _listed(_texts(seen, _SECRET.zh), "；")
    titled = f"“{seen.title}”" if seen.title and seen.title != seen.app else ""
    place_en = f"{seen.app}, {titled}" if titled else seen.app
    place_zh = f"{seen.app}{titled}"
    if not en[0]:
        return Words(f"{place_en} shows no words.", f"{place_zh}上没有文字。")
    more_en = f"; and {en[1]} more" if en[1] else ""
    more_zh = f"；还有{zh[1]}项" if zh[1] else ""
    return Words(f"{place_en}: {en[0]}{more_en}.", f"{place_zh}：{zh[0]}{more_zh}。")


def _listed(texts: list[str], between: str) -> tuple[str, int]:
    """As many of `texts` as a listener follows, at least one, and how many are left."""
    kept, length = 0, 0
    for text in texts:
        length += len(text)
        if kept and length > LONGEST_SAID:
            break
        kept += 1
    short = (t if len(t) <= LONGEST_SAID else t[: LONGEST_SAID - 1] + "…" for t in texts[:kept])
    return between.join(short), len(texts) - kept


def shown(seen: Seen) -> dict[str, JsonValue]:
    """The screen as rows in reading order; boxes are x0, y0, x1, y1 in thousandths. The words of
    secret fields are left out."""
    rows = [
        {
            "text": "" if element.secret else element.text,
            "role": element.role.value,
            "box": list(element.box),
            "secret": element.secret,
            "focused": element.focused,
        }
        for element in in_order(seen.elements)[:MOST_ROWS]
    ]
    return {"app": seen.app, "title": seen.title, "elements": rows}


def names_on(seen: Seen) -> tuple[str, str]:
    """What could be touched instead, as the end of a sentence in both languages."""
    active = [e for e in in_order(seen.elements) if e.role in ACTIVE] or in_order(seen.elements)
    names = list(dict.fromkeys(name for e in active if (name := short_name(e))))[:MOST_NAMED]
    if not names:
        return "there is nothing on it that has a name", "上面没有带名称的内容"
    return f"there is {', '.join(names)}", f"上面有{'、'.join(names)}"


def _texts(seen: Seen, secret: str) -> list[str]:
    """What stands there; once what a button and its label both say."""
    told: list[Element] = []
    for element in in_order(seen.elements):
        twin = any(is_within(element, e) or is_within(e, element) for e in told
                   if e.text.split() == element.text.split())  # fmt: skip
        if not twin and (element.secret or element.text.split()):
            told.append(element)
    return [secret if e.secret else " ".join(e.text.split()) for e in told]
