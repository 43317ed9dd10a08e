"""The sums that a text does: each `left = right` in it, worked out again by a parser of our own.

Knows + - * / and their signs in print, brackets, percentages, thousands' commas, signs of money.
Nothing is ever evaluated by Python; what is no sum is passed by, an expression is read up to a
bounded length. It does not know units, so that `3 apples + 2` is no sum to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from edgewise.core.regex import regex

_LEFT = regex(r"[-+*/()\d.,%$€£¥x×÷·− \t\\]+$")
_RIGHT = regex(r"[ \t$€£¥]*(-?[ $€£¥]*\d[\d,]*(?:\.\d+)?%?)")
_TOKEN = regex(r"\d+(?:\.\d+)?|[-+*/()%]")
_NUMBER = regex(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?|\.\d+")
_SIGNS = {"×": "*", "x": "*", "·": "*", "÷": "/", "−": "-"}
_PRINTED = str.maketrans(_SIGNS | dict.fromkeys("$€£¥\\,\t", ""))
_APART = regex(r"(?<=[\d%)])[ \t]+(?=[\d(])")
"""Between two numbers without a sign: the sum begins behind it."""
_LONGEST = 120
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Sum:
    """One `left = right` of a text. `left` is what its expression comes to, `right` the number that
    is written behind it, `operands` the numbers of the expression."""

    left: float
    right: float
    operands: tuple[float, ...]

    @property
    def holds(self) -> bool:
        """Whether both sides are equal, within the rounding that people do."""
        return abs(self.left - self.right) <= max(0.011, 0.005 * abs(self.left))


def sums_in(text: str) -> list[Sum]:
    """The sums of a text from left to right; only those with at least one operator."""
    return list(_sums(text))


def numbers_in(text: str) -> list[float]:
    """Every number that is written in a text, from left to right."""
    found = (_number(match) for match in _NUMBER.findall(text))
    return [value for value in found if value is not None]


def value_of(expression: str) -> float | None:
    """What an expression comes to; None when it is none, or divides by zero."""
    tokens = _tokens(expression)
    if tokens is None:
        return None
    value, rest = _added(tokens, 0, 0)
    return value if value is not None and rest == len(tokens) and isfinite(value) else None


def _sums(text: str) -> Iterator[Sum]:
    at = text.find("=")
    while at >= 0:
        left = _LEFT.search(text[max(0, at - _LONGEST) : at])
        right = _RIGHT.match(text, at + 1)
        if left and right:
            found = _sum(left.group(), right[1])
            if found:
                yield found
        at = text.find("=", at + 1)


def _sum(left: str, right: str) -> Sum | None:
    left = _APART.split(left)[-1]
    expression = left.strip(" .,)") + (")" if left.count("(") == left.count(")") > 0 else "")
    operands = numbers_in(expression.translate(_PRINTED).replace("-", " "))
    if len(operands) < 2:
        return None
    value, told = value_of(expression), _number(right)
    return Sum(value, told, tuple(operands)) if value is not None and told is not None else None


def _number(text: str) -> float | None:
    plain = text.translate(_PRINTED).replace(" ", "")
    share = plain.endswith("%")
    try:
        value = float(plain.rstrip("%"))
    except ValueError:
        return None
    return value / 100 if share else value


def _tokens(expression: str) -> list[str] | None:
    plain = expression.translate(_PRINTED)
    if len(plain) > _LONGEST:
        return None
    tokens = _TOKEN.findall(plain)
    if sum(map(len, tokens)) != len(plain.replace(" ", "")):
        return None
    return tokens


def _added(tokens: list[str], at: int, depth: int) -> tuple[float | None, int]:
    value, at = _multiplied(tokens, at, depth)
    while value is not None and at < len(tokens) and tokens[at] in "+-":
        other, after = _multiplied(tokens, at + 1, depth)
        if other is None:
            return None, after
        value, at = (value + other if tokens[at] == "+" else value - other), after
    return value, at


def _multiplied(tokens: list[str], at: int, depth: int) -> tuple[float | None, int]:
    value, at = _signed(tokens, at, depth)
    while value is not None and at < len(tokens) and tokens[at] in "*/(":
        sign = tokens[at]
        other, after = _signed(tokens, at if sign == "(" else at + 1, depth)
        if other is None or (sign == "/" and other == 0):
            return None, after
        value, at = (value / other if sign == "/" else value * other), after
    return value, at


def _signed(tokens: list[str], at: int, depth: int) -> tuple[float | None, int]:
    if at >= len(tokens) or depth > _DEEPEST:
        return None, at
    token = tokens[at]
    if token in "+-":
        value, at = _signed(tokens, at + 1, depth + 1)
        return (None if value is None else -value if token == "-" else value), at
    if token == "(":
        value, at = _added(tokens, at + 1, depth + 1)
        if value is None or at >= len(tokens) or tokens[at] != ")":
            return None, at
        at += 1
    elif token[0].isdigit():
        value, at = float(token), at + 1
    else:
        return None, at
    while at < len(tokens) and tokens[at] == "%":
        value, at = value / 100, at + 1
    return value, at
