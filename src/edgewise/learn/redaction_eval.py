"""How much personal data the recognisers find: on a public English set, and on Chinese sentences
made here with a seed.

A value counts as found only if every letter and digit of it is covered, whatever the kind; a
finding counts as right if it touches a value of a kind that it means. Of the public set's 17 types
eleven have a recogniser; the others (`NOT_COVERED`) say nothing of a person alone, or are what an
answer needs. Two warnings. The rules were written with the public sentences in view, so that its
figures are no forecast for other texts; only the held-out part is one. The Chinese cases are made
by templates of our own: they show that no form is broken, not how people write.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from edgewise.errors import UserError
from edgewise.learn.report import Result, measure
from edgewise.route.recognise import Known, Names, recognise
from edgewise.route.recognise.checksums import (
    car_check,
    company_check,
    luhn,
    resident_check,
)
from edgewise.route.recognise.found import Kind

PII = "pii"
CHECKED_RECALL = 0.995
ALL_RECALL = 0.85
PRECISION = 0.9
KINDS: dict[str, frozenset[Kind]] = {
    "PERSON": frozenset({Kind.PERSON}),
    "STREET_ADDRESS": frozenset({Kind.ADDRESS}),
    "ZIP_CODE": frozenset({Kind.ADDRESS}),
    "GPE": frozenset({Kind.ADDRESS}),
    "CREDIT_CARD": frozenset({Kind.CARD}),
    "PHONE_NUMBER": frozenset({Kind.PHONE}),
    "DATE_TIME": frozenset({Kind.BIRTHDAY}),
    "AGE": frozenset({Kind.AGE}),
    "EMAIL_ADDRESS": frozenset({Kind.EMAIL}),
    "IP_ADDRESS": frozenset({Kind.IP}),
    "US_SSN": frozenset({Kind.SSN}),
    "IBAN_CODE": frozenset({Kind.IBAN}),
    "US_DRIVER_LICENSE": frozenset({Kind.LICENCE}),
}
"""What a type of the public set may be found as."""
NOT_COVERED = frozenset({"GPE", "ORGANIZATION", "NRP", "TITLE", "DATE_TIME", "DOMAIN_NAME"})
"""Without a recogniser of their own. Towns are found in addresses, dates only as birthdays, links
only with a key or with personal data in them."""
CHECKED = frozenset({"CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IP_ADDRESS", "US_SSN",
                     "IBAN_CODE", "US_DRIVER_LICENSE", "AGE"})  # fmt: skip
"""Types told by a check or a shape."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and its values: type, start, end."""

    text: str
    values: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts: values by type and how many were found, findings by kind and how many were right."""

    values: Counter[str]
    hidden: Counter[str]
    findings: Counter[Kind]
    right: Counter[Kind]

    def recall(self, types: Iterable[str]) -> float:
        """Share of the values of `types` that were found."""
        types = tuple(types)
        return _share(sum(self.hidden[each] for each in types),
                      sum(self.values[each] for each in types))  # fmt: skip

    def precision(self, kinds: Iterable[Kind] | None = None) -> float:
        """Share of the findings that were right."""
        chosen = tuple(self.findings if kinds is None else kinds)
        return _share(sum(self.right[each] for each in chosen),
                      sum(self.findings[each] for each in chosen))  # fmt: skip


def redaction_figures(data: Path, *, chinese: int = 2000, seed: int = 5) -> list[Result]:
    """All figures: of the public set below `data` (a folder with `pii/data.jsonl`), and of Chinese
    cases. Raises UserError when the set is not there."""
    public = tally(public_cases(data))
    made = tally(chinese_cases(chinese, seed))
    covered = [each for each in public.values if each not in NOT_COVERED]
    checked = [each for each in covered if each in CHECKED]
    chinese_checked = [each for each in made.values if each != "PERSON"]
    kinds = frozenset[Kind]().union(*(KINDS[each] for each in checked))
    results = [
        measure("redaction_en_checked_recall", public.recall(checked), "share",
                at_least=CHECKED_RECALL),
        measure("redaction_en_checked_precision", public.precision(kinds), "share",
                at_least=PRECISION),
        measure("redaction_en_covered_recall", public.recall(covered), "share",
                at_least=ALL_RECALL),
        measure("redaction_en_all_17_recall", public.recall(public.values), "share",
                at_least=ALL_RECALL),
        measure("redaction_en_precision", public.precision(), "share", at_least=PRECISION),
        measure("redaction_zh_checked_recall", made.recall(chinese_checked), "share",
                at_least=CHECKED_RECALL),
        measure("redaction_zh_precision", made.precision(), "share", at_least=PRECISION),
    ]  # fmt: skip
    for name, counts in (("en", public), ("zh", made)):
        results += [
            measure(f"redaction_{name}_recall_{each.lower()}", counts.recall([each]),
                    f"share of {counts.values[each]}")
            for each in sorted(counts.values)
        ]  # fmt: skip
        results += [
            measure(f"redaction_{name}_precision_{kind.name.lower()}", counts.precision([kind]),
                    f"share of {counts.findings[kind]}")
            for kind in sorted(counts.findings)
        ]  # fmt: skip
    return results


def tally(cases: Iterable[Case]) -> Tally:
    """What `recognise` finds of the cases, without any known name."""
    names = Names(Known())
    counts = Tally(Counter(), Counter(), Counter(), Counter())
    for case in cases:
        findings = recognise(case.text, names)
        hidden = {place for one in findings for place in range(one.start, one.end)}
        for kind, start, end in case.values:
            counts.values[kind] += 1
            counts.hidden[kind] += all(
                place in hidden for place in range(start, end) if case.text[place].isalnum()
            )
        for one in findings:
            counts.findings[one.kind] += 1
            counts.right[one.kind] += any(
                start < one.end and one.start < end and one.kind in KINDS.get(kind, _own(kind))
                for kind, start, end in case.values
            )
    return counts


def public_cases(data: Path) -> list[Case]:
    """The public set's sentences. Raises UserError when it is not there."""
    path = data / PII / "data.jsonl"
    if not path.is_file():
        raise UserError(f"no sentences at {path}: give the folder that holds {PII}/data.jsonl")
    rows = [cast(dict[str, Any], json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    return [
        Case(
            row["text"],
            tuple(
                (span["entity_type"], span["start_position"], span["end_position"])
                for span in row["spans"]
            ),
        )
        for row in rows
    ]


Maker = Callable[[random.Random], str]


def chinese_cases(count: int, seed: int) -> list[Case]:
    """Sentences with one value or two, and one in four without any (`_HARMLESS`)."""
    chance = random.Random(seed)
    return [
        Case(_harmless(chance), ()) if place % 4 == 3 else _filled(chance) for place in range(count)
    ]


def _filled(chance: random.Random) -> Case:
    text, values = "", list[tuple[str, int, int]]()
    for kind in chance.sample(sorted(_MAKERS), chance.choice((1, 1, 2))):
        make, frames = _MAKERS[kind]
        before, _, after = chance.choice(frames).partition("{}")
        value = make(chance)
        text += before
        values.append((kind, len(text), len(text) + len(value)))
        text += value + after
    return Case(text, tuple(values))


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def make_resident_id(chance: random.Random) -> str:
    """A resident ID whose check holds; one in five of the old form, some in groups."""
    area = chance.choice(("110105", "310104", "440106", "510107", "330102", "650103"))
    born = f"{chance.randint(1940, 2009)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if chance.random() < 0.2:
        return area + born[2:] + _digits(chance, 3)
    body = area + born + _digits(chance, 3)
    whole = body + resident_check(body)
    form = chance.randrange(4)
    return f"{whole[:6]} {whole[6:14]} {whole[14:]}" if form == 0 else _styled(chance, whole)


def make_card(chance: random.Random) -> str:
    """A bank card whose check holds, of 16 or 19 digits."""
    head = chance.choice(("622202", "622848", "621700", "455880", "524094", "356889", "955880"))
    body = head + _digits(chance, 12 if head[0] in "69" else 9)
    whole = body + next(sign for sign in "0123456789" if luhn(body + sign) == 0)
    if chance.random() < 0.5:
        gap = chance.choice(" -")
        return gap.join(whole[place : place + 4] for place in range(0, len(whole), 4))
    return _styled(chance, whole)


def make_company(chance: random.Random) -> str:
    """A unified social credit code whose check holds."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = (
        "91" + chance.choice(("110108", "310115", "440300")) + "".join(chance.choices(letters, k=9))
    )
    return body + company_check(body + "0")


def make_vin(chance: random.Random) -> str:
    """A Chinese vehicle's number whose check holds."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    body = chance.choice(("LSV", "LFV", "LGX", "LRW")) + "".join(chance.choices(letters, k=5))
    tail = "".join(chance.choices(letters, k=4)) + _digits(chance, 4)
    return body + car_check(body + "0" + tail) + tail


def make_plate(chance: random.Random) -> str:
    """An ordinary plate, one of new energy, of the police, of a school, of Hong Kong."""
    head = chance.choice("京沪粤苏浙川渝鲁") + chance.choice("ABCDEFGH") + chance.choice(("", "·"))
    sign = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return chance.choice((
        head + chance.choice(sign) + _digits(chance, 4),
        head + _digits(chance, 5),
        head + chance.choice("DF") + _digits(chance, 5),
        head + _digits(chance, 5) + chance.choice("DF"),
        head + _digits(chance, 4) + chance.choice("警学挂"),
        "粤Z·" + _digits(chance, 4) + chance.choice("港澳"),
    ))  # fmt: skip


def make_phone(chance: random.Random) -> str:
    """A mobile in several spellings, or a landline."""
    mobile = "1" + chance.choice("3456789") + _digits(chance, 9)
    return chance.choice((
        _styled(chance, mobile),
        f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        f"+86 {mobile}",
        f"0{chance.choice(('10', '21', '755', '571'))}-{chance.randint(2, 8)}{_digits(chance, 7)}",
        mobile.translate(str.maketrans("0123456789", "零幺二三四五六七八九")),
    ))  # fmt: skip


def make_address(chance: random.Random) -> str:
    """A street, a number, a door."""
    town = chance.choice(("北京市朝阳区", "上海市徐汇区", "广东省深圳市南山区", "成都市武侯区"))
    road = chance.choice(("建国路", "漕溪北路", "科技南十二路", "人民南路四段", "文三路"))
    door = chance.choice(("", f"{chance.randint(1, 30)}号楼{chance.randint(101, 2808)}室",
                          f"{chance.randint(1, 9)}栋{chance.randint(1, 4)}单元{chance.randint(101, 909)}"))  # fmt: skip  # noqa: E501
    return f"{town}{road}{chance.randint(1, 999)}号{door}"


def make_email(chance: random.Random) -> str:
    """A mail address."""
    name = chance.choice(("wang.xm", "li_lei", "zhang", "hanmei")) + _digits(chance, 3)
    return f"{name}@{chance.choice(('qq.com', '163.com', 'example.com.cn'))}"


def make_position(chance: random.Random) -> str:
    """Latitude and longitude in China."""
    return f"{chance.uniform(20, 45):.6f}, {chance.uniform(90, 125):.6f}"


def make_password(chance: random.Random) -> str:
    """A word as people choose them."""
    return chance.choice(("Xiaoming", "iloveyou", "qwerty", "Long#Pass")) + _digits(chance, 4)


def make_code(chance: random.Random) -> str:
    """A one-time code."""
    return str(chance.randint(1000, 999999))


def make_person(chance: random.Random) -> str:
    """A name that is in nobody's phone book."""
    given = chance.choice(("伟", "芳", "秀英", "建国", "小雨", "子轩", "敏", "志强"))
    return chance.choice("王李张刘陈杨黄赵吴周徐孙") + given


def _styled(chance: random.Random, number: str) -> str:
    """Mostly as it is; now and then in full width or with an invisible sign in it."""
    form = chance.random()
    if form < 0.1:
        return "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    return f"{number[:4]}\u200b{number[4:]}" if form < 0.2 else number


_MAKERS: dict[str, tuple[Maker, Sequence[str]]] = {
    "RESIDENT_ID": (make_resident_id, ("我的身份证号是{}，", "登记用{}。", "证件号码：{}；")),
    "CARD": (make_card, ("从银行卡{}扣款，", "工资卡{}里还有多少，", "卡号{}。")),
    "COMPANY": (make_company, ("发票抬头税号{}，", "统一社会信用代码：{}。")),
    "VIN": (make_vin, ("车架号{}，", "帮我查一下{}的保养记录。", "VIN：{}，")),
    "PLATE": (make_plate, ("我的车牌是{}，", "前面那辆{}别我，", "{}停在哪里？")),
    "PHONE": (make_phone, ("打给{}，", "我的手机号{}，", "联系电话：{}。", "有事找{}吧，")),
    "ADDRESS": (make_address, ("导航到{}，", "我家住在{}，", "收货地址：{}。", "快递送到{}，")),
    "EMAIL": (make_email, ("发邮件到{}，", "邮箱{}，", "抄送{}。")),
    "LOCATION": (make_position, ("我在{}，", "当前位置：{}。", "坐标{}，")),
    "PASSWORD": (make_password, ("无线密码是{}，", "密码：{}，", "密码改成{}，")),
    "CODE": (make_code, ("验证码{}，", "您的验证码是{}，", "验证码：{}，")),
    "PERSON": (make_person, ("我叫{}，", "给我接{}先生，", "联系人：{}，", "通知{}，")),
}


def _harmless(chance: random.Random) -> str:
    """What looks like a number of somebody and is none."""
    year, month, day = chance.randint(2020, 2027), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice((
        f"订单号{year}{month:02}{day:02}{_digits(chance, 10)}到哪了",
        f"订单编号：{year}{month:02}{day:02}{_digits(chance, 6)}",
        f"一共{chance.randint(1, 99999)}.{chance.randint(10, 99)}元，打{chance.randint(5, 9)}折",
        f"{year}年{month}月{day}日下午{chance.randint(1, 9)}点{chance.randint(10, 59)}分",
        f"{year}-{month:02}-{day:02} {chance.randint(10, 23)}:{chance.randint(10, 59)}:00 的会",
        f"固件版本 {chance.randint(1, 9)}.{chance.randint(0, 20)}.{chance.randint(0, 9)}.{chance.randint(1, 250)}",  # noqa: E501
        f"胎压{chance.uniform(2.1, 2.9):.2f}，里程{chance.randint(1000, 99999)}公里",
        f"把空调调到{chance.randint(16, 30)}.5度，风量{chance.randint(1, 7)}档",
        f"圆周率是3.14159265，乘以{chance.randint(100, 999)}等于多少",
        f"G{chance.randint(1, 999)}次列车，{chance.randint(1, 16)}车{chance.randint(1, 20)}A座",
        f"快递单号SF{_digits(chance, 13)}查一下",
        f"显卡型号RTX{chance.randint(2060, 5090)}，内存{chance.choice((16, 32, 64))}GB",
        f"增加到{chance.randint(100, 999)},{_digits(chance, 3)},{_digits(chance, 3)}人",
        "去人民路怎么走最快", "今天的新闻有什么", "放一首周杰伦的歌", "从上海到北京开车多久",
    ))  # fmt: skip


def _own(kind: str) -> frozenset[Kind]:
    """The kind of a Chinese case, which bears its name; the public set's others have none."""
    return frozenset({Kind[kind]}) if kind in Kind.__members__ else frozenset()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
