"""Long documents with known facts, made from a seed: contracts, logbooks, manuals, in en and zh.

Each fact is one sentence among many of the same vocabulary (names, numbers, months, rooms, pumps),
and is asked for as a question that shares some words with it; three of them also in other words. Of
each document one question asks for two facts and one for what is not there. Nobody wrote these
texts: real documents are less regular, and facts are not always one sentence.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from edgewise.think.sentences import tokens_of

SIZES = (3_000, 8_000, 20_000)
KINDS = ("contract", "logbook", "manual")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the words that a right answer holds; none: the document does not say."""

    question: str
    held: tuple[str, ...]
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A document and what is asked about it."""

    kind: str
    language: str
    tokens: int
    text: str
    asked: tuple[Asked, ...]


PEOPLE = {
    "en": "Mara Voss,Jon Okafor,Tobias Lindner,Priya Nair,Lena Brandt,Omar Haddad,Ines Duarte,"
    "Colm Reilly,Yuki Tanabe,Sven Aalto",
    "zh": "陈立,周敏,王海东,李思雨,赵建国,孙悦,刘畅,郭婷,何志远,马晓峰",
}
# (sentence, question, what is held); {p} a person, {n} a number, {m} a month or day, {x} a thing
FACTS: dict[tuple[str, str], list[tuple[str, str, str]]] = {
    ("contract", "en"): [
        ("The caretaker of the house is {p}.", "who is the caretaker", "{p}"),
        ("The monthly rent is {n} euros.", "how much rent is paid a month", "{n}"),
        ("The deposit of {n} euros is kept at Hollis Bank.",
         "at which bank is the deposit", "Hollis"),
        ("Notice of termination is to be given {n} days in advance.",
         "how many days of notice does a termination take", "{n}"),
        ("Water meters are read in {m}.", "in which month are the water meters read", "{m}"),
        ("Pets need the written consent of {p}.", "whose consent do pets need", "{p}"),
        ("The parking space in the yard costs {n} euros a year.",
         "what does parking cost a year", "{n}"),
    ],
    ("logbook", "en"): [
        ("The seal of pump 7 was replaced by {p}.", "who replaced the seal of pump 7", "{p}"),
        ("A leak at the north valve lost {n} litres.",
         "how many litres did the north valve lose", "{n}"),
        ("The generator was overhauled in {m}.", "when was the generator overhauled", "{m}"),
        ("Fuel was delivered by barge, {n} kilograms.",
         "how much fuel was delivered by barge", "{n}"),
        ("The compass was adjusted by {p}.", "who adjusted the compass", "{p}"),
        ("An inspector found {n} rusty brackets on the mast.",
         "how many rusty brackets did the inspector find", "{n}"),
        ("The spare anchor was sold to {p}.", "to whom was the spare anchor sold", "{p}"),
    ],
    ("manual", "en"): [
        ("Tighten the drain plug to {n} Nm.", "what torque does the drain plug take", "{n}"),
        ("The coolant is changed every {n} hours.", "how often is the coolant changed", "{n}"),
        ("Spare belts are ordered from {p}.", "from whom are spare belts ordered", "{p}"),
        ("The warranty of the gearbox ends after {n} months.",
         "after how many months does the gearbox warranty end", "{n}"),
        ("The hydraulic pressure must not exceed {n} bar.",
         "what is the highest hydraulic pressure", "{n}"),
        ("Calibration of the scale is done each {m}.",
         "in which month is the scale calibrated", "{m}"),
        ("Error E42 means that the fan is blocked.", "what does error E42 mean", "fan is blocked"),
    ],
    ("contract", "zh"): [
        ("本楼管理员为{p}。", "管理员是谁", "{p}"),
        ("每月租金为人民币{n}元。", "每月租金多少钱", "{n}"),
        ("押金{n}元存于海河银行。", "押金存在哪家银行", "海河银行"),
        ("解除合同须提前{n}天书面通知。", "解除合同要提前几天通知", "{n}"),
        ("水表于每年{m}抄录。", "水表几月抄录", "{m}"),
        ("饲养宠物须经{p}书面同意。", "养宠物要谁同意", "{p}"),
        ("院内车位每年收费{n}元。", "车位一年多少钱", "{n}"),
    ],
    ("logbook", "zh"): [
        ("七号泵的密封圈由{p}更换。", "七号泵的密封圈是谁更换的", "{p}"),
        ("北侧阀门泄漏{n}升。", "北侧阀门漏了多少升", "{n}"),
        ("发电机于{m}大修。", "发电机什么时候大修", "{m}"),
        ("驳船送来燃油{n}公斤。", "驳船送来多少燃油", "{n}"),
        ("罗经由{p}校正。", "谁校正了罗经", "{p}"),
        ("检查员在桅杆上发现{n}个生锈支架。", "桅杆上发现多少个生锈支架", "{n}"),
        ("备用锚卖给了{p}。", "备用锚卖给谁了", "{p}"),
    ],
    ("manual", "zh"): [
        ("放油螺塞的拧紧力矩为{n}牛米。", "放油螺塞的力矩是多少", "{n}"),
        ("冷却液每{n}小时更换一次。", "冷却液多久更换一次", "{n}"),
        ("备用皮带向{p}订购。", "备用皮带向谁订购", "{p}"),
        ("变速箱保修期为{n}个月。", "变速箱保修多少个月", "{n}"),
        ("液压不得超过{n}巴。", "液压最高多少巴", "{n}"),
        ("每年{m}校准磅秤。", "磅秤几月校准", "{m}"),
        ("故障码E42表示风扇被卡住。", "故障码E42是什么意思", "风扇被卡住"),
    ],
}  # fmt: skip
REWORDED: dict[tuple[str, str], tuple[str, str, str]] = {
    ("contract", "en"): (
        "who looks after the building",
        "what does the flat cost every four weeks",
        "where is the security money held",
    ),
    ("logbook", "en"): (
        "who fitted a new gasket to pump 7",
        "what quantity escaped at the northern valve",
        "in which month was the power unit rebuilt",
    ),
    ("manual", "en"): (
        "how tight must the oil screw be",
        "after how much running time is the cooling liquid renewed",
        "which supplier sells replacement belts",
    ),
    ("contract", "zh"): ("这栋楼由谁看管", "一个月房租是多少", "保证金放在哪里"),
    ("logbook", "zh"): ("谁换了七号水泵的密封件", "北面的阀门损失了多少", "发电机组几月检修"),
    ("manual", "zh"): ("放油塞要拧多紧", "冷却水隔多长时间换", "皮带配件找谁买"),
}
"""The first three facts of a kind, asked for in words that their sentences hardly have."""
FILLERS: dict[tuple[str, str], list[str]] = {
    ("contract", "en"): [
        "Damage in the {x} is told to the landlord within {n} days.",
        "The tenant keeps the {x} clean and lets {p} in for repairs.",
        "Costs of the {x} are shared by {n} parties of the house.",
        "In {m} the {x} is closed for some days.",
    ],
    ("logbook", "en"): [
        "{m}, hour {h}: watch of {p}, the {x} ran without a fault.",
        "{m}, hour {h}: pressure at the {x} was {n} kPa.",
        "{m}, hour {h}: {p} cleaned the {x} and made a note of {n} litres.",
        "{m}, hour {h}: a strange sound from the {x}, nothing found.",
    ],
    ("manual", "en"): [
        "Check the {x} after {n} hours of work.",
        "Take off the cover of the {x} before you clean it.",
        "The {x} weighs {n} kilograms; lift it with two people.",
        "Ask {p} where the {x} makes a sound in {m}.",
    ],
    ("contract", "zh"): [
        "{x}如有损坏，应在{n}天内告知房东。",
        "承租人应保持{x}清洁，并配合{p}维修。",
        "{x}的费用由{n}户分摊。",
        "{m}期间{x}暂停开放。",
    ],
    ("logbook", "zh"): [
        "{m}第{h}时：{p}值班，{x}运转正常。",
        "{m}第{h}时：{x}压力为{n}千帕。",
        "{m}第{h}时：{p}清洗{x}，记录{n}升。",
        "{m}第{h}时：{x}有异响，未发现问题。",
    ],
    ("manual", "zh"): [
        "工作{n}小时后检查{x}。",
        "清洁前先取下{x}的外壳。",
        "{x}重{n}公斤，须两人搬动。",
        "{x}在{m}有异响时请咨询{p}。",
    ],
}
THINGS = {
    "en": "kitchen,cellar,roof,stairway,boiler,lift,laundry room,fence,pump 2,pump 5,south valve,"
    "winch,bilge,filter,main belt,oil sump,hinge,sensor,control box,feeder",
    "zh": "厨房,地下室,屋顶,楼梯,锅炉,电梯,洗衣房,围栏,二号泵,五号泵,南侧阀门,绞车,舱底,滤芯,"
    "主皮带,油底壳,铰链,传感器,控制箱,给料机",
}
MONTHS = {
    "en": "January,February,March,April,May,June,July,August,September",
    "zh": "一月,二月,三月,四月,五月,六月,七月,八月,九月,十月",
}
HEADINGS = {"en": "{k}. Part {k}", "zh": "第{k}条 其他"}
ABSENT = {
    "en": ("what is the wifi password", "which lawyer drew up the insurance"),
    "zh": ("无线网密码是什么", "保险合同由哪位律师起草"),
}


def made_documents(seed: int, each: int = 1) -> Iterator[Made]:
    """`each` documents of every kind, language and size."""
    for number in range(each):
        for language in ("en", "zh"):
            for kind in KINDS:
                for size in SIZES:
                    yield made(
                        kind, language, size, random.Random(f"{seed} {number} {kind} {size}")
                    )


def made(kind: str, language: str, tokens: int, rng: random.Random) -> Made:
    """One document of about so many tokens; the same of the same state of `rng`."""
    facts = [_filled(fact, language, rng) for fact in FACTS[kind, language]]
    lines: list[str] = []
    held = 0
    while held < tokens:
        (line,) = _filled((rng.choice(FILLERS[kind, language]),), language, rng)
        lines.append(line)
        held += tokens_of(line)
    for sentence, _, _ in facts:
        lines.insert(rng.randrange(len(lines)), sentence)
    text = "\n".join(_with_headings(lines, language))
    asked = [Asked(question, (answer,)) for _, question, answer in facts]
    joiner = ", and " if language == "en" else "，另外"
    first, second = asked[0], asked[1]
    both = Asked(f"{first.question}{joiner}{second.question}", (*first.held, *second.held))
    absent = Asked(rng.choice(ABSENT[language]), ())
    reworded = [
        Asked(question, one.held, reworded=True)
        for question, one in zip(REWORDED[kind, language], asked, strict=False)
    ]
    every = (both, absent, *asked[2:4], *reworded, *asked[4:])
    return Made(kind, language, tokens_of(text), text, every)


def _filled(texts: tuple[str, ...], language: str, rng: random.Random) -> tuple[str, ...]:
    values = {
        "p": rng.choice(PEOPLE[language].split(",")),
        "n": str(rng.randrange(11, 9_900)),
        "m": rng.choice(MONTHS[language].split(",")),
        "x": rng.choice(THINGS[language].split(",")),
        "h": rng.randrange(24),
    }
    return tuple(text.format(**values) for text in texts)


def _with_headings(lines: list[str], language: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % 40 == 0:
            yield "\n" + HEADINGS[language].format(k=number // 40 + 1)
        yield line
