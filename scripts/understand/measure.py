"""What the bare network gets on the visible public sets while it is trained; no rule helps it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from edgewise.learn.evaluate import Slots, kinds_of, same_functions
from edgewise.learn.public_sets import SETS, Sample, as_said, load_set
from edgewise.think.understanding.command_model import LONGEST, SURE_ALONE, mentions_of
from edgewise.think.understanding.normalise import is_chinese, normalise
from edgewise.think.understanding.word_pieces import FIRST, WordPieces
from scripts.understand.net import CommandNet


@torch.no_grad()
def measure(
    net: CommandNet, tokenizer: WordPieces, names, folder: Path, most: int
) -> dict[str, float]:
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
        if samples[0].slots is not None:
            found[name + "_f1"] = round(_f1(net, tokenizer, names, samples), 1)
    return found


def read(net: CommandNet, tokenizer: WordPieces, names, text: str):
    """Functions of the parts in order, and spans (type, start, end)."""
    coded = tokenizer(text)[: LONGEST - 1]
    ids = torch.tensor([[FIRST, *(number for number, _, _ in coded)]])
    hidden = net(ids, torch.ones_like(ids, dtype=torch.bool))[0]
    if len(hidden) < 2:
        return [], []
    starts = (net.starts(hidden)[1:, 0] > 0).nonzero()[:, 0].tolist()
    begins = sorted({0, *starts})
    functions = [
        names.functions[int(likely(net, names, hidden[a + 1 : b + 1], text).argmax())]
        for a, b in zip(begins, [*begins[1:], len(hidden) - 1], strict=True)
    ]
    tags = [names.tags[i] for i in net.tags(hidden[1:]).argmax(-1).tolist()]
    return functions, mentions_of(tags, [(start, end) for _, start, end in coded], text)


def likely(net: CommandNet, names, hidden: Tensor, text: str) -> Tensor:
    """Probabilities of the functions of a part, from the vectors of its tokens, as in the shipped
    model (`CommandModel.guess`)."""
    shares = net.functions(hidden).mean(0).softmax(-1)
    if is_chinese(text) or not names.of or shares.max() >= SURE_ALONE:
        return shares
    of = torch.tensor(names.of)
    known = torch.zeros_like(shares).index_fill_(0, of, 1.0)
    labels = net.labels(hidden).mean(0).softmax(-1)
    told = torch.zeros_like(shares).index_add_(0, of, labels)
    both = shares * (1 - known) + (shares * known).sum() * told
    return both if both.max() > shares.max() else shares


def _f1(net, tokenizer, names, samples: Sequence[Sample]) -> float:
    """F1 of (kind, words) pairs, as `edgewise eval understand` counts them."""
    slots = Slots(kinds_of(samples))
    for sample in samples:
        text = normalise(sample.text).plain
        mine = read(net, tokenizer, names, text)[1]
        found = Counter((m.kind, as_said(text[m.start : m.end])) for m in mine)
        slots.count(Counter(sample.slots), found, right=False)
    return slots.f1
