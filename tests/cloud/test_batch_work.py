"""What is done of a batch outlives a kill at any byte."""

import json
from pathlib import Path

import pytest

from edgewise.cloud.batch_table import BatchUsage
from edgewise.cloud.batch_work import BatchWork
from edgewise.cloud.refusal import bad_request


def begun(tmp_path: Path) -> BatchWork:
    source = tmp_path / "source"
    source.write_bytes(b"input")
    work = BatchWork(tmp_path / "batches" / "one")
    work.begin(source)
    return work


def test_the_input_stays_when_its_file_is_deleted(tmp_path: Path):
    work = begun(tmp_path)
    (tmp_path / "source").unlink()
    assert work.input.read_bytes() == b"input"


def test_an_input_that_is_gone_is_told(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        BatchWork(tmp_path / "one").begin(tmp_path / "none")


def test_answers_and_refusals_are_told_as_the_api_tells_them(tmp_path: Path):
    work = begun(tmp_path)
    work.answer("a", "req_1", {"x": 1})
    work.refuse("b", bad_request("messages: wrong", "messages"))
    work.expire("c")
    output, errors = work.results()
    told = json.loads(output.read_text())
    assert told.pop("id").startswith("batch_req_")
    assert told == {
        "custom_id": "a",
        "response": {"status_code": 200, "request_id": "req_1", "body": {"x": 1}},
        "error": None,
    }
    refused, expired = (json.loads(one) for one in errors.read_text().splitlines())
    assert refused["response"]["status_code"] == 400
    assert refused["response"]["body"]["error"]["param"] == "messages"
    assert (expired["response"], expired["error"]["code"]) == (None, "batch_expired")


def test_a_kill_at_any_byte_keeps_the_whole_lines_and_mends_the_file(tmp_path: Path):
    work = begun(tmp_path)
    for number in range(3):
        work.answer(f"line {number}", "req", {"text": "é" * number})
    (file,) = work.results()
    whole = file.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == 10]
    for cut in range(len(whole) + 1):
        file.write_bytes(whole[:cut])
        again = BatchWork(work.folder)
        again.resume()
        kept = sum(end <= cut for end in ends)
        assert again.done == {f"line {number}" for number in range(kept)}
        assert (again.completed, again.failed) == (kept, 0)
        again.answer("next", "req", {})
        again.close()
        assert len(file.read_bytes().splitlines()) == kept + 1


def test_a_start_knows_what_failed_and_what_expired(tmp_path: Path):
    work = begun(tmp_path)
    work.refuse("b", bad_request("x"))
    work.expire("c")
    again = BatchWork(work.folder)
    again.resume()
    assert (again.completed, again.failed, again.expired) == (0, 2, True)


def test_usage_is_summed_over_both_names_of_counts(tmp_path: Path):
    work = begun(tmp_path)
    chat = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    chat |= {"prompt_tokens_details": {"cached_tokens": 2}}  # type: ignore[dict-item]
    responses = {"input_tokens": 1, "output_tokens": 2}
    responses |= {"output_tokens_details": {"reasoning_tokens": 1}}  # type: ignore[dict-item]
    for number, usage in enumerate([chat, responses, None, "nonsense"]):
        work.answer(str(number), "req", {"usage": usage})
    assert work.usage() == BatchUsage(6, 2, 9, 1)


def test_nothing_is_left_after_it_is_removed(tmp_path: Path):
    work = begun(tmp_path)
    work.answer("a", "req", {})
    work.remove()
    assert not work.folder.exists()
