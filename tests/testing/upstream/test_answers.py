"""A scripted cloud says what its file holds, and nothing that its file does not hold."""

import json
from pathlib import Path

import aiohttp
import pytest

from edgewise.testing.upstream.answers import Answer, answered, load_answers
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.refusal import Rejected
from edgewise.testing.upstream.server import started_upstream
from tests.testing.upstream.conftest import Asking

ASKED = "What is the capital of Peru?"


async def test_a_question_of_the_file_is_answered_and_another_is_refused():
    answers = {ASKED: Answer(ASKED, "The answer is: Lima.")}
    async with started_upstream(answers=answers) as upstream, aiohttp.ClientSession() as session:
        asking = Asking(upstream, session)
        told = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": ASKED}]
        status, reply = await asking.post({"model": "fake", "messages": told})
        assert (status, reply["choices"][0]["message"]["content"]) == (200, "The answer is: Lima.")
        told[-1]["content"] = "What is the capital of Chile?"
        status, error = await asking.post({"model": "fake", "messages": told})
    assert (status, "does not hold" in error["error"]["message"]) == (400, True)


def test_an_answer_has_its_own_times_unless_the_request_says_others():
    answers = {ASKED: Answer(ASKED, "Lima.", 400.0, 20.0)}
    assert answered(answers, ASKED, Directive())[1] == Directive(first_ms=400.0, delay_ms=20.0)
    text, directive = answered(answers, ASKED, Directive(first_ms=5.0))
    assert (text, directive.first_ms, directive.delay_ms) == ("Lima.", 5.0, 20.0)
    with pytest.raises(Rejected):
        answered(answers, "?", Directive())


def test_a_file_is_read_and_its_faults_are_named_by_line(tmp_path: Path):
    path = tmp_path / "answers.jsonl"
    good = json.dumps({"asked": ASKED, "answer": "Lima.", "first_ms": 4})
    path.write_text(f"{good}\n")
    assert load_answers(path) == {ASKED: Answer(ASKED, "Lima.", 4.0)}
    for bad in (good, '{"asked": "x", "answer": ""}', '{"asked": "x"}', "x"):
        path.write_text(f"{good}\n{bad}\n")
        with pytest.raises(ValueError, match="line 2"):
            load_answers(path)
