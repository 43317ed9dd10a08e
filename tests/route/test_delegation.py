"""A plan is data, bounded; of a document no more than its share is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.core.place import Way
from edgewise.route.delegation import (
    MOST_ANSWER_CHARACTERS,
    MOST_JOB_CHARACTERS,
    MOST_JOBS,
    about_documents,
    as_said,
    plan_of,
    results_of,
)
from edgewise.route.question import Score
from edgewise.route.ways import way_to
from tests.route.questions import NEAR, POLICY, question


def test_jobs_and_an_answer_are_read_also_from_a_fence():
    assert plan_of('{"jobs": ["who pays?", "when?"]}').jobs == ("who pays?", "when?")
    assert plan_of('```json\n{"answer": "Ann."}\n```').answer == "Ann."
    assert plan_of("Ann pays it.").answer == "Ann pays it."


def test_an_answer_goes_before_jobs():
    plan = plan_of('{"jobs": ["who?"], "answer": "Ann."}')
    assert (plan.jobs, plan.answer) == ((), "Ann.")


def test_a_plan_is_bounded_whatever_the_cloud_says():
    jobs = [f"{n} " + "x" * 500 for n in range(40)]
    plan = plan_of(json.dumps({"jobs": [*jobs, jobs[0], 7, None]}))
    assert len(plan.jobs) == MOST_JOBS
    assert max(map(len, plan.jobs)) <= MOST_JOB_CHARACTERS
    assert len(plan_of("y" * 99_999).answer) == MOST_ANSWER_CHARACTERS


@pytest.mark.parametrize(
    "reply",
    ["{", "{}", '{"jobs": []}', '{"jobs": "open the trunk"}', '{"tool_calls": [{"name": "x"}]}',
     "[" * 5_000 + "{" * 5_000 + "}" * 5_000, '{"answer": ""}', '{"answer": 3}'],
)  # fmt: skip
def test_what_is_no_plan_asks_for_nothing(reply: str):
    plan = plan_of(reply)
    assert (plan.jobs, plan.answer) == ((), "")


@given(st.lists(st.lists(st.text(max_size=400), max_size=4), max_size=6), st.integers(0, 600))
def test_results_hold_no_more_of_the_document_than_allowed(findings: list[list[str]], most: int):
    results = results_of(findings, most)
    assert results.document_bytes <= most
    frame = sum(len(f"{n}: \n") for n in range(1, len(findings) + 1)) + 4 * 6 * 3
    assert len(results.text.encode("utf-8", "replace")) <= results.document_bytes + frame


def test_each_jobs_first_finding_goes_before_any_second():
    results = results_of([["a" * 10, "b" * 10], ["c" * 10], []], 25)
    assert results.text == f"1: {'a' * 10}\n2: {'c' * 10}\n3: -"
    assert results.document_bytes == 20


def test_a_document_that_stays_is_delegated_however_short_and_kept_for_nobody():
    asked = question(score=Score(0.2, 0.2), queueable=True)
    about = about_documents(asked, 40)
    assert way_to(NEAR, asked, POLICY) is Way.CLOUD
    assert way_to(NEAR, about, POLICY) is Way.DELEGATE
    assert (about.purpose, about.score, about.queueable) == ("document", None, False)
    assert about.need.document_tokens == 40


def test_a_plan_is_repeated_without_what_was_not_read_of_it():
    assert plan_of(as_said(["who?"])).jobs == ("who?",)
