"""Many answers at once are each what one alone would be, and no page is ever lost.

What is computed plainly, without a cache, is the measure. Tokens of the plain and the fast path may
differ where two are equally likely but for rounding; the models here say nothing so close.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from edgewise.errors import UserError
from edgewise.step3.answer import Piece, Request
from edgewise.step3.generate import Generator, generate_plain
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling
from tests.each_row import each_row
from tests.step3.small import (
    SMALL,
    picture,
    seeing_model,
    small_model,
    with_pictures,
)

torch.set_num_threads(1)

MODEL = small_model(5)
TWIN = small_model(5, plain=True)
LENGTHS = (1, 2, 3, 4, 5, 8, 9, 16, 17, 30)


def letters(ids: Any) -> str:
    return "".join(chr(ord("a") + token) for token in ids)


def prompt(length: int, seed: int = 0) -> list[int]:
    draws = torch.Generator().manual_seed(100 * length + seed)
    return torch.randint(10, SMALL.vocab_size, (length,), generator=draws).tolist()


def request(length: int, **wishes: Any) -> Request:
    return Request(prompt(length), Sampling(**{"max_tokens": 12} | wishes))


@cache
def known(length: int) -> list[int]:
    """The plain path's twelve tokens for the prompt of that length."""
    return generate_plain(TWIN, request(length)).tokens


def held(generator: Generator) -> list[int]:
    """The pages that sequences hold; each is held once, and all others are free. Who is running
    came before those who wait."""
    answers = [*generator._running, *generator._waiting]
    assert [one.number for one in answers] == sorted(one.number for one in answers)
    pages = [page for answer in answers for page in answer.table.pages]
    assert Counter(pages + generator.cache._free) == Counter(range(generator.cache.pages))
    return pages


# --- the same tokens


def test_the_measure_depends_on_all_that_was_read():
    assert len({tuple(known(length)) for length in LENGTHS}) == len(LENGTHS)
    assert sum(len(set(known(length))) for length in LENGTHS) > 5 * len(LENGTHS)
    first = Request([11, *prompt(20)], Sampling(max_tokens=12))
    other = Request([12, *prompt(20)], Sampling(max_tokens=12))
    assert generate_plain(TWIN, first) != generate_plain(TWIN, other)


@pytest.mark.parametrize("seed", range(6))
def test_a_ragged_batch_gives_what_the_plain_path_gives(seed: int):
    wishes = [{}, {"temperature": 1.0}, {"temperature": 0.8, "top_p": 0.7}]
    config = changed(
        SMALL,
        num_hidden_layers=1 + seed % 3,
        moe_layers_enum=(0,) if seed % 2 else (),
        num_attention_heads=1 + seed,
        norm_expert_weight=seed > 3,
    )
    fast, plain = small_model(seed, config), small_model(seed, config, plain=True)
    requests = [
        Request(prompt(length, seed), Sampling(max_tokens=3 + length // 2, seed=length, **wish))
        for length, wish in zip(LENGTHS, cycle(wishes))
    ]
    generator = Generator(fast, pages=64, page_tokens=4, step_tokens=16, most_at_once=6)
    assert generator.run(requests) == [generate_plain(plain, one) for one in requests]
    assert held(generator) == []


def test_requests_join_while_others_are_being_answered():
    generator = Generator(MODEL, pages=64, page_tokens=4)
    tokens: dict[int, list[int]] = {}
    lengths = list(LENGTHS)
    for number, piece in enumerate(generator.stream([request(lengths.pop())])):
        tokens.setdefault(piece.request, []).append(piece.token)
        if lengths and number % 3 == 0:
            generator.add(request(lengths.pop()))
    assert tokens == {number: known(length) for number, length in enumerate(LENGTHS[::-1])}
    assert held(generator) == []


@settings(max_examples=60, deadline=None)
@given(
    pages=st.integers(11, 40),
    step_tokens=st.integers(5, 40),
    most_at_once=st.integers(1, 4),
    moves=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from(LENGTHS), st.integers(1, 12)),
            st.tuples(st.just("cancel"), st.integers(0, 9)),
            st.tuples(st.just("step"), st.integers(1, 6)),
        ),
        max_size=20,
    ),
)
def test_whatever_comes_and_goes_no_page_is_lost_and_no_answer_changes(
    pages: int, step_tokens: int, most_at_once: int, moves: list[tuple[Any, ...]]
):
    generator = Generator(
        MODEL, pages=pages, page_tokens=4, step_tokens=step_tokens, most_at_once=most_at_once
    )
    expected: dict[int, list[int]] = {}
    pieces: list[Piece] = []
    for move, *how in moves:
        if move == "add":
            length, most = how
            number = generator.add(request(length, max_tokens=most))
            expected[number] = known(length)[:most]
        elif move == "cancel":
            running = generator.busy and generator.cancel(how[0])
            assert how[0] not in {one.number for one in generator._running}
            if running:
                del expected[how[0]]
        else:
            for _ in range(how[0]):
                pieces += generator.step()
                held(generator)
    pieces += generator.stream()
    assert held(generator) == []
    tokens = {number: [p.token for p in pieces if p.request == number] for number in expected}
    assert tokens == expected


