"""One answer: it ends where it was asked to, and a request that can not be answered is refused."""

from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import UserError
from edgewise.step3.answer import Answer, Completion, Piece, Request, check, completion, take
from edgewise.step3.sampling import Sampling
from tests.each_row import each_row
from tests.step3.small import SMALL, picture, seeing_model, small_model, with_pictures


def letters(ids: Sequence[int]) -> str:
    return "".join(chr(ord("a") + token) for token in ids)


def answered(sampling: Sampling, tokens: Sequence[int]) -> list[Piece]:
    """The pieces of an answer to which these tokens would come, up to its end."""
    answer = Answer(7, Request([1, 2], sampling), letters)
    pieces: list[Piece] = []
    for token in tokens:
        if not answer.finished:
            pieces.append(answer.take(token, None))
    return pieces


def test_it_ends_after_as_many_tokens_as_were_asked_for():
    pieces = answered(Sampling(max_tokens=3), range(9))
    assert pieces[0] == Piece(7, 0, "a", None, None)
    assert completion(pieces) == Completion([0, 1, 2], "abc", [], "length")


def test_it_ends_before_a_stop_id_which_is_not_told():
    pieces = answered(Sampling(stop_ids=(5, 2)), range(9))
    assert pieces[-1] == Piece(7, None, "", None, "stop")
    assert completion(pieces) == Completion([0, 1], "ab", [], "stop")


def test_it_ends_before_a_stop_string_of_several_tokens():
    pieces = answered(Sampling(stop=("de", "cdx")), range(9))
    assert [piece.text for piece in pieces] == ["a", "b", "", "", "c"]
    assert completion(pieces) == Completion([0, 1, 2, 3, 4], "abc", [], "stop")


@each_row(
    "sampling", [Sampling(stop=("cde",), max_tokens=4), Sampling(stop=("cde",), stop_ids=(4,))]
)
def test_at_another_end_what_waited_is_told(sampling: Sampling):
    assert completion(answered(sampling, range(9))).text == "abcd"


def test_pieces_without_an_end_are_of_a_request_that_was_cancelled():
    assert completion([Piece(1, 4, "e", None, None)]).finish == "cancelled"
    assert completion([]) == Completion([], "", [], "cancelled")


def test_each_is_told_how_likely_its_token_was_if_it_asked():
    scores = torch.tensor([[0.25, 0.75], [0.5, 0.5]]).log()
    asking = Answer(0, Request([1], Sampling(logprobs=True)), None)
    silent = Answer(1, Request([1]), None)
    told = take([asking, silent], scores)
    assert told[0].logprob == pytest.approx(torch.tensor(0.75).log().item())
    assert told[1].logprob is None
    assert take([], scores[:0]) == []


def test_a_seed_gives_the_same_draws_and_none_gives_others():
    def draws(seed: int | None) -> list[float]:
        answer = Answer(0, Request([1], Sampling(temperature=1, seed=seed)), None)
        return [answer.draw() for _ in range(3)]

    assert draws(4) == draws(4)
    assert draws(4) != draws(5)
    assert draws(None) != draws(None)


@each_row(
    "request_, code, told",
    [
        (Request([]), "bad_prompt", "no tokens"),
        (Request([1, 40]), "bad_prompt", "token 40; the vocabulary ends at 39"),
        (Request([-1]), "bad_prompt", "token -1"),
        (
            Request([1] * 90, Sampling(max_tokens=7)),
            "too_long",
            "97 tokens is too long: .* reads 96",
        ),
        (Request([1], Sampling(max_tokens=1), [picture(1)]), "bad_picture", "no vision"),
    ],
)
def test_what_can_never_be_answered_is_refused(request_: Any, code: str, told: str):
    with pytest.raises(UserError, match=told) as refused:
        check(small_model(1), request_)
    assert refused.value.code == code
    check(small_model(1), Request([1] * 90, Sampling(max_tokens=6)))


def test_pictures_have_as_many_image_tokens_in_the_prompt_as_they_need():
    model, seen = seeing_model(1), [picture(1, 2, 1)]
    prompt = with_pictures([8, 9], seen)
    check(model, Request(prompt, Sampling(max_tokens=4), seen))
    for wrong in ([*prompt, 9], prompt[:-2], []):
        with pytest.raises(UserError) as refused:
            check(model, Request(wrong, Sampling(max_tokens=4), seen))
        assert refused.value.code in ("bad_picture", "bad_prompt")
    with pytest.raises(UserError, match="1 image tokens and its pictures need 0"):
        check(model, Request([8, 9], Sampling(max_tokens=4)))


def test_the_model_itself_refuses_more_tokens_than_its_context():
    model = small_model(1)
    longest = torch.zeros(1, SMALL.context, dtype=torch.long)
    model(longest)
    with pytest.raises(UserError, match="97 tokens is too long") as refused:
        model(torch.zeros(1, SMALL.context + 1, dtype=torch.long))
    assert refused.value.code == "too_long"
