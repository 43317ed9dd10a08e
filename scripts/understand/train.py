"""Trains the command model and writes its files: `python -m scripts.understand.train --help`."""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from edgewise.engine.packages import find_file
from edgewise.think.understanding import command_model
from edgewise.think.understanding.tagging import Tagger
from edgewise.think.understanding.word_pieces import WordPieces
from scripts.understand import batches, measure, pieces
from scripts.understand.card import source_hash, write_card
from scripts.understand.export import export
from scripts.understand.names import Names
from scripts.understand.net import INNER, CommandNet, Encoder, load_pretrained
from scripts.understand.rows import Row, own_rows, public_rows, unseen
from scripts.understand.transitions import transitions

SEED = 20261129
FOLDER = Path(command_model.__file__).parent
APART = 1500
"""Rows kept aside for calibration alone."""
KEPT = 0.999
"""How much of the running mean of the weights stays at each step."""
BEGUN_WITH = "all-minilm-l6-v2"
LAYERS = {3: [0, 2, 5], 4: [0, 1, 3, 5], 6: [0, 1, 2, 3, 4, 5]}
"""Which of MiniLM's layers a shorter encoder begins with."""
SHARES = {"snips": 0.5, "clinc150": 0.6, "own en": 0.4, "own zh": 0.7}
"""How much of a source is seen in one epoch, another part each time; the others whole."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of public sets; own sentences only")
    parser.add_argument("--without", default="", help="public sets to leave out of training")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--inner", type=int, default=INNER, help="feed-forward units of a layer")
    parser.add_argument("--scratch", action="store_true", help="start from random weights")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--own", type=int, default=400, help="own sentences a class and language")
    parser.add_argument("--resume", type=Path, help="net.pt of an earlier run to go on from")
    parser.add_argument("--out", type=Path, required=True, help="folder for what is on the way")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder of the shipped files")
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(given.threads)
    began = time.perf_counter()
    public = public_rows(given.data, given.without.split(",")) if given.data else []
    source = source_hash()
    own = own_rows(SEED, given.own, public)
    rows = (unseen(own, given.data) if given.data else own) + public
    random.Random(SEED).shuffle(rows)
    aside, rows = rows[:APART], rows[APART:]
    net, tokenizer, names = build([*rows, *aside], given.layers, given.inner, scratch=given.scratch)
    print(f"{len(rows)} rows, {len(names.functions)} functions, {len(names.tags)} tags", flush=True)
    if given.resume:
        net.load_state_dict(torch.load(given.resume, weights_only=True))
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "pieces.txt").write_text("\n".join(tokenizer.vocabulary) + "\n", "utf-8")
    shown: dict[str, object] = {"functions": names.functions, "of": names.of, "tags": names.tags}
    (given.out / "names.json").write_text(json.dumps(shown, ensure_ascii=False))
    follows = transitions(rows, tokenizer, names.tags)
    np.save(given.out / "transitions.npy", follows)
    figures = fit(net, rows, tokenizer, names, Tagger(names.tags, follows), given)
    (given.out / "figures.json").write_text(json.dumps(figures) + "\n")
    temperature = calibrate(net, aside, tokenizer, names)
    shown["temperature"] = temperature
    (given.out / "names.json").write_text(json.dumps(shown, ensure_ascii=False))
    export(net, given.out / "pieces.txt", shown, follows, temperature, given.to)
    took = time.perf_counter() - began
    write_card(given, rows, names, figures, temperature, took, source)


def build(rows: Sequence[Row], layers: int, inner: int, *, scratch: bool):
    """The network for these rows, its tokenizer, and the names of its outputs."""
    latin = pieces.latin_pieces(find_file(BEGUN_WITH, "vocab.txt"))
    known = {piece for piece, _ in latin}
    chinese = [p for p in pieces.chinese_pieces(row.text for row in rows) if p not in known]
    tokenizer = WordPieces([piece for piece, _ in latin] + chinese)
    kinds = sorted({kind for row in rows for kind, _, _ in row.spans or ()})
    meant = {part.label: min(part.functions) for row in rows for part in row.parts if part.label}
    functions = sorted({f for row in rows for part in row.parts for f in part.functions})
    names = batches.Vocabulary(
        functions, ["O", *(f"{at}-{kind}" for kind in kinds for at in "BI")], sorted(meant),
        [functions.index(meant[label]) for label in sorted(meant)],
    )  # fmt: skip
    encoder = Encoder(len(latin), len(chinese), layers, inner)
    if scratch:
        encoder.fixed.requires_grad = True
        nn.init.normal_(encoder.fixed, 0, 0.04)
        nn.init.normal_(encoder.learnt, 0, 0.04)
    else:
        numbers = [number for _, number in latin]
        load_pretrained(
            encoder, find_file(BEGUN_WITH, "model.safetensors"), numbers, LAYERS[layers]
        )
    net = CommandNet(encoder, len(names.functions), len(names.tags), len(names.labels))
    return net, tokenizer, names


def fit(
    net: CommandNet, rows, tokenizer, names: batches.Vocabulary, tagger: Tagger, given
) -> dict[str, float]:
    """AdamW, linear warm-up and decay by steps; heads and new characters learn faster. What is
    kept is the running mean of the weights (Polyak and Juditsky, 1992). Gives what that network
    got on the visible public sets after the last epoch."""
    figures: dict[str, float] = {}
    known = Names(rows)
    rng = random.Random(SEED)
    slow = [p for n, p in net.encoder.named_parameters() if p.requires_grad and n != "learnt"]
    fast = [net.encoder.learnt] + [p for n, p in net.named_parameters() if "encoder" not in n]
    averaged = [p.detach().clone() for p in (*slow, *fast)]
    groups = [{"params": slow, "times": 1.0}, {"params": fast, "times": 8.0}]
    optimiser = torch.optim.AdamW(groups, lr=given.rate, weight_decay=0.01, fused=True)
    some = sample(rows, random.Random(SEED))
    steps = given.epochs * int(len(some) * 0.8) // given.size
    step, began = 0, time.perf_counter()
    for number in range(given.epochs):
        net.train()
        told = 0.0
        some = [known.renewed(row, rng) for row in sample(rows, rng)]
        for batch in batches.epoch(some, tokenizer, names, rng, given.size, 0.35):
            step += 1
            now = min(1.0, step / 200) * max(0.02, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = given.rate * group["times"] * now
            value = loss(net, batch)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
            optimiser.step()
            with torch.no_grad():
                kept = min(KEPT, step / (step + 10))
                torch._foreach_lerp_(averaged, [*slow, *fast], 1 - kept)
            told = 0.98 * told + 0.02 * value.item() if told else value.item()
            if step % 100 == 0:
                took = time.perf_counter() - began
                print(f"  step {step} of {steps}, loss {told:.3f}, {took:.0f} s", flush=True)
        last = number + 1 == given.epochs
        _exchange(averaged, [*slow, *fast])
        torch.save(net.state_dict(), given.out / "net.pt")
        if given.data:
            most = 10**6 if last else 150
            figures = measure.measure(net, tokenizer, names, tagger, given.data, most)
            print(f"epoch {number + 1}: {json.dumps(figures)}", flush=True)
        if not last:
            _exchange(averaged, [*slow, *fast])
    return figures


@torch.no_grad()
def _exchange(one: Sequence[Tensor], other: Sequence[Tensor]) -> None:
    for a, b in zip(one, other, strict=True):
        kept = a.clone()
        a.copy_(b)
        b.copy_(kept)


@torch.no_grad()
def calibrate(net: CommandNet, aside: Sequence[Row], tokenizer, names) -> float:
    """The temperature with the least loss on rows that were kept aside, never below 1: they come
    from the sets that were trained on, and on others the network is less often right."""
    net.eval()
    scores, allowed = [], []
    for batch in batches.epoch(aside, tokenizer, names, random.Random(SEED), 32, 0.0):
        pooled = batch.pool @ net(batch.ids, batch.mask).flatten(0, 1)
        scores.append(net.functions(pooled))
        allowed.append(batch.allowed)
    both, may = torch.cat(scores), torch.cat(allowed)

    def cost(temperature: float) -> float:
        shares = (both / temperature).softmax(-1)
        return -float((shares * may).sum(-1).clamp_min(1e-9).log().mean())

    return min((1.0 + 0.05 * i for i in range(40)), key=cost)


def sample(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """The rows of one epoch."""

    def share(row: Row) -> float:
        language = "zh" if row.chinese else "en"
        name = f"own {language}" if row.source == "own" else row.source
        return SHARES.get(name, 1.0)

    return [row for row in rows if rng.random() < share(row)]


def loss(net: CommandNet, batch: batches.Batch) -> Tensor:
    """Function (its allowed set taken together), tags, part starts, and the sources' own labels."""
    ids = batch.ids
    if net.training:
        hidden_pieces = torch.rand(ids.shape) < 0.03
        hidden_pieces[:, 0] = False
        ids = torch.where(hidden_pieces & batch.mask, 1, ids)
    hidden = net(ids, batch.mask)
    pooled = batch.pool @ hidden.flatten(0, 1)
    scores = net.functions(pooled).log_softmax(-1)
    allowed = scores.masked_fill(batch.allowed == 0, float("-inf")).logsumexp(-1)
    smooth = scores.mean()
    value = -(0.97 * allowed.mean() + 0.03 * smooth)
    if (batch.labels >= 0).any():
        value = value + 0.4 * F.cross_entropy(net.labels(pooled), batch.labels)
    if (batch.tags >= 0).any():
        value = value + F.cross_entropy(net.tags(hidden).flatten(0, 1), batch.tags.flatten())
    real = batch.starts >= 0
    starts = net.starts(hidden)[..., 0]
    return value + F.binary_cross_entropy_with_logits(starts[real], batch.starts[real])


if __name__ == "__main__":
    main()
