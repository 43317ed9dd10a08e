"""The runtime's chunks become reports: pieces in order, one end, errors told apart from text."""

import io
import threading
from typing import Any

from edgewise.engine.serving import memory_bytes
from edgewise.think.chat import ChatTurn, Role
from edgewise.think.llama_process import answer
from edgewise.think.llama_reports import MESSAGE_CHARACTERS, Writer, shorten
from edgewise.think.llama_wire import (
    Ending,
    Failed,
    Failure,
    Finished,
    Generate,
    Piece,
    read_report,
)


class Recorder(io.BytesIO):
    """Standard output of the process, kept."""

    def reports(self) -> list[Any]:
        return [read_report(line) for line in self.getvalue().splitlines()]


class Played:
    """A runtime that hands over prepared chunks and does what the callback says."""

    def __init__(self, *chunks: Any) -> None:
        self.chunks = chunks
        self.handed = 0

    def handle_chat_completions(self, request: dict[str, Any], callback: Any) -> None:
        for chunk in self.chunks:
            self.handed += 1
            if callback(chunk):
                return


class Current:
    """An answer that is wanted or not."""

    def __init__(self, *, cancelled: bool = False) -> None:
        self.cancelled = threading.Event()
        self.finished = False
        if cancelled:
            self.cancelled.set()

    def finish(self) -> None:
        self.finished = True


def chunk(text: str | None, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text}, "finish_reason": reason}], **more}


def played(*chunks: Any, cancelled: bool = False) -> tuple[list[Any], Played]:
    output, runtime = Recorder(), Played(*chunks)
    order = Generate(7, "", (ChatTurn(Role.USER, "hi"),), 10, 0.0)
    current: Any = Current(cancelled=cancelled)
    answer(runtime, order, current, Writer(output))
    assert current.finished
    return output.reports(), runtime


def test_chunks_become_pieces_and_an_end_with_its_figures():
    timings = {"prompt_n": 5, "cache_n": 4, "predicted_n": 2, "predicted_per_second": 50.04}
    reports, _ = played(
        chunk(None), [chunk("Hel"), chunk("lo")], chunk("", "length", timings=timings)
    )
    assert reports[:2] == [Piece(7, "Hel"), Piece(7, "lo")]
    end = reports[2]
    assert isinstance(end, Finished)
    assert (end.ending, end.prompt_tokens, end.cached_tokens) == (Ending.LENGTH, 9, 4)
    assert (end.tokens, end.tokens_per_s) == (2, 50.0)


def test_an_error_of_the_runtime_is_reported_and_not_taken_for_text():
    error = {"type": "exceed_context_size_error", "message": "m", "n_prompt_tokens": 9, "n_ctx": 8}
    reports, _ = played({"error": error})
    assert reports == [Failed(7, Failure.TOO_LONG, "m", 9, 8)]
    reports, _ = played({"error": {"message": "bad"}})
    assert reports == [Failed(7, Failure.REFUSED, "bad")]


def test_an_unwanted_answer_is_stopped_at_the_next_chunk():
    reports, runtime = played(chunk("a"), chunk("b"), cancelled=True)
    assert runtime.handed == 1
    assert [type(report) for report in reports] == [Finished]
    assert reports[0].ending is Ending.CANCELLED


def test_half_a_character_does_not_break_the_pipe():
    reports, _ = played(chunk("a\udce4"))
    assert reports[0] == Piece(7, "a?")


def test_a_chunk_tells_how_likely_its_token_was():
    told = {"content": [{"token": "a", "logprob": -0.25}]}
    choice = {"delta": {"content": "a"}, "finish_reason": None, "logprobs": told}
    reports, _ = played({"choices": [choice]}, chunk("b"))
    assert reports[:2] == [Piece(7, "a", -0.25), Piece(7, "b", 0.0)]


def test_a_long_message_is_shortened_to_what_can_be_written():
    assert shorten("x" * 9999) == "x" * MESSAGE_CHARACTERS
    assert shorten("\udce4") == "?"


def test_the_process_knows_its_memory():
    assert memory_bytes() > 1e6
