"""A small Step-3 learns: in seconds, the same each time, and on from where it stopped."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import UserError
from edgewise.step3.conversation import Conversation
from edgewise.step3.nano import PICO
from edgewise.step3.sampling import Sampling
from edgewise.step3.tokenizer import train_tokenizer
from scripts.step3.balance import Balance
from scripts.step3.recipe import Recipe
from scripts.step3.rows import Row, held_pictures, texts_of
from scripts.step3.train import Training, main, run

torch.set_num_threads(1)
COMMANDS = [
    Row(f"turn {way} the {what}", f"{what}.{way}", "command")
    for way in ("on", "off")
    for what in ("light", "radio", "heater")
]
RECIPE = Recipe(size="step3-pico", steps=60, rows=12, rate=1e-2, warmup=10)
TOKENIZER = train_tokenizer(texts_of(COMMANDS), PICO.text_config.vocab_size)


def training(recipe: Recipe = RECIPE) -> Training:
    return Training(recipe, COMMANDS, TOKENIZER)


def test_the_gradient_reaches_every_parameter():
    model = training()
    rows = [*held_pictures(0, 24, 28), *COMMANDS]
    (model.loss(model.batches.batch(rows)) + model.balance.take()).backward()
    untouched = [
        name
        for name, weight in model.model.named_parameters()
        if weight.grad is None or not bool(weight.grad.any())
    ]
    assert not untouched
    for layer in model.model.model.layers:
        if layer.is_moe:  # every expert, not only some of the stack
            assert bool(layer.moe.up_proj.weight.grad.flatten(1).any(1).all())


def test_a_handful_of_questions_is_learnt_by_heart():
    model = training()
    rows = [*held_pictures(0, 6, 28), *COMMANDS]
    told = [model.advance(rows) for _ in range(60)]
    assert told[0] > 3
    assert told[-1] < 0.05
    loss, right = model.check(rows)
    assert loss < 0.05
    assert set(right.values()) == {1.0}
    assert [model.sample(row) for row in rows[:7]] == [row.answer for row in rows[:7]]


def test_the_same_seed_has_the_same_losses_and_another_has_others():
    def losses(seed: int) -> list[float]:
        model = training(Recipe(size="step3-pico", steps=4, rows=6, seed=seed))
        return [model.advance() for _ in range(4)]

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_a_run_that_goes_on_ends_as_one_that_was_not_stopped(tmp_path: Path):
    whole = training()
    told = [whole.advance() for _ in range(6)]
    first = training()
    assert [first.advance() for _ in range(3)] == told[:3]
    first.keep(tmp_path / "state.pt")
    second = training()
    second.go_on(tmp_path / "state.pt")
    assert [second.advance() for _ in range(3)] == told[3:]
    assert second.tokens == whole.tokens
    weights = zip(whole.model.parameters(), second.model.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in weights)


def test_a_state_of_another_recipe_is_refused(tmp_path: Path):
    training().keep(tmp_path / "state.pt")
    other = training(Recipe(size="step3-pico", steps=9))
    with pytest.raises(UserError, match="another recipe"):
        other.go_on(tmp_path / "state.pt")


def test_the_rate_rises_and_falls():
    rates = [RECIPE.rate_at(step) for step in range(60)]
    assert rates[9] == RECIPE.rate == max(rates)
    assert rates[:10] == sorted(rates[:10])
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] < 0.1 * RECIPE.rate


def test_even_use_of_experts_costs_one_and_uneven_more():
    model = training().model
    balance = Balance(model)
    gate = model.model.layers[1].moe.gate
    with torch.no_grad():
        gate.weight.zero_()
        gate(torch.randn(64, PICO.text_config.hidden_size))
        even = balance.take()
        gate.weight[0] = 9.0
        gate(torch.ones(64, PICO.text_config.hidden_size))
    assert even == pytest.approx(1.0)
    assert balance.take() > 1.3


def test_half_precision_learns_as_well():
    model = training()
    model.half = True
    rows = [*COMMANDS, *held_pictures(0, 2, 28)]
    whole = training().advance(rows)
    told = [model.advance(rows) for _ in range(30)]
    assert told[0] != whole  # it was rounded
    assert told[-1] < 0.3 * told[0]


def test_what_was_trained_answers_from_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    model = training(Recipe(size="step3-pico", steps=70, rows=12, rate=1e-2, warmup=5))
    for _ in range(50):
        model.advance(COMMANDS)
    curve = run(model, COMMANDS, tmp_path, every=10)
    assert [one.metric for one in curve] == [
        "held-back loss after 60 steps",
        "held-back loss after 70 steps",
    ]
    assert "step 70 of 70" in capsys.readouterr().out
    model.save(tmp_path / "model")
    conversation = Conversation(tmp_path / "model")
    asked = [{"role": "user", "content": COMMANDS[0].question}]
    pieces = list(conversation.answer(asked, [], Sampling(max_tokens=16)))
    assert "".join(piece.text for piece in pieces) == COMMANDS[0].answer
    model.save(tmp_path / "model")  # over the one before


@pytest.mark.parametrize(
    "given",
    [
        ("--size", "step3-huge"), ("--steps", "-5"), ("--rows", "0"), ("--rate", "-1"),
        ("--device", "abacus"),
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_named(
    given: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.argv", ["train", "--out", str(tmp_path / "run"), *given])
    with pytest.raises(SystemExit):
        main()
    assert given[0] in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_whole_run_tells_its_figures_and_how_to_ask_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    small = ["--size", "step3-pico", "--eyes", "2", "--steps", "2", "--rows", "4", "--own", "2"]
    monkeypatch.setattr("sys.argv", ["train", "--out", str(tmp_path), *small])
    assert main() == 0
    told = capsys.readouterr().out
    assert "held-back commands: right" in told
    assert f"python -m scripts.step3.sample {tmp_path / 'model'}" in told
    monkeypatch.setattr("sys.argv", ["train", "--out", str(tmp_path), *small, "--rows", "5"])
    assert main() == 1
    assert "name a new folder" in capsys.readouterr().err
