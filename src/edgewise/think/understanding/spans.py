"""Free text in a command: names, places, songs, message bodies, cut out as they were said.

Where a text argument stands is told by templates: the examples that a capability declares, with
the argument's value taken out, and the patterns of `span_patterns.py` for the frequent ways of
saying it. The template with the most fixed words that fits the whole clause wins. Names that the device knows
help where two texts touch ("text Emma happy birthday"); unknown names are taken as they are.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edgewise.core.capability import Capability, Kind
from edgewise.core.regex import regex
from edgewise.think.understanding.normalise import EDGES, Normal, is_chinese, normalise
from edgewise.think.understanding.span_patterns import PATTERNS


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled pattern and its text arguments."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]


_NUMBER = (
    r"(?:[\d.,]+|[零一二两三四五六七八九十百千万半]+|(?:an? )?(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand)(?:[ -](?:one|two|three|four|five|"
    r"six|seven|eight|nine|hundred|thousand))*)"
)
_SURNAME = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马方任袁柳史唐薛雷贺倪汤罗毕郝安常傅卞齐元顾孟平黄穆萧尹姚邵汪毛米贝明计戴宋庞熊纪舒项祝董梁杜阮蓝闵季贾路江郭梅林徐邱骆高夏蔡田胡凌霍万柯管卢莫房丁邓洪包左石崔龚程陆段侯武刘龙叶白赖乔谭温庄柴阎连艾向古易廖耿匡文欧聂曾关"
_PERSON_ZH = (
    r"(?:我?(?:妈妈?|爸爸?|老婆|老公|老板|爷爷|奶奶|外婆|外公|姐姐?|哥哥?|弟弟?|妹妹?|儿子|女儿|同事|朋友|媳妇)|他们?|她们?|大家|"
    rf"小[\u4e00-\u9fff](?![\u4e00-\u9fff]$)|[{_SURNAME}](?:总|经理|老师|医生|师傅|先生|女士|工|哥|姐|叔|阿姨)|"
    rf"[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?(?=我|你|他|她|咱|今|明|晚|会|要|别|记|快|可|不|已|在|到|车|路|说|去|生|开|给|带|把|会议|下|上|周)|"
    r"\d{3,}|(?:欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|东方)(?:[\u4e00-\u9fff]{1,2}(?=我|你|他|她|今|明|晚|会))?|[\u4e00-\u9fff]{2})"
)
_PERSON_EN = (
    r"(?:my \w+|(?:uncle|aunt|auntie|dr\.?|mr\.?|mrs\.?|ms\.?|grandma|grandpa|professor) \w+|him|her|them|\+?\d[\d-]{5,}(?: \d[\d-]*)*|"
    r"[\w'-]+(?: (?!I\b|I')(?-i:[A-Z])[\w'-]*)*)"
)
_NUMBER_SLOT = "\0"


def make_templates(capability: Capability) -> tuple[Template, ...]:
    """The templates of a capability; compiling them takes some milliseconds."""
    texts = [a.name for a in capability.arguments if a.kind is Kind.TEXT]
    lines: dict[str, None] = {}
    if texts:
        for pattern in PATTERNS.get(capability.name, ()):
            for line in _apart(pattern):
                lines[line] = None
    numeric = any(a.kind in (Kind.NUMBER, Kind.INTEGER) for a in capability.arguments)
    for example in (*capability.en, *capability.zh) if texts else ():
        line = _line_of(normalise(example.text).plain, example.arguments, texts, numeric)
        if line:
            lines[line] = None
    return tuple(_compile(line) for line in lines)


def find_spans(
    templates: Sequence[Template], clause: Normal, known: Iterable[str]
) -> dict[str, str]:
    """Text arguments by name, as they were said; empty when no template fits."""
    subject = clause.text if clause.text.lower() == clause.plain else clause.plain
    best: tuple[int, int] = (0, 0)
    found: dict[str, str] = {}
    for template in templates:
        match = template.pattern.fullmatch(subject)
        if match is None:
            continue
        places = {name: match.span(name) for name in template.names if match[name]}
        values = {name: _bare(clause.text[a:b]) for name, (a, b) in places.items()}
        weight = (len(subject) - sum(b - a for a, b in places.values()), len(values))
        if weight > best and all(values.values()):
            best, found = weight, values
    if not found:
        return {}
    return _known_first(clause, found, sorted((n.lower() for n in known), key=len, reverse=True))


_LEADING = regex(r"^(?:一下子?|一家|一个|一趟|一首|一条|一些|个|下)(?=..)")


def _bare(value: str) -> str:
    """A name without marks and leading words; empty if it is an article and no name."""
    name = _LEADING.sub("", value.strip(EDGES + "《》"))
    return "" if name.lower() in ("the", "a", "an", "my") else name


def _known_first(clause: Normal, found: dict[str, str], known: list[str]) -> dict[str, str]:
    """Where a person and a text touch, a known name decides where one ends."""
    if "recipient" not in found or "body" not in found:
        return found
    start = clause.plain.find(found["recipient"].lower())
    rest = clause.plain[start:] if start >= 0 else ""
    for name in known:
        after = rest[len(name) : len(name) + 1]
        whole = rest.startswith(name) and not (name.isascii() and after.isalnum())
        if whole and rest.strip(EDGES) == name:
            return {"recipient": clause.text[start : start + len(name)]}
        touching = f"{found['recipient'].lower()}{found.get('body', '').lower()}".replace(" ", "")
        if whole and "body" in found and touching.startswith(name.replace(" ", "")):
            body = clause.text[start + len(name) :].strip(" ,:，：")
            if body and name != found["recipient"].lower():
                return found | {"recipient": clause.text[start : start + len(name)], "body": body}
    return found


def _line_of(
    plain: str, arguments: dict[str, object], texts: list[str], numeric: bool
) -> str | None:
    """An example as a line with `{name}` in the place of each text; `None` if a value is not in it."""
    line, there = plain.strip(" .!?"), 0
    for name in sorted(texts, key=lambda n: -len(str(arguments.get(n, "")))):
        value = arguments.get(name)
        if not isinstance(value, str):
            continue
        shown = normalise(value).plain
        at = line.find(shown)
        if at < 0 or "{" in line[max(0, at - 1) : at + len(shown)]:
            return None
        line = line[:at] + "{" + name + "}" + line[at + len(shown) :]
        there += 1
    if not there or not re.sub(r"\{\w+\}|\W", "", line):
        return None
    if numeric:
        parts = re.split(r"(\{\w+\})", line)
        line = "".join(p if p.startswith("{") else re.sub(_NUMBER, _NUMBER_SLOT, p) for p in parts)
    return line


_BETWEEN = regex(r"(?<=\})( *)\[([^\]]*\|)\]( *)(?=\{)")


def _apart(pattern: str) -> list[str]:
    """A pattern whose two texts may touch, as two: with the words between them and without."""
    match = _BETWEEN.search(pattern)
    if match is None:
        return [pattern]
    between = f"{match[1]}[{match[2][:-1]}]{match[3]}"
    touching = " " if match[1] or match[3] else ""
    return [
        pattern[: match.start()] + middle + pattern[match.end() :] for middle in (between, touching)
    ]


def _compile(line: str) -> Template:
    parts = [part for part in re.split(r"(\{\w+\})", line) if part]
    names: list[str] = []
    pieces: list[str] = []
    chinese = is_chinese(line)
    for i, part in enumerate(parts):
        if not part.startswith("{"):
            pieces.append(_fixed(part, chinese=chinese))
            continue
        name = part[1:-1]
        if name in names:
            pieces.append(".+?")
            continue
        names.append(name)
        rest = parts[i + 1 :]
        touches = bool(rest) and (
            rest[0].startswith("{") or (len(rest) > 1 and not rest[0].strip())
        )
        inner = (_PERSON_ZH if chinese else f"(?>{_PERSON_EN})") if touches else ".+?"
        pieces.append(f"(?P<{name}>{inner})")
    return Template(regex("".join(pieces), re.IGNORECASE), tuple(names))


def _fixed(part: str, *, chinese: bool) -> str:
    """Fixed words as an expression; [a|b|] becomes a group, its longest choice first."""
    made = ""
    for piece in re.split(r"(\[[^\]]*\])", part):
        if piece.startswith("["):
            choices = sorted(piece[1:-1].split("|"), key=len, reverse=True)
            made += "(?:" + "|".join(_words(c, chinese=chinese) for c in choices) + ")"
        else:
            made += _words(piece, chinese=chinese)
    return made


def _words(text: str, *, chinese: bool) -> str:
    escaped = re.escape(text).replace(r"\ ", " ?" if chinese else " +")
    return escaped.replace(re.escape(_NUMBER_SLOT), _NUMBER).replace(_NUMBER_SLOT, _NUMBER)
