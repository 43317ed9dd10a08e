"""What tells of somebody's sensitive matter is told from general knowledge, in both languages."""

import time

from edgewise.core.label import Sensitivity
from edgewise.route.payload import Part, Turn, build_payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.recognise import Known, Names, sensitivity_of
from tests.each_row import each_row

NAMES = Names(Known(people=("Anna Schmidt", "王小明")))


@each_row(
    "text",
    [
        "I have HIV, should I tell my employer?",
        "my son was diagnosed with diabetes, what can he eat",
        "can I drink wine while I take metformin?",
        "Anna Schmidt is pregnant, what should she avoid?",
        "I think I'm depressed. What helps?",
        "how do I tell my parents that I am gay",
        "I'm a Muslim, what can I eat on this flight?",
        "who should I tell that I voted for the other party",
        "my boss found out that I am a union member",
        "can my fingerprint be stolen from a door?",
        "do I have to mention my criminal record in an interview?",
        "I am bankrupt, can I keep a car?",
        "my debts are too high, what now",
        "my salary is 5000, is that a lot",
        "my daughter is 9, which phone is right for her?",
        "what should I do about my account balance being negative",
        "my husband drinks too much, is he an alcoholic?",
    ],
)
def test_a_matter_of_somebody_is_sensitive(text: str):
    assert sensitivity_of(text, NAMES) is Sensitivity.SENSITIVE


@each_row(
    "text",
    [
        "我得了抑郁症，该怎么办？",
        "我老公有糖尿病，能吃西瓜吗",
        "我怀孕三个月了，可以坐飞机吗",
        "我妈确诊了癌症，下一步做什么",
        "我儿子今年8岁，该几点睡觉",
        "我欠债二十万还不起怎么办",
        "我的工资是八千，要交多少税",
        "我是同性恋，怎么跟父母说",
        "我信佛，能吃鸡蛋吗",
        "我是党员，可以出国吗",
        "我是工会会员，有什么权利",
        "我有前科，能考公务员吗",
        "我的指纹会不会被盗用",
        "王小明有乙肝，会传染吗",
        "我每天吃安眠药会上瘾吗",
        "我的征信有问题，怎么买房",
    ],
)
def test_a_matter_of_somebody_is_sensitive_in_chinese(text: str):
    assert sensitivity_of(text, NAMES) is Sensitivity.SENSITIVE


@each_row(
    "text",
    [
        "what is HIV",
        "Why is grass green?",
        "can you tell me what diabetes is",
        "how does insulin work",
        "explain bankruptcy law to me",
        "what caused the Great Depression",
        "who discovered the cause of tuberculosis",
        "how many Buddhists live in Japan",
        "what is the average salary in Berlin",
        "what does a trade union do",
        "I want to know what a mortgage is",
        "how do I pronounce schizophrenia",
        "how do fingerprints form",
        "where can I read about the history of abortion law",
        "my car is 5 years old, when is it due for service",
        "how do I get to the church",
        "should I take the train or my car to Ulm",
        "my son has 3 apples and eats one, how many are left",
    ],
)
def test_general_knowledge_is_plain(text: str):
    assert sensitivity_of(text, NAMES) is Sensitivity.PLAIN


@each_row(
    "text",
    [
        "什么是艾滋病",
        "糖尿病是什么原因引起的",
        "请告诉我胰岛素是怎么工作的",
        "抑郁症有哪些症状",
        "我想了解癌症的历史",
        "破产法是哪一年颁布的",
        "上海的平均工资是多少",
        "指纹是怎么形成的",
        "给我讲讲佛教的信仰",
        "我国的工会会员有多少",
        "怀孕一般是几个月",
        "为什么草是绿的",
        "我要去北京，坐高铁还是开车",
        "帮我查贷款利率的算法",
        "我的车开了五年，要换轮胎吗",
        "跟老板说我晚到十分钟",
    ],
)
def test_general_knowledge_is_plain_in_chinese(text: str):
    assert sensitivity_of(text, NAMES) is Sensitivity.PLAIN


def test_a_payload_is_as_sensitive_as_any_of_its_turns():
    def remains(*texts: str) -> Sensitivity:
        turns = [Turn(Part.USER, text) for text in texts]
        pseudonyms = Pseudonyms(b"k" * 32, "a")
        return build_payload(turns, "assist", pseudonyms, NAMES, now=1.0).sensitivity

    assert remains("I have HIV", "and what is the capital of France") is Sensitivity.SENSITIVE
    assert remains("what is HIV", "and what is the capital of France") is Sensitivity.PLAIN


@each_row("piece", ["I have HIV ", "my son is ", "我得了", "is a ", "diabetes ", "tell me "])
def test_a_long_text_is_read_in_linear_time(piece: str):
    began = time.process_time()
    sensitivity_of(piece * 10_000, NAMES)
    assert time.process_time() - began < 5


@each_row(
    "text",
    ["found a lump in my left breast", "I take sertraline since march", "为什么我的血糖这么高？",
     "why do I hear voices at night?", "最近老失眠，医生给开了氯硝西泮", "房贷还不上了，银行会怎么做？",  # noqa: E501
     "为什么我的花呗还不上", "why can I not pay my rent anymore?", "why did the police arrest my brother?",  # noqa: E501
     "why am I attracted to men although I am married to a woman?"],
)  # fmt: skip
def test_a_matter_told_by_its_signs_is_sensitive(text: str):
    assert sensitivity_of(text, Names(Known())) is Sensitivity.SENSITIVE


@each_row(
    "text",
    ["what is sertraline", "血糖是什么", "失眠的原因有哪些", "花呗是哪家公司的", "房贷怎么计算",
     "why do people hear voices", "when may the police arrest somebody", "a lump of coal"],
)  # fmt: skip
def test_the_same_signs_of_nobody_are_plain(text: str):
    assert sensitivity_of(text, Names(Known())) is Sensitivity.PLAIN
