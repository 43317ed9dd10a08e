"""What a device's body does, and how that is said: "sit", "make the dog sit down", 让机器狗坐下.

Tables and phrases alone; which tool does it, `board_words.py` reads from its name.
"""

from collections.abc import Sequence

BODIES = {
    "dog": ("dog", "robot dog", "机器狗", "狗"),
    "robot": ("robot", "robot", "机器人", "机器人"),
}
"""Bodies that are spoken of by a name: the dog, the robot dog, and the same in Chinese."""
DEEDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("go", "forward"): ("前进", "往前走", "向前走"),
    ("move", "forward"): ("前进", "往前走", "向前走"),
    ("walk", "forward"): ("往前走", "向前走", "前进"),
    ("forward",): ("前进", "往前走", "向前走"),
    ("go", "back"): ("后退", "往后退", "向后走"),
    ("go", "backward"): ("后退", "往后退", "向后走"),
    ("move", "back"): ("后退", "往后退"),
    ("move", "backward"): ("后退", "往后退"),
    ("walk", "backward"): ("往后退", "后退"),
    ("backward",): ("后退", "往后退"),
    ("turn", "left"): ("左转", "向左转", "往左转"),
    ("turn", "right"): ("右转", "向右转", "往右转"),
    ("turn", "around"): ("转身", "掉头"),
    ("spin",): ("转圈", "转一圈"),
    ("dance",): ("跳舞", "跳个舞", "跳支舞"),
    ("jump",): ("跳一下", "跳起来"),
    ("walk",): ("走路", "走一走"),
    ("swing",): ("摇摆", "摇一摇"),
    ("sit",): ("坐下",),
    ("sit", "down"): ("坐下",),
    ("stand",): ("站起来",),
    ("stand", "up"): ("站起来",),
    ("lie", "down"): ("趴下",),
    ("wave",): ("挥手", "挥挥手"),
    ("wave", "hand"): ("挥手", "挥挥手"),
    ("shake", "hand"): ("握手", "握个手"),
    ("nod",): ("点头", "点点头"),
    ("shake", "head"): ("摇头", "摇摇头"),
    ("bow",): ("鞠躬", "鞠个躬"),
    ("say", "hi"): ("打个招呼",),
    ("say", "hello"): ("打个招呼",),
}
"""What a body does: said without a thing."""


def said_en(doing: Sequence[str], body: str) -> list[str]:
    """How a deed of a body, of `BODIES` or none, is asked for in English."""
    deed = " ".join(doing)
    deeds = [deed, "sit down"] if deed == "sit" else [deed]
    said = list(deeds)
    if body:
        name, long, _, _ = BODIES[body]
        said += [f"{lead} the {name} {one}" for one in deeds for lead in ("make", "let")]
        for one in deeds:
            verb, *rest = one.split()
            if not rest:  # "the dog sits" is too like what is only told of a dog
                continue
            said += [" ".join(("the", who, f"{verb}s", *rest)) for who in (name, long)]
    return said


def said_zh(doing: tuple[str, ...], body: str) -> list[str]:
    """The same in Chinese."""
    said = list(DEEDS[doing])
    names = dict.fromkeys(BODIES[body][2:]) if body else ()
    told = [f"{lead}{name}{deed}" for deed in said for name in names for lead in ("让", "")]
    return [*said, *told]


def counted(
    doing: tuple[str, ...], body: str, quantity: str, number: int
) -> tuple[list[str], list[str]]:
    """How it is asked for so many times, in English and Chinese."""
    whole = " ".join(doing)
    deeds, steps = [whole], quantity == "steps"
    if steps and whole.endswith(" forward"):
        deeds.append(whole.removesuffix(" forward"))
    en = [f"{deed} {number} {quantity}" for deed in deeds]
    zh = [f"{deed}{number}步" for deed in DEEDS[doing]] if steps else []
    if not body:
        return en, zh
    name, _, chinese, _ = BODIES[body]
    en += [f"{lead} the {name} {deed}" for deed in en for lead in ("let", "make")]
    return en, [*zh, *(f"让{chinese}{deed}" for deed in zh)]
