"""What on a screen a person means: "the login button", 搜索框, "the second Add".

Pure: words and what is seen in, the elements that they fit equally well out. Words of a role
("button", 输入框) choose among elements and are no part of a name; some names are known in both
languages, since people speak theirs to an app in the other. Whether a tap there may be is decided
afterwards, from what lies under the point and not from these words.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from edgewise.act.catalogue.rows import plain
from edgewise.act.screen import Element, Key, Role, Seen
from edgewise.core.regex import regex

ACTIVE = (Role.BUTTON, Role.FIELD, Role.LINK, Role.SWITCH)
"""What is there to be touched; a text beside it usually names it."""
ROLE_WORDS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.FIELD, ("text field", "input field", "text box", "input box", "field", "box", "input",
                  "search bar", "bar", "输入框", "文本框", "输入栏", "框", "栏")),
    (Role.BUTTON, ("push button", "button", "key", "icon", "按钮", "按键", "图标", "键")),
    (Role.LINK, ("hyperlink", "link", "超链接", "链接")),
    (Role.SWITCH, ("toggle switch", "check box", "checkbox", "switch", "toggle", "slider",
                   "复选框", "开关", "滑块")),
    (Role.IMAGE, ("picture", "image", "photo", "图片", "照片")),
    (Role.OTHER, ("menu item", "option", "entry", "item", "tab", "选项卡", "标签", "选项")),
)  # fmt: skip
"""Words of roles, the longer before the shorter; OTHER: they say nothing of the role."""
SAME = (
    ("log in", "login", "sign in", "登录", "登陆"), ("search", "搜索", "查找", "搜一下"),
    ("settings", "preferences", "设置"), ("back", "go back", "返回", "后退"),
    ("ok", "okay", "确定", "好", "好的"), ("confirm", "确认"), ("cancel", "取消"),
    ("next", "下一步", "下一个"), ("previous", "上一步", "上一个"), ("send", "发送"),
    ("close", "关闭"), ("menu", "菜单"), ("more", "更多"), ("home", "home page", "首页", "主页"),
    ("done", "完成"), ("save", "保存"), ("delete", "删除"), ("edit", "编辑"), ("share", "分享"),
    ("password", "密码"), ("user name", "username", "用户名"), ("account", "账号", "帐号", "账户"),
    ("phone number", "手机号", "手机号码", "电话号码"), ("email", "e-mail", "邮箱"),
    ("address", "地址"), ("message", "消息"), ("play", "播放"), ("pause", "暂停"),
    ("download", "下载"), ("refresh", "reload", "刷新"), ("add", "添加"), ("pay", "支付", "付款"),
    ("sign up", "register", "注册"), ("submit", "提交"), ("yes", "是"), ("no", "否"),
    ("accept", "接受"), ("agree", "同意"), ("skip", "跳过"), ("start", "开始"), ("help", "帮助"),
)  # fmt: skip
"""Names that mean the same."""
KEY_NAMES = {
    Key.BACK: ("back", "go back", "返回", "后退", "返回上一页", "上一页"),
    Key.HOME: ("home", "home screen", "主页", "主屏幕", "主屏", "桌面", "home页"),
    Key.ENTER: ("enter", "return", "回车", "enter键"),
}
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "fifth": 4,
    "last": -1, "第一": 0, "第二": 1, "第三": 2, "第四": 3, "第五": 4, "最后一": -1,
}  # fmt: skip
_ORDINAL = regex(
    r"^(?:the )?(first|second|third|fourth|fifth|last|1st|2nd|3rd)\b ?(?:one\b)?"
    r"|^(第[一二三四五]|最后一)[个条项]?"
)
_LEADING = regex(
    r"^(?:on |at |in |into )?(?:(?:the|a|an|my|this|that) )?|^(?:那个|这个|上面的|下面的)"
)
_TRAILING = regex(r"(?:[里中上]面?|的)$")


def meant(seen: Seen, words: str) -> list[Element]:
    """The elements that `words` name equally well, in reading order; none if nothing fits.

    "The second Add" is one of several; a mere "the second" names nothing, for it may answer a
    question of which only the asker knows what was counted.
    """
    found = _ORDINAL.match(plain(words))
    if found is None:
        return _named(seen, words)
    which = _ORDINALS[found[1] or found[2]]
    among = _named(seen, plain(words)[found.end() :])
    return among[which:][:1] if which < 0 or which < len(among) else []


def fields_meant(seen: Seen, words: str) -> list[Element]:
    """The fields that `words` name: by what they say, or by the text that stands beside them."""
    fields = [e for e in in_order(seen.elements) if e.role is Role.FIELD]
    named = [e for e in meant(seen, words) if e.role is Role.FIELD]
    if named or not fields:
        return named
    own = meant(Seen(seen.app, seen.title, seen.width, seen.height, tuple(fields)), words)
    beside = {id(f): f for e in meant(seen, words) if (f := _beside(e, fields)) is not None}
    return own or list(beside.values())


def key_meant(words: str) -> Key | None:
    """The key that `words` name, for a screen that shows none of that name."""
    bare, _ = _bare(words)
    return next((key for key, names in KEY_NAMES.items() if bare in names), None)


def counted(words: str, how_many: int) -> tuple[str, ...]:
    """What to say to have one of several that `words` name alike: "first Add", 第一个添加."""
    name = _LEADING.sub("", plain(words))
    firsts = ("first", "second", "third", "fourth", "fifth")
    if name.isascii():
        return tuple(f"{first} {name}" for first in firsts[:how_many])
    return tuple(f"第{number}个{name}" for number in "一二三四五"[:how_many])


def is_named(element: Element, words: str) -> bool:
    """Whether `words`, but for a word of its role, are the element's whole name."""
    bare, _ = _bare(words)
    return bool(bare) and any(_same(plain(element.text), name) for name in _names(bare))