def test_a_request_that_gave_back_its_pages_goes_on_where_it_was():
    generator = Generator(MODEL, pages=9, page_tokens=4)
    lengths = (8, 9, 5, 4)
    wanted = [request(length, temperature=0.9, seed=length) for length in lengths]
    assert generator.run(wanted) == [generate_plain(TWIN, one) for one in wanted]
    assert generator.preempted > 0
    assert held(generator) == []


def test_who_came_last_gives_back_its_pages_and_none_is_served_before_those_who_came_before():
    generator = Generator(MODEL, pages=9, page_tokens=4)
    for length in (8, 9, 5, 4, 3):
        generator.add(request(length))
    ended: list[int] = []
    while generator.busy:
        ended += [piece.request for piece in generator.step() if piece.finish]
        held(generator)
    assert generator.preempted > 0
    assert ended == [0, 1, 2, 3, 4]


def test_a_step_that_failed_can_be_done_again():
    generator = Generator(MODEL, pages=64, page_tokens=4)
    wanted = [request(9, temperature=1.0, seed=1), request(4)]
    expected = [generate_plain(TWIN, one) for one in wanted]
    for one in wanted:
        generator.add(one)
    pieces = generator.step()

    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    broken = MODEL.lm_head.register_forward_hook(fail)
    with pytest.raises(RuntimeError, match="out of memory"):
        generator.step()
    broken.remove()
    pieces += generator.stream()
    for number, answer in enumerate(expected):
        assert [piece.token for piece in pieces if piece.request == number] == answer.tokens


# --- who is answered when


def widths(model: Step3ForCausalLM, generator: Generator, requests: list[Request]) -> list[int]:
    """How many tokens each pass of the model reads until all are answered."""
    seen: list[int] = []
    watch = model.model.layers[0].register_forward_hook(
        lambda _, given, __: seen.append(given[0].shape[1])
    )
    generator.run(requests)
    watch.remove()
    return seen


def test_each_token_is_read_once_and_a_long_prompt_in_parts_beside_the_others():
    generator = Generator(MODEL, pages=64, step_tokens=10, most_at_once=4)
    seen = widths(MODEL, generator, [request(3, max_tokens=5), request(30, max_tokens=2)])
    assert seen == [10, 10, 10, 6, 2]
    assert sum(seen) == 3 + 4 + 30 + 1


def test_the_longest_waiting_joins_first_and_none_overtakes_it():
    generator = Generator(MODEL, pages=8, page_tokens=4)
    firsts: list[int] = []
    for piece in generator.stream([request(length) for length in (9, 17, 2, 3)]):
        if piece.request not in firsts:
            firsts.append(piece.request)
    assert firsts == [0, 1, 2, 3]


def test_no_more_are_answered_at_once_than_was_said():
    generator = Generator(MODEL, pages=64, most_at_once=2)
    seen = widths(MODEL, generator, [request(1, max_tokens=4) for _ in range(5)])
    assert max(seen) == 2
    assert len(seen) == 3 * 4


def test_who_is_cancelled_frees_its_pages_at_once():
    generator = Generator(MODEL, pages=64, page_tokens=4)
    first, second, third = (generator.add(request(length)) for length in (17, 9, 4))
    generator.step()
    before = generator.cache.free
    assert generator.cancel(first)
    assert generator.cache.free == before + 5
    assert not generator.cancel(first)
    pieces = list(generator.stream())
    assert [piece.token for piece in pieces if piece.request == second] == known(9)[1:]
    assert {piece.request for piece in pieces} == {second, third}
    assert not generator.cancel(second)
    assert held(generator) == []


def test_one_that_waits_can_be_cancelled():
    generator = Generator(MODEL, pages=64, most_at_once=1)
    first, second = generator.add(request(4)), generator.add(request(5))
    generator.step()
    assert generator.cancel(second)
    assert {piece.request for piece in generator.stream()} == {first}


