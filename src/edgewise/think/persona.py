"""Who speaks: what a device says of itself by rule, and the texts in which it differs from others.

One in a car speaks of the car and the phone (`IN_CAR`); others bring their own words
(`voice_persona.py`). Values alone; who asks for them is `think.py` and `self_account.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from edgewise.core.words import Words
from edgewise.think.honesty import SYSTEM


@dataclass(frozen=True, slots=True)
class Persona:
    """The words of one device. `agent` tells who it is, `program` what else is asked about it
    itself; `unknown`, `fault`, `sorry` and `tired` answer what nobody here knows, a broken thing
    and how somebody feels. `system` instructs its language model; `no_model` and `other_language`
    are said where none answers. `abilities` is what it can do, where sentences to say would not
    tell; `answers` what is answered before anything is understood; `instead` what is said in place
    of the words that the understanding has for a car."""

    agent: Words
    program: Words
    unknown: Words
    fault: Words
    sorry: Words
    tired: Words
    system: Words
    no_model: Words
    other_language: Words
    abilities: Words | None = None
    answers: tuple[tuple[re.Pattern[str], Words], ...] = ()
    instead: Mapping[Words, Words] = field(default_factory=dict[Words, Words])

    def at_once(self, plain: str) -> Words | None:
        """The answer of `answers` to a text in lower case, if there is one."""
        return next((words for pattern, words in self.answers if pattern.search(plain)), None)


IN_CAR = Persona(
    agent=Words(
        "I am Edgewise, the agent on this device: I act in the car and on the phone when you ask,"
        " and rules decide what is safe.",
        "我是 Edgewise，运行在这台设备上的助手：您吩咐，我来操作车和手机，是否安全由规则决定。",
    ),
    program=Words(
        "I am Edgewise, a program: I work the car and the phone when you ask, and tell their state."
        " More about myself I do not know.",
        "我是 Edgewise，一个程序：按您的吩咐操作车和手机，并查询它们的状态。"
        "关于我自己，别的我不知道。",
    ),
    unknown=Words(
        "That I do not know: about the car and this device I only tell what I can read. Please look"
        " into the owner's manual or ask a workshop.",
        "这个我不知道：关于车和这台设备，我只说能读到的状态。请查看用车手册或咨询服务店。",
    ),
    fault=Words(
        "I can not tell what is wrong there, and I changed nothing; if it stays, please have a"
        " workshop look at it.",
        "我判断不了是什么问题，也没有做任何操作；如果一直这样，请让服务店检查。",
    ),
    sorry=Words(
        "I'm sorry to hear that. I can play some music or call someone for you; just say so.",
        "辛苦您了。要不要放点音乐，或者给谁打个电话？直接说就行。",
    ),
    tired=Words(
        "If you are driving, please take a break soon. I can look for a place to stop.",
        "如果正在开车，请尽快停下来休息一会儿。需要的话我可以找附近的停车场。",
    ),
    system=SYSTEM,
    no_model=Words(
        "I can not answer open questions: no language model is installed. `edgewise models` lists"
        " what can be.",
        "我还不能回答开放性问题：没有安装语言模型。可选的模型见 edgewise models。",
    ),
    other_language=Words(
        "I can not answer open questions in this language: the model on this device ({model}) does"
        " not know it. That needs a cloud or a larger local model (see `edgewise models`).",
        "这个问题我在本机答不了：本机的小模型（{model}）只懂英语。需要连接云端，或安装更大的本地模型"
        "（见 edgewise models）。车和手机的指令与状态查询不受影响。",
    ),
)
