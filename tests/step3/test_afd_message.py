"""What front and workers say comes out as it went in."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.step3.afd_message import (
    Ask,
    Begun,
    Chosen,
    Failed,
    Go,
    Lost,
    Order,
    Passed,
    Plan,
    Ready,
    Report,
    Setup,
    Spent,
    Stop,
    Tell,
    encode,
    orders,
    reports,
)
from edgewise.step3.sampling import Sampling


def test_orders_and_reports_come_out_as_they_went_in():
    ask = Ask((1, 2), Sampling(0.7, 0.9, seed=2**40, max_tokens=3, stop_ids=(4,)))
    said: list[Order] = [
        Setup(1, Plan(2, 3, 1), "model", "store", 1, 64, 5.0),
        Go(2, (3, 0), (Begun(7, ask, (8, 9)),)),
        Tell(),
        Stop(),
    ]
    assert [orders.decode(encode(one)) for one in said] == said
    told: list[Report] = [
        Ready(["lm_head.weight"], 12),
        Passed(0, [Chosen(1, 2, True)]),
        Spent(0.5, 1.5),
        Lost(1, "closed"),
        Failed("torn"),
    ]
    assert [reports.decode(encode(one)) for one in told] == told


def test_ranks_are_attention_workers_first_and_bear_names():
    plan = Plan(attention=2, ffn=2)
    assert [plan.place(rank) for rank in range(plan.workers)] == [
        ("attention", 0),
        ("attention", 1),
        ("ffn", 0),
        ("ffn", 1),
    ]
    assert (plan.name(1), plan.name(2)) == ("attention worker 1", "FFN worker 0")
