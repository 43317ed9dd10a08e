"""How the planner writes figures and columns: three digits, a prefix, no more than 80 columns."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.core.words import Language, Words

NONE = "-"


def say(name: Words, told: Words, tongue: Language) -> None:
    """Print what is told of something by its name, folded."""
    tell(f"{name.said_in(tongue)}: {told.said_in(tongue)}")


def tell(text: str) -> None:
    """Print a sentence, folded."""
    _write(escape(text))


def print_table(
    columns: Sequence[Words], rows: Iterable[tuple[str, ...]], tongue: Language, left: int = 1
) -> None:
    """A table whose first `left` columns are words; the rest are figures."""
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(
            column.said_in(tongue),
            justify="left" if number < left else "right",
            no_wrap=number > 0,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(escape, row))
    _write(table)


def _write(what: Table | str) -> None:
    """Print it folded to the terminal's width, without spaces at the ends of lines."""
    console = Console(highlight=False)
    with console.capture() as drawn:
        console.print(what)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def scaled(amount: float | None, unit: str) -> str:
    """Three digits with a decimal prefix."""
    if amount is None:
        return NONE
    for prefix, scale in (("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if amount >= 0.9995 * scale:
            return f"{three_digits(amount / scale)} {prefix}{unit}"
    return f"{three_digits(amount)} {unit}"


def three_digits(amount: float) -> str:
    """A figure of up to three digits."""
    digits = 0 if amount >= 99.95 else 1 if amount >= 9.995 else 2
    return f"{amount:.{digits}f}"


def count(amount: float, digits: int = 1) -> str:
    """A number of things; with digits after the point in millions and the like, without whole."""
    for name, scale in (("T", 1e12), ("B", 1e9), ("M", 1e6)):
        if amount >= scale and digits:
            return f"{amount / scale:.{digits}f} {name}"
    return f"{amount:.0f}"
