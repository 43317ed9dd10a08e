"""Made pictures with a question and its answer: a coloured shape, a digit, a word.

All are drawn here, by Pillow and the font it carries: no picture and no text of others is used.
Some pairs of colour and shape are never drawn for training (UNSEEN): who names them has learnt the
two apart and not pictures by heart.
"""

import math
import random
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

COLOURS = {
    "red": (215, 35, 40),
    "green": (40, 160, 60),
    "blue": (40, 80, 215),
    "yellow": (240, 215, 40),
    "purple": (145, 45, 175),
    "orange": (245, 135, 25),
}
SHAPES = ("circle", "square", "triangle", "star", "cross")
WORDS = (
    *("stop", "go", "exit", "open", "left", "right"),
    *("slow", "taxi", "park", "hot", "cold", "wait"),
)
UNSEEN = frozenset(
    {
        *(("green", "star"), ("purple", "circle"), ("orange", "square")),
        *(("red", "triangle"), ("blue", "cross")),
    }
)
ASK_COLOUR = ("What colour is it?", "Which colour is this?", "Tell me the colour.")
ASK_SHAPE = ("What shape is it?", "Which shape is this?", "Name the shape.")
ASK_DIGIT = ("Which digit is it?", "What number is this?", "Read the digit.")
ASK_WORD = ("What does it say?", "Which word is this?", "Read the word.")
ASK_ALL = ("What is this?", "Describe the picture.", "What do you see?")
OFF = 0.06
"""The most that something lies beside the middle, as a share of the side."""
ASKED = (1, 5, 4)
"""How often each is asked: the colour, which is soon learnt, the name, both."""
CHANCE = {
    "colour": 1 / len(COLOURS),
    "shape": 1 / len(SHAPES),
    "digit": 1 / 10,
    "word": 1 / len(WORDS),
}
"""How often a guess is right."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, what is asked about it (`kind` is what the answer names), and the answer; what it
    shows and in which colour."""

    picture: Image.Image
    question: str
    answer: str
    kind: str
    named: str
    colour: str


def draw_shown(rng: random.Random, side_px: int, *, unseen: bool = False) -> Shown:
    """A picture of `side_px` by `side_px` pixels with a question; of the pairs of UNSEEN alone if
    `unseen`, else of no such pair."""
    what = "shape" if unseen else rng.choice(("shape", "digit", "word"))
    if what == "shape":
        pairs = [(c, s) for c in COLOURS for s in SHAPES if ((c, s) in UNSEEN) == unseen]
        colour, named = rng.choice(pairs)
        whole = f"a {colour} {named}"
        if colour[0] in "aeiou":
            whole = f"an {colour} {named}"
    else:
        colour = rng.choice(list(COLOURS))
        named = str(rng.randrange(10)) if what == "digit" else rng.choice(WORDS)
        whole = f"the {what} {named} in {colour}"
    picture = _drawn(rng, what, colour, named, side_px)
    asks = {"shape": ASK_SHAPE, "digit": ASK_DIGIT, "word": ASK_WORD}[what]
    turns = [
        (rng.choice(ASK_COLOUR), colour, "colour"),
        (rng.choice(asks), named, what),
        (rng.choice(ASK_ALL), whole, "all"),
    ]
    [(question, answer, kind)] = rng.choices(turns, ASKED)
    return Shown(picture, question, answer, kind, named, colour)


def _drawn(rng: random.Random, what: str, colour: str, named: str, side_px: int) -> Image.Image:
    """Drawn four times as large and made small, so that edges are smooth."""
    large = 4 * side_px
    grey = rng.choice((rng.randrange(0, 70), rng.randrange(190, 256)))
    ground = tuple(max(0, min(255, grey + rng.randrange(-8, 9))) for _ in range(3))
    ink = tuple(max(0, min(255, one + rng.randrange(-18, 19))) for one in COLOURS[colour])
    picture = Image.new("RGB", (large, large), ground)
    draw = ImageDraw.Draw(picture)
    if what == "shape":
        radius = large * rng.uniform(0.28, 0.38)
        x, y = (large / 2 + rng.uniform(-OFF, OFF) * large for _ in range(2))
        turn = rng.uniform(-0.25, 0.25)
        if named == "circle":
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
        else:
            draw.polygon([(x + radius * a, y + radius * b) for a, b in _corners(named, turn)], ink)
    else:
        size = large * (rng.uniform(0.7, 0.85) if what == "digit" else rng.uniform(0.3, 0.34))
        font = _font(round(size / 8) * 8)
        left, top, right, bottom = draw.textbbox((0, 0), named, font=font)
        x, y = (large / 2 + rng.uniform(-OFF, OFF) * large for _ in range(2))
        draw.text((x - (left + right) / 2, y - (top + bottom) / 2), named, fill=ink, font=font)
    return picture.resize((side_px, side_px), Image.Resampling.BOX)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _corners(shape: str, turn: float) -> list[tuple[float, float]]:
    """A polygon within the circle of radius 1, turned by radians."""
    if shape == "star":
        rounds = [(i * math.pi / 5, 1.0 if i % 2 == 0 else 0.42) for i in range(10)]
    elif shape == "cross":
        a, b = math.atan2(0.3, 1.0), math.hypot(0.3, 1.0)
        inner = math.hypot(0.3, 0.3)
        rounds = [
            one
            for i in range(4)
            for one in (
                (i * math.pi / 2 - a, b),
                (i * math.pi / 2 + a, b),
                (i * math.pi / 2 + math.pi / 4, inner),
            )
        ]
    else:
        count, first = (4, math.pi / 4) if shape == "square" else (3, 0.0)
        rounds = [(first + i * 2 * math.pi / count, 1.0) for i in range(count)]
    return [(r * math.sin(angle + turn), -r * math.cos(angle + turn)) for angle, r in rounds]
