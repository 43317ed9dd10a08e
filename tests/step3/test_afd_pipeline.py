"""Attention and feed-forward apart give the tokens of one process, and work at the same time."""

import threading
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from torch import Tensor, nn

from edgewise.step3.afd_message import Ask, Begun, Go, Plan
from edgewise.step3.afd_pipeline import AttentionPasses, FeedPasses
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling
from edgewise.step3.weights import save_model
from scripts.step3.golden import OTHER, SEED, TINY, seeded_model
from tests.step3.afd_crew import ASKS, Threads, one_process, tokens_of

torch.set_num_threads(1)
OVERLAP_S = 10.0


@pytest.fixture(scope="module", params=[TINY, OTHER], ids=["as published", "otherwise"])
def model(request: pytest.FixtureRequest) -> Step3ForCausalLM:
    return seeded_model(request.param, SEED).requires_grad_(False)


@pytest.fixture(scope="module")
def folder(model: Step3ForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("afd") / "model"
    save_model(model, place)
    return place


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")


@pytest.mark.parametrize(
    "plan",
    [Plan(1, 1), Plan(2, 1), Plan(2, 2), Plan(1, 3, 1), Plan(3, 1, 2)],
    ids=["1A1F", "2A1F", "2A2F", "1A3F without overlap", "3A1F two in flight"],
)
def test_tokens_are_those_of_one_process(model: Step3ForCausalLM, folder: Path, plan: Plan):
    found = tokens_of(Threads(folder, plan).start(), ASKS)
    assert found == [one_process(model, ask) for ask in ASKS]


def test_a_stop_token_ends_an_answer_and_is_not_told(model: Step3ForCausalLM, folder: Path):
    whole = one_process(model, ASKS[0])
    ask = Ask(ASKS[0].prompt, Sampling(max_tokens=9, stop_ids=(whole[4],)))
    told = whole[: whole.index(whole[4])]
    assert tokens_of(Threads(folder, Plan()).start(), [ask, ASKS[1]])[0] == told


def test_while_one_micro_batch_is_fed_another_attends(folder: Path):
    crew = Threads(folder, Plan())
    attended, overlapped = threading.Semaphore(0), threading.Event()
    attention, feed = crew.passes[0][0], crew.passes[1][0]
    assert isinstance(attention, AttentionPasses)
    assert isinstance(feed, FeedPasses)

    def hold_the_first(*_: object) -> None:
        if not overlapped.is_set():
            attended.acquire(timeout=OVERLAP_S)  # its own
            assert attended.acquire(timeout=OVERLAP_S)  # of another, while this one is held
            overlapped.set()

    first: nn.Module = attention.side.model.layers[0].self_attn
    first.register_forward_hook(lambda *_: attended.release())
    feed.side.register_forward_pre_hook(hold_the_first)
    tokens_of(crew.start(), ASKS[:2])
    assert overlapped.is_set()


def test_feeding_keeps_order_when_a_worker_has_nothing(model: Step3ForCausalLM, folder: Path):
    crew = Threads(folder, Plan(attention=3, ffn=2)).start()
    assert tokens_of(crew, ASKS[:2]) == [one_process(model, ask) for ask in ASKS[:2]]
    assert tokens_of(crew, ASKS[2:]) == [one_process(model, ask) for ask in ASKS[2:]]


def test_what_is_not_as_the_front_says_is_told(folder: Path):
    crew = Threads(folder, Plan())
    with pytest.raises(RuntimeError, match="rank 0 has"):
        crew.passes[0][0].go(Go(0, (3,), (Begun(0, ASKS[0]),)))


def test_a_stage_counts_what_it_computes_and_waits(folder: Path):
    crew = Threads(folder, Plan()).start()
    tokens_of(crew, ASKS[:3])
    for passes in crew.passes.values():
        spent = passes[0].stage.spent()
        assert spent.computing_s > 0
        assert spent.waiting_s > 0
        assert passes[0].stage.spent().computing_s == 0


def test_parts_are_added_in_the_order_of_ranks(folder: Path):
    """Sums of floats differ by order; a run is to give the same each time."""
    crew = Threads(folder, Plan(ffn=3))
    attention = crew.passes[0][0]
    assert isinstance(attention, AttentionPasses)
    y = torch.zeros(1, 1)

    class Parts:
        def send(self, tensors: list[Tensor], rank: int, tag: int) -> "Parts":
            return self

        def recv(self, tensors: list[Tensor], rank: int, tag: int) -> "Parts":
            tensors[0].fill_({1: 1e8, 2: -1e8, 3: 1.0}[rank])
            return self

        def wait(self) -> None: ...

    attention.group = Parts()
    assert attention._fed(torch.zeros(4, dtype=torch.uint8), y).item() == 1.0
