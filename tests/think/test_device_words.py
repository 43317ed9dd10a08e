"""Words about the device are told apart from words about the world, the person's and a model's."""

from edgewise.act.catalogue import builtin_catalogue
from edgewise.think import device_words
from edgewise.think.device_words import (
    find_thing,
    is_about_device,
    speaks_of_device,
    speaks_to_agent,
)
from tests.each_row import each_row

CATALOGUE = {capability.name for capability in builtin_catalogue().capabilities}

DEVICE = [
    ("why doesn't the sunroof open?", "roof.set"),
    ("does the trunk open by voice?", "trunk.set"),
    ("my AC smells", "climate.set_power"),
    ("how do I pair my phone?", "device.set_setting"),
    ("are heated seats bad for leather?", "seat.set_heat_vent"),
    ("what is wrong with this window", "window.set"),
    ("the driver's mirror is dirty", "mirror.set"),
    ("is the car's battery old", "vehicle.set_charging"),
    ("which headlights are these", "light.exterior.set"),
    ("what does this button do", ""),
    ("天窗为什么打不开", "roof.set"),
    ("空调有股怪味", "climate.set_power"),
    ("手机怎么连蓝牙", "device.set_setting"),
    ("这车有座椅按摩吗", "seat.set_massage"),
    ("仪表盘上亮了个灯", ""),
]
AGENT = [
    "what can you do?", "did you hear that", "are you listening", "what's your name", "can you see",
    "what happens when I say good night?", "你会做什么", "你喜欢我吗", "您联网了吗",
]  # fmt: skip
WORLD = [
    "what is the capital of Japan?", "why is the sky blue?", "how does a mirror work?",
    "who invented the radio?", "what is the speed of light?", "tell me a joke",
    "can you tell me a story?", "do you know who wrote Hamlet?", "how do you spell necessary?",
    "what is the largest window in the world?", "how many planets are in the solar system?",
    "讲个笑话", "你知道红楼梦是谁写的吗", "天空为什么是蓝色的", "镜子为什么能照人", "你好",
]  # fmt: skip


@each_row(("text", "capability"), DEVICE)
def test_a_part_of_the_device_is_found_with_what_works_it(text: str, capability: str):
    thing = find_thing(text)
    assert thing is not None
    assert thing.capability == capability
    assert is_about_device(text)


@each_row("text", AGENT)
def test_what_is_said_to_the_agent_is_about_the_device(text: str):
    assert speaks_to_agent(text)
    assert is_about_device(text)


@each_row("text", WORLD)
def test_what_is_about_the_world_is_not_about_the_device(text: str):
    assert not is_about_device(text)


def test_every_capability_of_the_table_is_in_the_catalogue():
    named = {thing.capability for thing in device_words._THINGS} - {""}
    assert named <= CATALOGUE


@each_row(
    "sentence",
    [
        "The sunroof does not open.",
        "I can turn on the lights for you.",
        "I am connected to the internet.",
        "I don't have a microphone.",
        "You can say “open the trunk”.",
        "Press the button on the dashboard.",
        "The best sunroof in the world is this one.",
        "Your phone can't charge wirelessly in here.",
        "As an AI language model, opinions are hard.",
        "The car's first window is open.",
        "天窗没有开。",
        "我可以帮助您。",
        "您可以说打开车窗。",
    ],
)
def test_a_model_s_sentence_about_the_device_is_found(sentence: str):
    assert speaks_of_device(sentence)


@each_row(
    "sentence",
    [
        "The capital of Japan is Tokyo.",
        "The sky is blue because air scatters light.",
        "I don't know.",
        "I'm sorry to hear that.",
        "I think it is Mozart.",
        "A mirror reflects light.",
        'The wolf said: "I can open the door."',
        "北京是中国的首都。",
    ],
)
def test_a_model_s_sentence_about_the_world_passes(sentence: str):
    assert not speaks_of_device(sentence)