def is_within(inner: Element, outer: Element) -> bool:
    """Whether one box lies in the other, or on it."""
    a, b = inner.box, outer.box
    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]


def in_order(elements: Iterable[Element]) -> list[Element]:
    """Elements as a person reads them: line by line, from the left."""
    return sorted(elements, key=lambda e: (round((e.box[1] + e.box[3]) / _LINE), e.box[0]))


_LINE = 50
"""Twice the height of a line of text, in thousandths of the screen."""


def _named(seen: Seen, words: str) -> list[Element]:
    whole = plain(words)
    bare, role = _bare(words)
    shown = [e for e in in_order(seen.elements) if plain(e.text)]
    if not bare:
        return [e for e in in_order(seen.elements) if e.role is role] if role else []
    others = [name for name in _names(bare) if name != bare]
    tests: list[Callable[[str], bool]] = [
        lambda text: text == whole,
        lambda text: text == bare,
        lambda text: _same(text, bare),
        lambda text: any(_same(text, name) for name in others),
        lambda text: _holds(text, bare),
        lambda text: any(_holds(text, name) for name in others),
    ]
    for test in tests:
        found = [element for element in shown if test(plain(element.text))]
        if found:
            return _likeliest(found, role)
    return []


def _likeliest(found: Sequence[Element], role: Role | None) -> list[Element]:
    """Of elements that are named alike those of the role that was said, else those that are there
    to be touched; of one within another of the same name, one."""
    right = [e for e in found if e.role is role] if role is not None else []
    kept = right or _active(found) or list(found)
    once: list[Element] = []
    for element in sorted(kept, key=lambda e: e.area):
        inner = (o for o in once if is_within(o, element) and plain(o.text) == plain(element.text))
        if next(inner, None) is None:
            once.append(element)
    return in_order(once)


def _active(elements: Iterable[Element]) -> list[Element]:
    return in_order(e for e in elements if e.role in ACTIVE)


def _bare(words: str) -> tuple[str, Role | None]:
    """A name without article and role, and the role. All of it if nothing else is left, but for
    the role alone: "the button" has no name."""
    name = _LEADING.sub("", plain(words))
    name = _TRAILING.sub("", name) or name
    for role, said in ROLE_WORDS:
        for word in said:
            if name == word:
                return ("", role) if role is not Role.OTHER else (name, None)
            ends = name.endswith(word if not word.isascii() else " " + word)
            if ends:
                rest = _TRAILING.sub("", name.removesuffix(word).strip())
                return _LEADING.sub("", rest), role if role is not Role.OTHER else None
    return name, None


def _names(bare: str) -> list[str]:
    """`bare`, and what means the same."""
    return [bare, *(n for group in SAME if bare in group for n in group if n != bare)]


def _same(text: str, name: str) -> bool:
    return _tight(text) == _tight(name)


def _tight(text: str) -> str:
    return re.sub(r"[^\w]+", "", text)


def _holds(text: str, name: str) -> bool:
    """Whether the words of `name` stand in `text`; Chinese has no blanks between words."""
    if not name.isascii():
        return _tight(name) in _tight(text)
    return _spaced(name) in _spaced(text)


def _spaced(text: str) -> str:
    return f" {' '.join(re.findall(_WORD, text))} "


_WORD = r"\w+"


def _beside(label: Element, fields: Sequence[Element]) -> Element | None:
    """The field that a text names: the nearest at its right or below it."""
    x0, y0, x1, y1 = label.box

    def distance(field: Element) -> int | None:
        fx0, fy0, fx1, fy1 = field.box
        if fx0 >= x1 - _SLACK and min(y1, fy1) > max(y0, fy0):
            return max(0, fx0 - x1)
        if fy0 >= y1 - _SLACK and min(x1, fx1) > max(x0, fx0):
            return max(0, fy0 - y1)
        return None

    near = [(d, n) for n, field in enumerate(fields) if (d := distance(field)) is not None]
    best = min(near, default=None)
    return fields[best[1]] if best is not None and best[0] <= _NEAR else None


_SLACK, _NEAR = 10, 120
"""Thousandths by which boxes may overlap, and beyond which a text names nothing."""
