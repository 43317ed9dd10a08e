"""The eyes learn first and alone: what a picture shows, and its colour, by one matrix over its
tokens, which is thrown away.

Joined to a text model that knows nothing yet, they learn colours and little else: too little of
what is wrong with an answer comes back to them through four layers of chance.
"""

import random
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.step3.pictures import to_pixels
from edgewise.step3.vision_language import Step3VL
from scripts.step3.pictures import COLOURS, SHAPES, WORDS, draw_shown

NAMES = (*SHAPES, *map(str, range(10)), *WORDS)
COLOUR_SHARE = 0.3
"""What a wrong colour counts beside a wrong name: it is soon learnt."""


def teach_eyes(
    model: Step3VL,
    seed: int,
    steps: int,
    rows: int,
    rate_at: Callable[[int], float],
    tell: Callable[[str], None],
) -> None:
    """Trains the vision part of a model in place, `rows` pictures a step at `rate_at` that step."""
    device = model.lm_head.weight.device
    side_px = model.whole.vision_config.image_size
    weights = [p for name, p in model.named_parameters() if name.startswith("vi")]
    width = model.whole.tokens(side_px) * model.whole.text_config.hidden_size
    reads = nn.Linear(width, len(NAMES) + len(COLOURS), device=device)
    optimiser = torch.optim.AdamW(
        [*weights, *reads.parameters()], betas=(0.9, 0.95), weight_decay=0.05
    )
    right = 0.0
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step)
        pixels, names, colours = (one.to(device) for one in pictures(seed, step, rows, side_px))
        scores = reads(model.see(pixels).flatten(1))  # (B, names and colours)
        of_name, of_colour = scores.split([len(NAMES), len(COLOURS)], dim=1)
        loss = F.cross_entropy(of_name, names) + COLOUR_SHARE * F.cross_entropy(of_colour, colours)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        right += 0.05 * ((of_name.argmax(1) == names).float().mean().item() - right)
        if (step + 1) % 50 == 0 or step + 1 == steps:
            tell(f"eyes alone: step {step + 1} of {steps}, names right {100 * right:.0f} %")


def pictures(seed: int, step: int, rows: int, side_px: int) -> tuple[Tensor, Tensor, Tensor]:
    """The pictures of one step (B, 3, side, side), which of NAMES each shows and in which colour,
    both (B,). Pairs that are kept from training are not among them."""
    rng = random.Random(f"{seed} eyes {step}")
    shown = [draw_shown(rng, side_px) for _ in range(rows)]
    colours = list(COLOURS)
    return (
        torch.cat([to_pixels(one.picture, side_px) for one in shown]),
        torch.tensor([NAMES.index(one.named) for one in shown]),
        torch.tensor([colours.index(one.colour) for one in shown]),
    )
