"""What the bare network gets on the visible public sets while it is trained; no rule helps it."""

import json
from pathlib import Path

import torch

from edgewise.learn.evaluate import same_functions
from edgewise.learn.public_sets import SETS, load_set
from edgewise.think.understanding.normalise import normalise
from scripts.understand.net import CommandNet
from scripts.understand.rows import locate


@torch.no_grad()
def measure(net: CommandNet, tokenizer, names, folder: Path, most: int) -> dict[str, float]:
    """Share of sentences whose set of functions is right, per set; span F1 of SLURP, HWU64 and
    SNIPS; of `most` sentences a set, spread over it."""
    net.eval()
    found: dict[str, float] = {}
    for name in SETS:
        samples = load_set(folder, name)
        samples = samples[:: -(-len(samples) // most)]
        right = 0
        for sample in samples:
            functions, _ = read(net, tokenizer, names, normalise(sample.text).plain)
            got = [f for f in functions if f != "none"]
            right += same_functions(sample.parts, got)
        found[name] = round(100 * right / max(1, len(samples)), 1)
    for name, split in (("slurp", "devel"), ("hwu64", "test"), ("snips", "valid")):
        found[name + "_f1"] = round(100 * _f1(net, tokenizer, names, folder / name, split, most), 1)
    return found


def read(net: CommandNet, tokenizer, names, text: str):
    """Functions of the parts in order, and spans (type, start, end)."""
    coded = tokenizer.encode(text)
    ids = torch.tensor([[2, *coded.ids][:96]])
    hidden = net(ids, torch.ones_like(ids, dtype=torch.bool))[0]
    if len(hidden) < 2:
        return [], []
    starts = (net.starts(hidden)[1:, 0] > 0).nonzero()[:, 0].tolist()
    begins = sorted({0, *starts})
    scores = net.functions(hidden[1:])
    functions = [
        names.functions[int(scores[a:b].mean(0).argmax())]
        for a, b in zip(begins, [*begins[1:], len(scores)], strict=True)
    ]
    tags = [names.tags[i] for i in net.tags(hidden[1:]).argmax(-1).tolist()]
    return functions, spans(tags, coded.offsets)


def spans(tags: list[str], offsets: list[tuple[int, int]]):
    found, kind = [], ""
    for tag, (start, end) in zip(tags, offsets, strict=False):
        if tag.startswith("B-") or (tag != "O" and tag[2:] != kind):
            found.append([tag[2:], start, end])
        elif tag != "O":
            found[-1][2] = end
        kind = "" if tag == "O" else tag[2:]
    return [tuple(each) for each in found]


def _f1(net, tokenizer, names, folder: Path, split: str, most: int) -> float:
    rows = [json.loads(line) for line in (folder / "data.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row["split"] == split]
    hit = got = wanted = 0
    for row in rows[:: -(-len(rows) // most)]:
        text = normalise(row["text"]).plain
        gold = [(k, text[s:e]) for k, s, e in locate(text, row["slots"])]
        wanted += len(row["slots"])
        mine = [(k, text[s:e]) for k, s, e in read(net, tokenizer, names, text)[1]]
        got += len(mine)
        for each in mine:
            if each in gold:
                gold.remove(each)
                hit += 1
    return 2 * hit / max(1, got + wanted)
