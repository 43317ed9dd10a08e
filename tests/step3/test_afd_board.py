"""The front spreads requests over workers and micro-batches, and starts a pass when the last is
told by all."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.errors import ModelError
from edgewise.step3.afd_board import Board, answer
from edgewise.step3.afd_message import Ask, Begun, Chosen, Go, Order, Passed, Plan, Report
from edgewise.step3.cache import PAGE_TOKENS
from edgewise.step3.sampling import Sampling


class Written:
    """A crew that notes orders and says what the test wrote."""

    def __init__(self, plan: Plan, *said: tuple[int, Report] | ModelError) -> None:
        self.plan, self.said = plan, list(said)
        self.sent: list[tuple[int, Go]] = []

    def send(self, rank: int, order: Order) -> None:
        assert isinstance(order, Go)
        self.sent.append((rank, order))

    def receive(self) -> list[tuple[int, Report]]:
        told = self.said.pop(0)
        if isinstance(told, ModelError):
            raise told
        return [told]

    def taken(self) -> list[tuple[int, Go]]:
        sent, self.sent = self.sent, []
        return sent


def asks(count: int, *, prompt: int = 2, most: int = 3) -> list[Begun]:
    ask = Ask(tuple(range(prompt)), Sampling(max_tokens=most))
    return [Begun(number, ask) for number in range(count)]


def passed(micro: int, *chosen: tuple[int, bool]) -> Passed:
    return Passed(micro, [Chosen(number, 9, is_last) for number, is_last in chosen])


def test_requests_spread_over_micro_batches_and_workers():
    crew = Written(Plan(attention=2, ffn=1))
    board = Board(crew, 64, asks(6))
    for micro in range(3):
        board.go(micro)
    begun = {(order.micro, rank): len(order.begun) for rank, order in crew.sent if rank < 2}
    assert begun == {(micro, rank): 1 for micro in range(3) for rank in range(2)}


def test_all_workers_are_told_of_a_pass_and_only_the_own_requests():
    crew = Written(Plan(attention=2, ffn=2))
    board = Board(crew, 64, asks(1))
    board.go(0)
    assert [(rank, order.counts, len(order.begun)) for rank, order in crew.taken()] == [
        (0, (2, 0), 1),
        (1, (2, 0), 0),
        (2, (2, 0), 0),
        (3, (2, 0), 0),
    ]
    board.go(1)
    assert crew.taken() == []


def test_a_pass_starts_when_all_workers_have_told_of_the_last():
    crew = Written(Plan(attention=2, ffn=1, micro_batches=1))
    board = Board(crew, 64, asks(2))
    board.go(0)
    crew.taken()
    board.note(0, passed(0, (0, False)))
    assert crew.taken() == []
    board.note(1, passed(0, (1, True)))
    assert {order.counts for _, order in crew.taken()} == {(1, 0)}


def test_a_request_waits_until_the_cache_has_room_for_all_of_it():
    crew = Written(Plan(micro_batches=2))
    board = Board(crew, 3, asks(3, prompt=PAGE_TOKENS, most=PAGE_TOKENS))
    board.go(0)
    board.go(1)
    assert [order.begun[0].number for rank, order in crew.taken() if rank == 0] == [0]
    board.note(0, passed(0, (0, True)))
    assert [order.begun[0].number for rank, order in crew.taken() if rank == 0] == [2]
    board.note(0, passed(0, (2, True)))
    assert [order.begun[0].number for rank, order in crew.taken() if rank == 0] == [1]


def test_an_answer_that_goes_on_reads_what_is_known_again():
    crew = Written(Plan(micro_batches=1))
    ask = Ask((1, 2, 3), Sampling(max_tokens=4))
    Board(crew, 64, [Begun(0, ask, (7, 8))]).go(0)
    assert crew.sent[0][1].counts == (5,)


def test_after_an_error_what_is_known_says_where_to_go_on():
    lost = ModelError("FFN worker 0 was killed", code="worker_lost")
    crew = Written(Plan(micro_batches=1), (0, passed(0, (0, False), (1, True))), lost)
    known: dict[int, list[int]] = {0: [5], 1: []}
    told: list[tuple[int, int]] = []
    with pytest.raises(ModelError):
        told += answer(crew, 64, [one.ask for one in asks(2)], known)
    assert known == {0: [5, 9]}


def test_stop_tokens_are_not_told():
    crew = Written(Plan(micro_batches=1), (0, passed(0, (0, True))))
    ask = Ask((1,), Sampling(stop_ids=(9,)))
    assert list(answer(crew, 64, [ask], {0: []})) == []
