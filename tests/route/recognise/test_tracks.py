"""The daily way between somebody's home and work is sensitive; a question about traffic is not."""

import time

from edgewise.core.label import Sensitivity
from edgewise.route.recognise import Known, Names, sensitivity_of
from tests.each_row import each_row

NOBODY = Names(Known())


@each_row(
    "text",
    [
        "为什么我每天早上七点从望京的家开到中关村上班都堵车？",
        "我每天从回龙观坐地铁去西二旗上班，怎么走最快",
        "我天天从家开车到张江上班，为什么总堵",
        "why is there a jam every morning at 7 when I drive from my home in Pasing to work in Garching?",  # noqa: E501
        "I commute from Brooklyn to Midtown every day, what is the fastest way?",
    ],
)
def test_somebody_s_daily_way_is_sensitive(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.SENSITIVE


@each_row(
    "text",
    [
        "为什么每天早上从望京到中关村都堵车？",
        "我每天从家到公司都堵车，为什么",
        "我要从北京开车到上海，多久",
        "我每天要喝多少水",
        "从上海去杭州，每天有多少趟车",
        "在华为上班要什么学历",
        "how do I get from Berlin to Munich?",
        "how many trains go from Berlin to Munich every day?",
        "I drive from home to work every day, how do I save fuel?",
        "why do I get tired every day from 2 to 4",
    ],
)
def test_a_question_about_traffic_is_plain(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.PLAIN


@each_row("piece", ["from A to ", "我每天从家到", "从望京", "every day I "])
def test_a_long_text_is_read_in_linear_time(piece: str):
    began = time.process_time()
    sensitivity_of(piece * 10_000, NOBODY)
    assert time.process_time() - began < 5


@each_row("text", ["为什么我从通州到国贸上班要一个半小时？", "家住回龙观，公司在国贸"])
def test_home_and_work_in_one_are_sensitive(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.SENSITIVE


@each_row(
    "text", ["从北京到上海要多久", "我从北京到上海坐高铁要多久", "华为公司在哪里", "上班为什么累"]
)
def test_a_way_of_nobody_s_is_plain(text: str):
    assert sensitivity_of(text, NOBODY) is Sensitivity.PLAIN
