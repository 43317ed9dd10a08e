"""Who can answer now, and in which words it is said where not."""

from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Allowance, Condition, Health, Service
from edgewise.route.ability import (
    cloud_is_away,
    cloud_lacks,
    device_can_not_read,
    device_is_strained,
    device_lacks,
)
from edgewise.route.question import Need
from tests.route.questions import NEAR, POLICY, READY, question


def test_a_ready_device_and_a_ready_cloud_lack_nothing():
    asked = question()
    told = (device_lacks(asked), device_is_strained(asked, POLICY))
    assert told == (None, None)
    assert (cloud_lacks(asked, NEAR), cloud_is_away(asked, NEAR)) == (None, None)


@pytest.mark.parametrize(
    ("changes", "en", "zh"),
    [
        ({"condition": Condition()}, "no language model", "没有安装语言模型"),
        ({"unanswered": True}, "was asked and has no answer", "已试过"),
        ({"need": Need("fr")}, "small knows en, zh, not fr", "不懂 fr"),
        ({"need": Need(images=True)}, "sees no pictures", "看不了图片"),
        ({"need": Need(input_tokens=4_000)}, "longer than the 4096 tokens", "超过本机模型"),
    ],
)
def test_what_the_device_lacks_is_said(changes: dict[str, Any], en: str, zh: str):
    told = device_lacks(question(**changes))
    assert told is not None
    assert (en in told.en, zh in told.zh) == (True, True)


def test_a_text_too_long_to_hold_can_still_be_read_piece_by_piece():
    long = question(need=Need(input_tokens=90_000, document_tokens=89_000))
    assert device_lacks(long) is not None
    assert device_can_not_read(long) is None


def test_a_context_of_unknown_length_is_not_held_against_the_device():
    asked = question(condition=replace(READY, context_tokens=0), need=Need(input_tokens=10**6))
    assert device_lacks(asked) is None


@pytest.mark.parametrize(
    ("condition", "en"),
    [
        (replace(READY, battery=0.1), "battery is at 10%"),
        (replace(READY, temperature_c=81.0), "81 °C hot"),
        (replace(READY, queue=4), "4 questions wait"),
        (replace(READY, tokens_a_second=2.0), "takes about 128 s, 60.0 s are left"),
        (replace(READY, tokens_a_second=500.0, p50_s=61.0), "takes about 61 s, 60.0 s are left"),
    ],
)
def test_what_strains_the_device_is_said(condition: Condition, en: str):
    told = device_is_strained(question(condition=condition), POLICY)
    assert told is not None
    assert en in told.en


@pytest.mark.parametrize(
    ("need", "changes", "en"),
    [
        (Need("fr"), {}, "near does not know fr"),
        (Need(images=True), {}, "near sees no pictures"),
        (Need(tools=True), {"tools": False, "service": Service.PLATFORM}, "near proposes no calls"),
        (Need(tools=True), {}, "near proposes no calls"),
        (Need(input_tokens=33_000), {}, "longer than the 32768 tokens"),
    ],
)
def test_what_a_cloud_lacks_is_said(need: Need, changes: dict[str, Any], en: str):
    told = cloud_lacks(question(need=need), replace(NEAR, **changes))
    assert told is not None
    assert en in told.en


@pytest.mark.parametrize(
    ("changes", "en"),
    [
        ({"condition": replace(READY, online=False)}, "there is no network"),
        ({"health": (Health("near", open=True),)}, "near failed lately"),
        ({"health": (Health("near", p50_s=61.0),)}, "near takes 61.0 s, 60.0 s are left"),
        ({"deadline_s": 0.0}, "0.0 s are left"),
        ({"allowance": Allowance(money=0.001)}, "more than the 0.00 that are left"),
        ({"allowance": Allowance(size_bytes=79)}, "more than the 79 bytes"),
        ({"allowance": Allowance(9.0, 9_999, lost=True)}, "can not be read or written"),
    ],
)
def test_why_a_cloud_is_away_is_said(changes: dict[str, Any], en: str):
    dear = replace(NEAR, input_price=100.0)
    told = cloud_is_away(question(need=Need(input_tokens=20), **changes), dear)
    assert told is not None
    assert en in told.en


def test_what_is_left_to_spend_may_be_spent_to_the_end():
    allowance = Allowance(money=0.002, size_bytes=80)
    asked = question(need=Need(input_tokens=20, output_tokens=0), allowance=allowance)
    assert cloud_is_away(asked, replace(NEAR, input_price=100.0)) is None
    assert cloud_is_away(question(allowance=Allowance(money=0.0)), NEAR) is None


def test_passages_of_a_document_that_stays_are_found_without_a_model_in_any_language():
    need = Need("fr", input_tokens=90_000, document_tokens=89_000, stays=True)
    assert device_lacks(question(need=need, condition=Condition())) is None
    assert device_lacks(question(need=replace(need, stays=False))) is not None
    assert device_can_not_read(question(need=replace(need, images=True))) is not None
