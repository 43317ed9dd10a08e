"""The planner splits a question, joins what a device found, and makes nothing up."""

import json
from typing import Any

from edgewise.route.delegation import plan_of
from edgewise.testing.upstream.planner import planned


def said(*turns: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"role": role, "content": text} for role, text in turns]


def test_a_question_of_two_becomes_two_jobs_that_the_device_can_read():
    reply = planned(said(("system", "s"), ("user", "who pays, and when is it due")))
    assert plan_of(reply).jobs == ("who pays", "when is it due")
    assert plan_of(planned(said(("user", "租金多少，押金多少？")))).jobs == ("租金多少", "押金多少")


def test_results_are_joined_and_a_gap_is_asked_for_once():
    first = ("user", "who pays, and when is it due")
    jobs = ("assistant", json.dumps({"jobs": ["who pays", "when is it due"]}))
    whole = said(first, jobs, ("user", "1: Ann pays. | Bo.\n2: It is due in May."))
    assert plan_of(planned(whole)).answer == "Ann pays. It is due in May."
    gap = said(first, jobs, ("user", "1: Ann pays.\n2: -"))
    assert plan_of(planned(gap)).jobs == (first[1],)
    last = [*gap, *said(("user", "Answer now."))]
    assert plan_of(planned(last)).answer == "Ann pays."


def test_where_nothing_was_found_it_says_so():
    jobs = ("assistant", json.dumps({"jobs": ["who pays"]}))
    reply = planned(said(("user", "who pays"), jobs, ("user", "1: -")))
    assert plan_of(reply).answer == "The document does not say."
