"""A plan as charts: each model's attention under each chip's roof, and what a token costs; for
devices alone how many they decode.

Needs matplotlib (extra `plan`), imported when a chart is asked for. Words are English in every
language: matplotlib's own font has no Chinese. Colours are Okabe and Ito's, told apart by the
colour-blind; lines differ in their dashes too.
"""

from collections.abc import Sequence
from math import log10
from pathlib import Path
from textwrap import fill
from typing import Any

from edgewise.cli.plan_columns import scaled, three_digits
from edgewise.cli.write import write_file
from edgewise.errors import UserError
from edgewise.plan.chip import Chip
from edgewise.plan.cost import intensity
from edgewise.plan.count import decode
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.report import Asked, Report, Subject, as_asked

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B8860B", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
INK, PALE = "#222222", "#999999"
LEADER = {"arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
ATTENTION, FFN = "#0072B2", "#E69F00"
TITLE_COLUMNS = 80
LABEL_INCHES = 0.45
"""Height that one chip's label of two lines takes beside the roofs."""


def draw(
    path: Path, found: Report, chips: Sequence[Chip], subjects: Sequence[Subject], asked: Asked
) -> None:
    """Write both charts into one file. Raises UserError without matplotlib, for a name that ends
    in neither .svg nor .png, and where no chip's roof is known."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("svg", "png"):
        raise UserError(f"{path}: a chart is an .svg or a .png; end its name so", code="bad_plan")
    roofs = [(chip, *roof) for chip in chips if (roof := _roof(chip, asked.compute)) is not None]
    if not roofs:
        raise UserError(
            "none of these chips has both peak_flops and bandwidth, so there is no roof to draw; "
            "write them into a file of your own: --chips FILE",
            code="bad_plan",
        )
    matplotlib, figure_class = _matplotlib()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "edgewise"}):
        bars = _bars(found)
        speeds = [] if bars else _speeds(found)
        cost_inches = 1.2 + 0.3 * max(len(bars), len(speeds), 1)
        roof_inches = max(5.6, LABEL_INCHES * len(roofs))
        figure = figure_class(
            figsize=(9, roof_inches + cost_inches), facecolor="white", layout="constrained"
        )
        above, below = figure.subplots(2, 1, height_ratios=(roof_inches, cost_inches))
        figure.suptitle(_title(found), color=INK)
        _draw_roofs(above, roofs, subjects, asked)
        if bars:
            _draw_costs(below, bars, found)
        else:
            _draw_speeds(below, speeds, found)
        _save(figure, path, kind)


def _title(found: Report) -> str:
    models = ", ".join(model.model for model in found.models)
    return fill(f"{models} at context {found.context}", TITLE_COLUMNS)


def _matplotlib() -> Any:
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UserError(
            f"{error.name} is not installed, which draws charts; install edgewise[plan]",
            code="missing_extra",
        ) from error
    return matplotlib, Figure


def _save(figure: Any, path: Path, kind: str) -> None:
    from io import BytesIO

    drawn = BytesIO()
    about = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(drawn, format=kind, dpi=150, metadata=about)
    write_file(path, drawn.getvalue())


def _roof(chip: Chip, compute: NumberFormat) -> tuple[float, float] | None:
    """FLOP/s and bytes a second, where both are known."""
    try:
        return chip.peak(compute), chip.bandwidth()
    except UserError:
        return None


def _draw_roofs(
    axes: Any,
    roofs: Sequence[tuple[Chip, float, float]],
    subjects: Sequence[Subject],
    asked: Asked,
) -> None:
    points = _intensities(subjects, asked)
    knees = [peak / bandwidth for _, peak, bandwidth in roofs]
    left = min([*(x for _, x in points), *knees]) / 4
    right = max([*(x for _, x in points), *knees]) * 4
    low = min(min(peak, bandwidth * left) for _, peak, bandwidth in roofs) / 2
    high = max(peak for _, peak, _ in roofs) * 2
    axes.set(xscale="log", yscale="log", xlim=(left, right), ylim=(low, high))
    for number, (_, peak, bandwidth) in enumerate(roofs):
        axes.plot(
            [left, peak / bandwidth, right],
            [bandwidth * left, peak, peak],
            color=COLOURS[number % len(COLOURS)],
            linestyle=DASHES[(number + number // len(COLOURS)) % len(DASHES)],
            linewidth=1.8,
            zorder=2,
        )
    for number, (_, x) in enumerate(points):
        axes.axvline(x, color=PALE, linewidth=0.6, zorder=1)
        for chip_number, (_, peak, bandwidth) in enumerate(roofs):
            axes.plot(
                x,
                min(peak, bandwidth * x),
                marker=MARKERS[number % len(MARKERS)],
                color=COLOURS[chip_number % len(COLOURS)],
                markeredgecolor="white",
                markersize=7,
                zorder=3,
            )
    _label_roofs(axes, roofs, right, (low, high))
    _label_points(axes, points, (left, right))
    axes.set_xlabel("FLOP of attention for each byte of keys, values and states", color=INK)
    axes.set_ylabel("FLOP/s a chip can reach", color=INK)
    axes.grid(visible=True, which="major", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _label_roofs(
    axes: Any,
    roofs: Sequence[tuple[Chip, float, float]],
    right: float,
    bounds: tuple[float, float],
) -> None:
    """Each chip's name beside the right end of its roof, moved apart where they are close."""
    apart = min(0.08, 1 / len(roofs))
    places = spread([_share(peak, bounds) for _, peak, _ in roofs], apart)
    for number, ((chip, peak, bandwidth), place) in enumerate(zip(roofs, places, strict=True)):
        axes.annotate(
            f"{chip.name}\n{scaled(peak, 'FLOP/s')}, {scaled(bandwidth, 'B/s')}",
            xy=(right, peak),
            xytext=(1.03, place),
            textcoords="axes fraction",
            fontsize=8,
            va="center",
            color=COLOURS[number % len(COLOURS)],
            arrowprops=LEADER | {"relpos": (0, 0.5)},
            annotation_clip=False,
        )


def _label_points(
    axes: Any, points: Sequence[tuple[str, float]], bounds: tuple[float, float]
) -> None:
    """Each model's name above its line, with its marker, moved apart where they are close."""
    places = spread([_share(x, bounds) for _, x in points], min(0.044, 1 / max(len(points), 1)))
    for number, ((name, x), place) in enumerate(zip(points, places, strict=True)):
        axes.annotate(
            name,
            xy=(x, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(place, 1.07),
            textcoords="axes fraction",
            rotation=40,
            fontsize=8,
            ha="left",
            va="bottom",
            color=INK,
            arrowprops=LEADER | {"relpos": (0, 0)},
            annotation_clip=False,
        )
        axes.plot(
            place,
            1.05,
            transform=axes.transAxes,
            marker=MARKERS[number % len(MARKERS)],
            color=INK,
            markersize=5,
            clip_on=False,
        )


def _share(value: float, bounds: tuple[float, float]) -> float:
    """Where a value stands on a logarithmic axis, from 0 to 1."""
    low, high = (log10(each) for each in bounds)
    return (log10(value) - low) / (high - low)


def spread(places: Sequence[float], apart: float) -> list[float]:
    """The places moved so that none is nearer than `apart` to the next, in the same order, and as
    near to their own as one pass up and one down can."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [places[index] for index in order]
    for at in range(1, len(moved)):
        moved[at] = max(moved[at], moved[at - 1] + apart)
    over = max(0.0, (moved[-1] if moved else 0.0) - 1.0)
    ceiling = (moved[-1] if moved else 0.0) - over
    for at in reversed(range(len(moved))):
        moved[at] = min(moved[at], ceiling)
        ceiling = moved[at] - apart
    placed = [0.0] * len(places)
    for index, place in zip(order, moved, strict=True):
        placed[index] = place
    return placed


def _intensities(subjects: Sequence[Subject], asked: Asked) -> list[tuple[str, float]]:
    """Each model's attention at the context, with what it is called."""
    models = [as_asked(subject, asked) for subject in subjects]
    points = [(model.name, intensity(decode(model, asked.context))) for model in models]
    return [(name, found) for name, found in points if found]


def _bars(found: Report) -> list[tuple[str, float, float]]:
    """What each bar is called, and USD a million tokens of attention and of feed-forward."""
    bars: list[tuple[str, float, float]] = []
    for model in found.models:
        usd = {each.chip: each for each in model.chips}
        for each in model.chips:
            if each.attention_usd is not None and each.ffn_usd is not None:
                bars.append((f"{model.model}: {each.chip}", each.attention_usd, each.ffn_usd))
        split = model.split
        if split is not None and split.attention_chip != split.ffn_chip:
            attention = usd[split.attention_chip].attention_usd or 0.0
            ffn = usd[split.ffn_chip].ffn_usd or 0.0
            name = f"{model.model}: {split.attention_chip} + {split.ffn_chip}"
            bars.append((name, attention, ffn))
    return bars


def _speeds(found: Report) -> list[tuple[str, float]]:
    """What each bar is called, and the tokens a second that one sequence decodes."""
    return [
        (f"{model.model}: {each.chip}, {each.format}", each.decode_tokens_s)
        for model in found.models
        for each in model.devices
        if each.decode_tokens_s is not None
    ]


def _draw_speeds(axes: Any, speeds: Sequence[tuple[str, float]], found: Report) -> None:
    """Of devices; servers without a price have neither costs nor these."""
    if not speeds:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "None of these chips has a price.", ha="center", color=INK)
        return
    names, figures = [name for name, _ in speeds], [speed for _, speed in speeds]
    rows, most = _rows(names), max(figures)
    axes.barh(rows, figures, color=ATTENTION, height=0.7)
    for row, speed in zip(rows, figures, strict=True):
        axes.text(speed + most * 0.01, row, three_digits(speed), va="center", fontsize=8)
    _frame(axes, names, rows, most)
    axes.set_xlabel(f"tokens/s that one sequence decodes at context {found.context}", color=INK)


def _draw_costs(axes: Any, bars: Sequence[tuple[str, float, float]], found: Report) -> None:
    names = [bar[0] for bar in bars]
    rows = _rows(names)
    attention, ffn = [bar[1] for bar in bars], [bar[2] for bar in bars]
    axes.barh(rows, attention, color=ATTENTION, label="attention", height=0.7)
    axes.barh(
        rows, ffn, left=attention, color=FFN, label="feed-forward", height=0.7, hatch="//",
        edgecolor="white",
    )  # fmt: skip
    most = max(first + second for first, second in zip(attention, ffn, strict=True))
    for row, (_, first, second) in zip(rows, bars, strict=True):
        axes.text(
            first + second + most * 0.01, row, f"{first + second:.3f}", va="center", fontsize=8
        )
    _frame(axes, names, rows, most)
    axes.set_xlabel(f"USD a million decoded tokens at context {found.context}", color=INK)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0))


def _frame(axes: Any, names: Sequence[str], rows: Sequence[float], most: float) -> None:
    """The axes of bars: their names, and room for the longest one's figure."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_yticks(rows, names, fontsize=8)
    axes.set_ylim(rows[-1] + 0.7, -0.7)
    axes.set_xlim(0, most * 1.12)


def _rows(names: Sequence[str]) -> list[float]:
    """Where each bar stands: a gap stands between two models."""
    models = [name.partition(":")[0] for name in names]
    return [at + 0.7 * (len(set(models[: at + 1])) - 1) for at in range(len(names))]
