"""What is told of somebody's child is sensitive; children in general and grown ones are not."""

import time

from edgewise.core.label import Sensitivity
from edgewise.route.recognise import Known, Names, sensitivity_of
from tests.each_row import each_row

NOBODY = Names(Known())


@each_row(
    "text",
    [
        "why does my son Tim Baker at Oakwood Primary School hate maths?",
        "my daughter cries every morning before school, what helps?",
        "my kid is in year 3 and can't read yet, is that normal",
        "how do I stop my child from biting others at nursery?",
        "our daughter wets the bed, what can we do",
        "my 7-year-old son lies a lot, why?",
        "why is my nephew Tom bullied by his classmates",
        "I have a son in third grade, how much homework is right?",
        "our youngest child has tantrums in the supermarket",
        "my sister's kid goes to kindergarten in Ulm, is that far?",
        "my son Leo just turned 6, which bike fits him?",
        "I am in 4th grade and have no friends, why?",
        "I work at a university; why does my son in primary school fear dogs?",
    ],
)
def test_what_is_told_of_somebody_s_child_is_sensitive(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.SENSITIVE


@each_row(
    "text",
    [
        "我女儿在海淀外国语学校读三年级，为什么她数学总考不好？",
        "我儿子王小明今年6岁在朝阳实验小学上学，为什么他总是哭？",
        "我女儿李小雨上小学二年级，为什么不喜欢阅读？",
        "女儿上小学二年级，为什么老是走神",
        "我家孩子在幼儿园总被欺负怎么办",
        "我家老大不说，我家小儿子尿床怎么办",
        "我们家宝宝八个月了还不会爬正常吗",
        "我孩子的班主任老批评他，怎么办",
        "我的孩子为什么总撒谎",
        "我外甥十一岁了，作业写不完怎么办",
        "我在上三年级，为什么同学不理我",
        "我是小学生，为什么要写作业",
    ],
)
def test_what_is_told_of_somebody_s_child_is_sensitive_in_chinese(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.SENSITIVE


@each_row(
    "text",
    [
        "why do children ask so many questions?",
        "why do kids hate maths?",
        "at what age do children go to school?",
        "why do our children have to learn Latin at school?",
        "what do primary school teachers earn on average",
        "what is a good present for my son",
        "explain black holes so that my daughter understands it",
        "my son has 3 apples and eats one, how many are left",
        "my daughter studies at a university far from any school, how do trains get there",
        "my son is 30 and hates his boss, what can he do",
        "why did the school of Athens close?",
        "how do baby elephants behave at night?",
    ],
)
def test_children_in_general_and_grown_ones_are_plain(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.PLAIN


@each_row(
    "text",
    [
        "为什么孩子总爱问为什么？",
        "孩子几岁上小学",
        "为什么小学生的作业这么多？",
        "我想知道几岁可以上幼儿园",
        "幼儿园和小学有什么区别",
        "给我女儿推荐一本书",
        "我儿子有3个苹果，吃了一个，还剩几个",
        "我儿子今年三十二岁，在上海的学校当老师",
        "我女儿在大学里要写很多作业，怎么安排时间",
        "儿童为什么会哭",
        "我在小学旁边，怎么去火车站",
        "我18岁，去哪里考驾照",
    ],
)
def test_children_in_general_and_grown_ones_are_plain_in_chinese(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.PLAIN


@each_row("piece", ["my son is ", "我女儿", "school ", "小学", "my my my ", "i have a "])
def test_a_long_text_is_read_in_linear_time(piece: str):
    began = time.process_time()
    sensitivity_of(piece * 10_000, NOBODY)
    assert time.process_time() - began < 5


@each_row(
    "text",
    ["how can I help my second grader with reading?", "why is my 12 yr old so moody", "Why does my 7yo lie?",  # noqa: E501
     "why is our eight year old bad at maths", "why does my dauhgter (8) refuse to eat",
     "My twins are in kindergarten and one of them stutters", "为什么我们班主任说小宝多动",
     "孙子六岁，为什么总是撒谎？", "Our Timmy (grade 1, Oakwood Primary) got suspended"],
)  # fmt: skip
def test_a_child_with_its_age_or_class_in_one_is_sensitive(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.SENSITIVE


@each_row(
    "text",
    ["What do 7 year olds learn in maths?", "why is my 7 year old laptop slow", "孙子兵法是谁写的", "班主任做什么",  # noqa: E501
     "what does a second grader learn", "why are twins alike", "my 2 year warranty ended, what now"],  # noqa: E501
)  # fmt: skip
def test_ages_and_classes_of_nobody_s_child_are_plain(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.PLAIN
