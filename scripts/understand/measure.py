"""What the bare network gets on the visible public sets while it is trained; no rule helps it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from edgewise.learn.evaluate import Slots, kinds_of, same_functions
from edgewise.learn.public_sets import SETS, Sample, as_said, load_set
from edgewise.think.understanding.command_model import LONGEST, likely
from edgewise.think.understanding.normalise import is_chinese, normalise
from edgewise.think.understanding.tagging import Tagger
from edgewise.think.understanding.word_pieces import FIRST, WordPieces
from scripts.understand.net import CommandNet


@torch.no_grad()
def measure(
    net: CommandNet, tokenizer: WordPieces, names, tagger: Tagger, folder: Path, most: int
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
            functions, _ = read(net, tokenizer, names, tagger, normalise(sample.text).plain)
            got = [f for f in functions if f != "none"]
            right += same_functions(sample.parts, got)
        found[name] = round(100 * right / max(1, len(samples)), 1)
        if samples[0].slots is not None:
            found[name + "_f1"] = round(_f1(net, tokenizer, names, tagger, samples), 1)
    return found


def read(net: CommandNet, tokenizer: WordPieces, names, tagger: Tagger, text: str):
    """Functions of the parts in order, and spans (type, start, end)."""
    coded = tokenizer(text)[: LONGEST - 1]
    ids = torch.tensor([[FIRST, *(number for number, _, _ in coded)]])
    hidden = net(ids, torch.ones_like(ids, dtype=torch.bool))[0]
    if len(hidden) < 2:
        return [], []
    starts = (net.starts(hidden)[1:, 0] > 0).nonzero()[:, 0].tolist()
    begins = sorted({0, *starts})
    scores = torch.cat((net.functions(hidden), net.labels(hidden)), dim=1)[1:].numpy()
    of, latin = np.array(names.of, np.int64), not is_chinese(text)
    functions = [
        names.functions[int(likely(scores[a:b], of, latin=latin).argmax())]
        for a, b in zip(begins, [*begins[1:], len(hidden) - 1], strict=True)
    ]
    places = [(start, end) for _, start, end in coded]
    return functions, tagger(net.tags(hidden[1:]).numpy(), places, text)


def _f1(net, tokenizer, names, tagger: Tagger, samples: Sequence[Sample]) -> float:
    """F1 of (kind, words) pairs, as `edgewise eval understand` counts them."""
    slots = Slots(kinds_of(samples))
    for sample in samples:
        text = normalise(sample.text).plain
        mine = read(net, tokenizer, names, tagger, text)[1]
        found = Counter((m.kind, as_said(text[m.start : m.end])) for m in mine)
        slots.count(Counter(sample.slots), found, right=False)
    return slots.f1
