"""Trains a small Step-3 from nothing: `python -m scripts.step3.train --out build/step3-nano`.

AdamW, a rate that rises and falls as a cosine, gradients clipped, bf16 on an accelerator. The eyes
learn alone first (`eyes.py`); then all together, the loss taken on answers alone. Beside it stands
the load-balancing loss of the Switch Transformer: the router has neither bias nor noise, and in so
short a training a few experts would take all tokens while the others stay what chance made them. A
run that was stopped goes on from the state.pt in its folder; the model is written in the layout of
the public checkpoint.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.errors import UserError
from edgewise.learn.report import Result, format_report, measure
from edgewise.step3.conversation import GENERATION
from edgewise.step3.layout import count_active_parameters
from edgewise.step3.nano import SIZES, fresh
from edgewise.step3.tokenizer import END, PAD, save_tokenizer, train_tokenizer
from edgewise.step3.weights import save_model
from scripts.step3.balance import Balance
from scripts.step3.eyes import teach_eyes
from scripts.step3.pictures import CHANCE
from scripts.step3.recipe import SEED, Recipe
from scripts.step3.rows import (
    IGNORED,
    Batch,
    Batches,
    Row,
    command_rows,
    held_pictures,
    rows_of_step,
    texts_of,
)

ROOT = Path(__file__).parents[2]
MODEL, STATE = "model", "state.pt"
EYES_ROWS = 32
HELD = 240
"""Held-back pictures, and held-back commands, that are measured on the way."""
HELD_AT_END = 1000


class Training:
    """A model on its way. `commands` are the sentences to train on."""

    def __init__(
        self, recipe: Recipe, commands: Sequence[Row], tokenizer: Tokenizer, device: str = "cpu"
    ) -> None:
        self.recipe, self.commands, self.tokenizer = recipe, commands, tokenizer
        self.device = torch.device(device)
        self.half = self.device.type == "cuda"
        """Whether products are computed in bf16."""
        self.batches = Batches(tokenizer, recipe.config)
        self.model = fresh(recipe.config, recipe.seed).to(self.device)
        self.balance = Balance(self.model)
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        others = [p for p in self.model.parameters() if p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": recipe.decay},
            {"params": others, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.95), fused=True)
        self.pad = tokenizer.token_to_id(PAD)
        self.step = 0
        self.tokens = 0
        """That the model has read, padding apart."""

    def teach_eyes(self) -> None:
        """Lets the eyes learn alone, before the first step of all together."""
        recipe = self.recipe
        teach_eyes(
            self.model,
            recipe.seed,
            recipe.eyes,
            EYES_ROWS,
            lambda step: recipe.rate_at(step, recipe.eyes),
            lambda told: print(told, flush=True),
        )

    def advance(self, rows: Sequence[Row] | None = None) -> float:
        """One step, on `rows` or those that the recipe says; the loss before it."""
        recipe, side_px = self.recipe, self.recipe.config.vision_config.image_size
        if rows is None:
            rows = rows_of_step(self.commands, recipe.seed, self.step, recipe.rows, side_px)
        batch = self.batches.batch(rows).to(self.device)
        for group in self.optimiser.param_groups:
            group["lr"] = recipe.rate_at(self.step)
        self.model.train()
        told, balance = self.loss(batch), self.balance.take()
        self.optimiser.zero_grad(set_to_none=True)
        (told + recipe.balance * balance).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), recipe.clip)
        self.optimiser.step()
        self.step += 1
        self.tokens += int((batch.ids != self.pad).sum())
        return told.item()

    def loss(self, batch: Batch) -> Tensor:
        """Mean over the answers' tokens, in nats."""
        logits = self.scores(batch)
        return F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)

    def scores(self, batch: Batch) -> Tensor:
        """Logits (B, T, V) in fp32."""
        self.balance.real = batch.ids.flatten() != self.pad
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            return self.model(batch.ids, batch.pictures).float()

    @torch.inference_mode()
    def check(self, rows: Sequence[Row]) -> tuple[float, dict[str, float]]:
        """The loss on held-back rows, and per kind the share whose whole answer is right: each of
        its tokens the likeliest, which is what decoding without chance would write."""
        self.model.eval()
        total, count = 0.0, 0
        right: dict[str, list[bool]] = {}
        for start in range(0, len(rows), 64):
            some = rows[start : start + 64]
            batch = self.batches.batch(some).to(self.device)
            logits = self.scores(batch)
            flat = logits.flatten(0, 1), batch.targets.flatten()
            total += F.cross_entropy(*flat, ignore_index=IGNORED, reduction="sum").item()
            count += int((batch.targets != IGNORED).sum())
            same = (logits.argmax(-1) == batch.targets) | (batch.targets == IGNORED)
            for row, whole in zip(some, same.all(-1).tolist(), strict=True):
                right.setdefault(row.kind, []).append(whole)
        return total / count, {kind: sum(found) / len(found) for kind, found in right.items()}

    @torch.inference_mode()
    def sample(self, row: Row, most: int = 16) -> str:
        """What the model answers, the likeliest token each time."""
        self.model.eval()
        batch = self.batches.batch([row]).to(self.device)
        asked = int((batch.targets[0] == IGNORED).long().argmin()) + 1  # the question's length
        ids, end = batch.ids[:, :asked], self.tokenizer.token_to_id(END)
        written: list[int] = []
        for _ in range(most):
            token = int(self.model(ids, batch.pictures)[0, -1].argmax())
            if token == end:
                break
            written.append(token)
            ids = torch.cat([ids, torch.tensor([[token]], device=self.device)], dim=1)
        return self.tokenizer.decode(written)

    def keep(self, path: Path) -> None:
        """Writes all that going on needs; the file before it stays until this one is whole."""
        state = {
            "recipe": asdict(self.recipe),
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
        }
        new = path.with_suffix(".new")
        torch.save(state, new)
        new.replace(path)

    def go_on(self, path: Path) -> None:
        """Takes up what `keep` wrote. Raises UserError where that was by another recipe."""
        state = torch.load(path, weights_only=True, map_location=self.device)
        if state["recipe"] != asdict(self.recipe):
            raise UserError(
                f"{path} is of another recipe ({state['recipe']}); name a new folder",
                code="exists_already",
            )
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.tokens = state["step"], state["tokens"]

    def save(self, folder: Path) -> None:
        """The model as others load it: config, weights in bf16, tokenizer, template."""
        new = folder.with_name(folder.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        save_model(self.model, new, dtype=torch.bfloat16)
        save_tokenizer(self.tokenizer, new)
        end = {"eos_token_id": self.tokenizer.token_to_id(END)}
        (new / GENERATION).write_text(json.dumps(end) + "\n", "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        new.replace(folder)


def run(training: Training, held: Sequence[Row], out: Path, every: int) -> list[Result]:
    """Trains to the end, telling how it goes; the curve of the held-back loss."""
    curve: list[Result] = []
    began, steps = time.perf_counter(), training.recipe.steps
    first, told = training.step, 0.0
    while training.step < steps:
        value = training.advance()
        told = 0.95 * told + 0.05 * value if told else value
        step = training.step
        if step % 20 == 0 or step == steps:
            took = time.perf_counter() - began
            left = took / (step - first) * (steps - step)
            print(
                f"step {step} of {steps}, loss {told:.3f}, {took:.0f} s, {left:.0f} s left",
                flush=True,
            )
        if step % every == 0 or step == steps:
            loss, right = training.check(held)
            shares = ", ".join(
                f"{kind} {100 * share:.0f} %" for kind, share in sorted(right.items())
            )
            print(f"  held back: loss {loss:.3f}; right: {shares}", flush=True)
            for row in held[:: max(1, len(held) // 4)][:4]:
                print(f"    {row.question} -> {training.sample(row)!r} ({row.answer})", flush=True)
            curve.append(measure(f"held-back loss after {step} steps", loss, "nats a token"))
            training.keep(out / STATE)
    return curve


def figures(
    training: Training,
    curve: Sequence[Result],
    held: Sequence[Row],
    unseen: Sequence[Row],
    took_s: float,
) -> list[Result]:
    """What documents may quote of this run."""
    config = training.recipe.config
    whole = sum(p.numel() for p in training.model.parameters())
    text = count_active_parameters(config.text_config)
    eyes = sum(p.numel() for name, p in training.model.named_parameters() if name.startswith("vi"))
    found = [
        measure("parameters", whole / 1e6, "M"),
        measure("parameters of the eyes", eyes / 1e6, "M"),
        measure("parameters that a token of text uses", text / 1e6, "M"),
        measure("processor time of the training, one thread", took_s / 60, "min", at_most=20),
        measure("steps of the eyes alone", training.recipe.eyes, "of training"),
        measure("steps of all together", training.recipe.steps, "of training"),
        measure("rows", training.recipe.rows, "a step"),
        measure("tokens trained on", training.tokens / 1e6, "M"),
        *curve,
    ]
    for kind, share in sorted(training.check(held)[1].items()):
        least = 300 * CHANCE.get(kind, 1 / 6)
        what = "commands" if kind == "command" else f"pictures, {kind}"
        found.append(measure(f"held-back {what}: right", 100 * share, "%", at_least=least))
    for kind, share in sorted(training.check(unseen)[1].items()):
        found.append(
            measure(f"pairs of colour and shape never seen, {kind}: right", 100 * share, "%")
        )
    return found + [measure(f"chance, {kind}", 100 * one, "%") for kind, one in CHANCE.items()]


def arguments() -> argparse.Namespace:
    """What the command line says. Ends the program with a sentence where it makes no sense."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    usual = Recipe()
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--size", choices=sorted(SIZES), default=usual.size)
    parser.add_argument("--eyes", type=int, default=usual.eyes, help="steps of the eyes alone")
    parser.add_argument("--steps", type=int, default=usual.steps)
    parser.add_argument("--rows", type=int, default=usual.rows, help="conversations a step")
    parser.add_argument("--rate", type=float, default=usual.rate, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--every", type=int, default=100, help="steps between two checks")
    parser.add_argument("--own", type=int, default=120, help="sentences a function and language")
    parser.add_argument("--save", action="store_true", help="write docs/figures/step3_nano.json")
    given = parser.parse_args()
    for name in ("eyes", "steps", "rows", "threads", "every", "own"):
        if getattr(given, name) < 1:
            parser.error(f"--{name} is {getattr(given, name)}; give 1 or more")
    if not given.rate > 0:
        parser.error(f"--rate is {given.rate}; give more than 0, such as {usual.rate}")
    try:
        torch.empty(1, device=given.device)
    except (RuntimeError, AssertionError) as error:
        parser.error(f"--device {given.device}: {str(error).splitlines()[0]}")
    return given


def main() -> int:
    given = arguments()
    try:
        train(given)
    except KeyboardInterrupt:
        print(
            "stopped; the same command goes on from the last check, or begins anew before it",
            file=sys.stderr,
        )
        return 130
    except (UserError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    model = given.out / MODEL
    print(f'Ask it: python -m scripts.step3.sample {model} "turn on the ac"')
    return 0


def train(given: argparse.Namespace) -> None:
    """The whole run, from data to figures."""
    torch.set_num_threads(given.threads)
    recipe = Recipe(given.size, given.eyes, given.steps, given.rows, given.rate)
    given.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    commands, held_commands = command_rows(SEED, given.own)
    tokenizer = train_tokenizer(texts_of(commands), recipe.config.text_config.vocab_size)
    training = Training(recipe, commands, tokenizer, given.device)
    state = given.out / STATE
    if is_resumed := state.is_file():
        training.go_on(state)
    print(
        f"{len(commands)} commands, {len(held_commands)} held back, step {training.step}; ready"
        f" after {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    if not is_resumed:
        training.teach_eyes()
        training.keep(state)
    side_px = recipe.config.vision_config.image_size
    held = [*held_pictures(SEED, HELD_AT_END, side_px), *held_commands[:HELD_AT_END]]
    some = [*held[:HELD], *held_commands[:HELD]]
    curve = run(training, some, given.out, given.every)
    took_s = time.process_time()
    training.save(given.out / MODEL)
    unseen = held_pictures(SEED, HELD, side_px, unseen=True)
    results = figures(training, curve, held, unseen, took_s)
    for one in results:
        print(f"{one.metric:60} {one.value:10.4g} {one.unit}")
    if given.save and not is_resumed:  # the time of a part is not that of the whole
        kept = json.loads(format_report("step3_nano", results))
        kept = {"name": kept["name"], "about": __doc__, **kept}
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        (ROOT / "docs" / "figures" / "step3_nano.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
