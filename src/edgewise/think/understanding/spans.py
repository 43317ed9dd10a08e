"""Free text in a command: names, places, songs, message bodies, cut out as they were said.

Where a text argument stands is told by templates: the examples that a capability declares, with
the argument's value taken out, and the patterns of `span_patterns.py` for the frequent ways of
saying it. The template with the most fixed words that fits the whole clause wins. Names that the device knows
help where two texts touch ("text Emma happy birthday"); unknown names are taken as they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edgewise.core.capability import Capability, Kind
from edgewise.think.understanding.normalise import Normal, is_chinese, normalise
from edgewise.think.understanding.span_patterns import PATTERNS


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled pattern, its text arguments, and how many fixed characters it has."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    weight: int


_NUMBER = (
    r"(?:[\d.,]+|[零一二两三四五六七八九十百千万半]+|(?:an? )?(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand)(?:[ -](?:one|two|three|four|five|"
    r"six|seven|eight|nine|hundred|thousand))*)"
)
_SURNAME = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马方任袁柳史唐薛雷贺倪汤罗毕郝安常傅卞齐元顾孟平黄穆萧尹姚邵汪毛米贝明计戴宋庞熊纪舒项祝董梁杜阮蓝闵季贾路江郭梅林徐邱骆高夏蔡田胡凌霍万柯管卢莫房丁邓洪包左石崔龚程陆段侯武刘龙叶白赖乔谭温庄柴阎连艾向古易廖耿匡文欧聂曾关"  # noqa: E501
_PERSON_ZH = (
    r"(?:我?(?:妈妈?|爸爸?|老婆|老公|老板|爷爷|奶奶|外婆|外公|姐姐?|哥哥?|弟弟?|妹妹?|儿子|女儿|同事|朋友|媳妇)|他们?|她们?|大家|"
    rf"小[\u4e00-\u9fff](?![\u4e00-\u9fff]$)|[{_SURNAME}](?:总|经理|老师|医生|师傅|先生|女士|工|哥|姐|叔|阿姨)|"
    rf"[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?(?=我|你|他|她|咱|今|明|晚|会|要|别|记|快|可|不|已|在|到|车|路|说|去|生|开|给|带|把|会议|下|上|周)|"
    r"\d{3,}|[\u4e00-\u9fff]{2})"
)
_PERSON_EN = (
    r"(?:my \w+|(?:uncle|aunt|auntie|dr\.?|mr\.?|mrs\.?|ms\.?|grandma|grandpa|professor) \w+|him|her|them|\+?\d[\d-]{5,}(?: \d[\d-]*)*|"
    r"[\w'-]+(?: (?!I\b|I')(?-i:[A-Z])[\w'-]*)*)"
)
_NUMBER_SLOT = "\0"


def make_templates(capability: Capability) -> tuple[Template, ...]:
    """The templates of a capability, those with most fixed words first."""
    texts = [a.name for a in capability.arguments if a.kind is Kind.TEXT]
    if not texts:
        return ()
    lines: dict[str, None] = {}
    for pattern in PATTERNS.get(capability.name, ()):
        for line in _expand(pattern):
            lines[line] = None
    numeric = any(a.kind in (Kind.NUMBER, Kind.INTEGER) for a in capability.arguments)
    for example in (*capability.en, *capability.zh):
        line = _line_of(normalise(example.text).plain, example.arguments, texts, numeric)
        if line:
            lines[line] = None
    made = [_compile(line) for line in lines]
    return tuple(sorted(made, key=lambda t: (-t.weight, -len(t.names))))


def find_spans(
    templates: Sequence[Template], clause: Normal, known: Iterable[str]
) -> dict[str, str]:
    """Text arguments by name, as they were said; empty when no template fits."""
    same = clause.text.lower() == clause.plain
    names = sorted((n.lower() for n in known), key=len, reverse=True)
    for template in templates:
        match = template.pattern.fullmatch(clause.text if same else clause.plain)
        if match is None:
            continue
        found = {
            name: clause.text[match.start(name) : match.end(name)].strip(" ,.;:\"'")
            for name in template.names
            if match[name]
        }
        if all(found.values()):
            return _known_first(template, clause, found, names)
    return {}


def _known_first(
    template: Template, clause: Normal, found: dict[str, str], known: list[str]
) -> dict[str, str]:
    """Where a person and a text touch, a known name decides where one ends."""
    if "recipient" not in found or len(found) < 2:
        return found
    start = clause.plain.find(found["recipient"].lower())
    rest = clause.plain[start:] if start >= 0 else ""
    for name in known:
        whole = rest.startswith(name)
        touching = f"{found['recipient'].lower()}{found.get('body', '').lower()}".replace(" ", "")
        if whole and "body" in found and touching.startswith(name.replace(" ", "")):
            body = clause.text[start + len(name) :].strip(" ,:")
            if body and len(name) > len(found["recipient"]):
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


def _expand(pattern: str) -> list[str]:
    """All readings of a pattern with [a|b|] choices."""
    match = re.search(r"\[([^\]]*)\]", pattern)
    if match is None:
        return [re.sub(r" +", " ", pattern).strip()]
    return [
        line
        for choice in match[1].split("|")
        for line in _expand(pattern[: match.start()] + choice + pattern[match.end() :])
    ]


def _compile(line: str) -> Template:
    parts = [part for part in re.split(r"(\{\w+\})", line) if part]
    names: list[str] = []
    pieces: list[str] = []
    chinese = is_chinese(line)
    for i, part in enumerate(parts):
        if not part.startswith("{"):
            fixed = re.escape(part).replace(r"\ ", " ?" if chinese else " +")
            pieces.append(fixed.replace(_NUMBER_SLOT, _NUMBER).replace(re.escape(_NUMBER_SLOT), _NUMBER))
            continue
        name = part[1:-1]
        if name in names:
            pieces.append(".+?")
            continue
        names.append(name)
        rest = parts[i + 1 :]
        touches = len(rest) >= 2 and not rest[0].strip() or (rest[:1] and rest[0].startswith("{"))
        inner = (_PERSON_ZH if chinese else _PERSON_EN) if touches else ".+?"
        pieces.append(f"(?P<{name}>(?>{inner}))" if touches and not chinese else f"(?P<{name}>{inner})")
    fixed = re.sub(r"\{\w+\}|\s", "", line)
    return Template(re.compile("".join(pieces), re.IGNORECASE), tuple(names), len(fixed) * (2 if chinese else 1))