def test_who_stops_listening_cancels_what_was_asked():
    generator = Generator(MODEL, pages=64)
    stream = generator.stream([request(4), request(9)])
    next(stream)
    stream.close()
    assert not generator.busy
    assert held(generator) == []


def test_where_one_of_several_requests_is_refused_none_stays():
    generator = Generator(MODEL, pages=64)
    with pytest.raises(UserError):
        generator.run([request(4), Request([])])
    assert not generator.busy


# --- what is refused


def test_what_would_never_fit_into_the_cache_is_refused():
    generator = Generator(MODEL, pages=4, page_tokens=4)
    assert generator.run([request(5)])[0].tokens == known(5)
    with pytest.raises(UserError, match="17 tokens need 5 pages and the cache has 4") as refused:
        generator.add(request(5, max_tokens=13))
    assert refused.value.code == "too_long"


def test_a_request_that_the_model_can_not_answer_is_refused():
    generator = Generator(MODEL, pages=64)
    with pytest.raises(UserError, match="97 tokens is too long"):
        generator.add(request(30, max_tokens=67))
    with pytest.raises(UserError, match="the vocabulary ends at 39"):
        generate_plain(MODEL, Request([40]))


@each_row("sizes", [{"most_at_once": 0}, {"most_at_once": 8, "step_tokens": 8}])
def test_a_step_has_room_for_prompts_beside_those_that_speak(sizes: dict[str, int]):
    with pytest.raises(UserError, match="less than step_tokens"):
        Generator(MODEL, pages=4, **sizes)


def test_run_answers_alone():
    generator = Generator(MODEL, pages=64)
    generator.add(request(4))
    with pytest.raises(RuntimeError, match="alone"):
        generator.run([request(5)])


# --- ends and text


def test_each_ends_where_it_was_asked_to():
    said = letters(known(9))
    wanted = [
        request(9, stop_ids=(known(9)[5],)),
        request(9, stop=(said[3:6],)),
        request(9, max_tokens=2),
        request(9, stop=("?",)),
    ]
    generator = Generator(MODEL, pages=64, decode=letters)
    found = generator.run(wanted)
    assert found == [generate_plain(TWIN, one, decode=letters) for one in wanted]
    assert [one.finish for one in found] == ["stop", "stop", "length", "length"]
    assert found[0].tokens == known(9)[: known(9).index(known(9)[5])]
    assert found[1].text == said[: said.index(said[3:6])]
    assert found[3].text == said


def test_how_likely_each_token_was_is_the_same_with_a_cache_and_without():
    wanted = request(9, logprobs=True, temperature=1.0, seed=2)
    found = Generator(MODEL, pages=64).run([wanted])[0].logprobs
    expected = generate_plain(TWIN, wanted).logprobs
    assert len(found) == 12
    assert found == pytest.approx(expected, abs=1e-5)
    assert all(one < 0 for one in found)


# --- pictures


@each_row("step_tokens, pages", [(512, 64), (7, 64), (9, 10)])
def test_pictures_are_seen_where_they_stand_however_the_prompt_is_read(
    step_tokens: int, pages: int
):
    fast, plain = seeing_model(8), seeing_model(8, plain=True)
    seen = [[picture(1)], [picture(2, 2, 1), picture(3)], [], [picture(4, 1, 2)]]
    wanted = [
        Request(with_pictures([20 + n, *[9] * len(one), 30], one), Sampling(max_tokens=8), one)
        for n, one in enumerate(seen)
    ]
    expected = [generate_plain(plain, one) for one in wanted]
    blind = replace(wanted[0], pictures=[picture(5)])
    assert generate_plain(plain, blind).tokens != expected[0].tokens
    generator = Generator(fast, pages=pages, page_tokens=4, step_tokens=step_tokens, most_at_once=4)
    assert generator.run(wanted) == expected
    assert (generator.preempted > 0) == (pages == 10)
    assert held(generator) == []


def test_a_token_that_looks_like_a_picture_may_be_said():
    fast, plain = seeing_model(8), seeing_model(8, plain=True)
    with torch.no_grad():
        for model in (fast, plain):
            model.lm_head.weight[9] = 9 * model.lm_head.weight[9]
    wanted = [
        Request([20 + seed], Sampling(temperature=2.0, seed=seed, max_tokens=20))
        for seed in range(4)
    ]
    expected = [generate_plain(plain, one) for one in wanted]
    assert any(9 in one.tokens for one in expected)
    assert Generator(fast, pages=64).run(wanted) == expected
