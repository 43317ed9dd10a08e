"""Whom a message on a screen goes to, as far as the screen says it. Pure.

A line or a field for the recipient says it ("To: Anna", 收件人), else the heading nearest above the
field that is written in, else what stands at the top of the screen, else the page's title. It is
shown with the question and is part of what a yes is for (`act/screen_stakes.py`). What an app calls
its chats is the app's to say, so it may be wrong.
"""

from collections.abc import Iterable, Sequence

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_letters import plain
from edgewise.act.screen_words import commits, is_secret, is_sign, looks_up
from edgewise.core.regex import regex

_TO = regex(
    r"(?:to|send(?:ing)? to|recipients?|cc|bcc|收件人|收信人|接收人|发送?给|发往|抄送|密送|致)"
    r" ?(?:[:：] ?(?P<who>.+)|$)"
)
_TOP = 200
"""Thousandths of the screen in which a heading stands."""
_NO_HEADING = regex(
    r"(?:back|go back|menu|more(?: options)?|search|close|home|settings|edit|call|voice call"
    r"|video(?: call)?|new (?:chat|message)|options|info|cancel|navigate up|drawer"
    r"|返回|后退|菜单|更多|搜索|关闭|首页|设置|编辑|通话|语音通话|视频通话|选项|取消|新消息)"
)
_COUNT = regex(r"^\(\d+\+?\) ?| ?\(\d+\+?\)$")
"""Of what is unread, which goes on while a person thinks."""


def to_whom(seen: Seen) -> str:
    """The recipient that a screen names for what is written on it; "" where nothing is written,
    where what is sent is a secret, or where nobody is named."""
    named = list(dict.fromkeys(_named(seen.elements)))
    if named:
        return ", ".join(named)
    fields = [e for e in seen.elements if _holds_a_message(e)]
    if not fields or any(e.secret or _asks_for_a_secret(e) for e in seen.elements):
        return ""
    first = min(fields, key=lambda field: field.box[1])
    return (
        _nearest_heading(seen.elements, first)
        or _heading(seen.elements, first.box[1])
        or _titled(seen)
    )


def _holds_a_message(element: Element) -> bool:
    return element.role is Role.FIELD and not element.secret and not looks_up(element.text)


def _asks_for_a_secret(element: Element) -> bool:
    return element.role is Role.FIELD and is_secret(element.text)


def _named(elements: Sequence[Element]) -> Iterable[str]:
    """What stands in lines and fields for a recipient, or at the right of their label."""
    for element in elements:
        found = None if element.secret else _TO.fullmatch(plain(element.text))
        if found is None:
            continue
        if found["who"]:
            yield " ".join(element.text.split())
        elif element.role is not Role.FIELD:
            yield from _beside(element, elements)


def _beside(label: Element, elements: Sequence[Element]) -> Iterable[str]:
    """What stands in the row of a label, at its right."""
    y = label.centre.y
    for element in sorted(elements, key=lambda e: e.box[0]):
        in_row = element.box[1] <= y <= element.box[3] and element.box[0] >= label.box[2] - 1
        if in_row and not element.secret and not is_sign(element.text):
            yield " ".join(element.text.split())
            return


def _nearest_heading(elements: Sequence[Element], field: Element) -> str:
    """Of what the page calls headings the lowest above the field, those in its column first."""
    above = [e for e in elements if e.heading and e.box[3] <= field.box[1] and _says_where(e)]
    if not above:
        return ""
    nearest = max(above, key=lambda e: (_is_in_column(e, field), e.box[3]))
    return " ".join(nearest.text.split())


def _is_in_column(element: Element, field: Element) -> bool:
    return element.box[0] < field.box[2] and field.box[0] < element.box[2]


def _heading(elements: Sequence[Element], above: int) -> str:
    """The words at the top of the screen that say where one is, texts before buttons."""
    top = [e for e in elements if e.box[3] <= min(above, _TOP) and _says_where(e)]
    top.sort(key=lambda e: (e.role is not Role.TEXT, e.box[1], e.box[0]))
    return " ".join(top[0].text.split()) if top else ""


def _says_where(element: Element) -> bool:
    bare = plain(element.text)
    shown = element.role in (Role.TEXT, Role.BUTTON, Role.LINK, Role.OTHER) and not element.secret
    letters = any(map(str.isalpha, bare))
    return shown and letters and not (_NO_HEADING.fullmatch(bare) or commits(bare))


def _titled(seen: Seen) -> str:
    title = _COUNT.sub("", seen.title.strip())
    return "" if title == seen.app else title
