"""Arithmetic as people say it, exact: `12.5 plus 3`, `80的百分之15`; spoken fractions are not read.

A small recursive parser over decimals; no `eval`. Operators in symbols, English and Chinese;
numbers in digits, or in Chinese characters up to 亿. It does not know variables or functions
beyond square root, square, cube and percent.
"""

import re
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

LONGEST_EXPRESSION = 300
_PRECISION = Context(prec=34)
_LARGEST_POWER = 1000

_WORDS = (
    (r"divided by|除以|÷", "/"),
    (r"multiplied by|times|乘以|乘|×|\bx\b", "*"),
    (r"to the power of|的?次方幂|\*\*", "^"),
    (r"square root of|the square root of|根号", " sqrt "),
    (r"squared|的?平方(?!根)", "^2"),
    (r"cubed|的?立方(?!根)", "^3"),
    (r"percent of|% of", "% *"),
    (r"per ?cent", "%"),
    (r"\bplus\b|\band\b|加上|加", "+"),
    (r"\bminus\b|\bless\b|减去|减", "-"),
    (r"the|what is|what's|how much is|calculate|compute|equals?", " "),
    (r"等于(多少|几)?|是?多少|是几|计算|算一?下", " "),
)  # fmt: skip
_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+|sqrt|[-+*/^()%])")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


def calculate(expression: str) -> Decimal:
    """The exact value of `expression` (34 digits).

    Raises ValueError, naming the part, for what is no arithmetic, and ZeroDivisionError.
    """
    if len(expression) > LONGEST_EXPRESSION:
        raise ValueError(
            f"the expression has {len(expression)} characters; at most {LONGEST_EXPRESSION}"
        )
    with localcontext(_PRECISION):
        try:
            parser = _Parser(_tokens(expression))
            value = parser.sum()
            parser.expect_end()
        except DivisionByZero as error:
            raise ZeroDivisionError("division by zero") from error
        except (InvalidOperation, Overflow) as error:
            raise ValueError("the result is not a number that can be written") from error
        return +value


def shown(value: Decimal, places: int = 10) -> str:
    """A value as plain digits, rounded to `places` decimals, without trailing zeros."""
    with localcontext(_PRECISION):
        if abs(value) >= Decimal(10) ** 21:
            return f"{value:.10g}"
        rounded = round(value, places)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese_number(text: str) -> int | None:
    """The number that Chinese numerals name, or None: 二十五 is 25, 三千零六 is 3006."""
    if not text or any(c not in _DIGITS and c not in _POWERS and c not in _MYRIADS for c in text):
        return None
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _POWERS:
            section += (digit or 1) * _POWERS[c]
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[c]
            section = digit = 0
    return total + section + digit


def _tokens(expression: str) -> list[str]:
    text = expression.casefold().replace("（", "(").replace("）", ")")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"百分之([\d.]+|[零一二三四五六七八九十百两]+)", r"(\1)%", text)
    text = re.sub(r"([\d.]+)的([\d.]+)次方", r"\1^\2", text)
    text = re.sub(r"的(?=\()", "*", text)
    text = re.sub(r"(\S+?)的平方根", r"sqrt \1", text)
    for pattern, symbol in _WORDS:
        text = re.sub(pattern, symbol, text)
    text = re.sub(r"%\s*的", "% * ", text)
    text = re.sub("[零一二三四五六七八九十百千万亿两〇]+", _in_digits, text)
    text = text.strip(" \t?？。.=")
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"{text[at:].strip()[:40]!r} is no number or operator")
        found.append(match[1])
        at = match.end()
    return found


def _in_digits(match: re.Match[str]) -> str:
    number = chinese_number(match[0])
    return match[0] if number is None else str(number)


class _Parser:
    """Reads tokens from the left; each method takes one level of precedence."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def sum(self) -> Decimal:
        value = self._product()
        while (sign := self._take("+", "-")) is not None:
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise ValueError(f"{self._tokens[self._at]!r} is left over")

    def _product(self) -> Decimal:
        value = self._signed()
        while (sign := self._take("*", "/")) is not None:
            other = self._signed()
            value = value * other if sign == "*" else value / other
        return value

    def _signed(self) -> Decimal:
        if self._take("-"):
            return -self._signed()
        self._take("+")
        return self._power()

    def _power(self) -> Decimal:
        value = self._atom()
        while self._take("%"):
            value /= 100
        if self._take("^"):
            exponent = self._signed()
            if abs(exponent) > _LARGEST_POWER:
                raise ValueError(f"the power {exponent} is over {_LARGEST_POWER}")
            return value**exponent
        return value

    def _atom(self) -> Decimal:
        if self._at >= len(self._tokens):
            raise ValueError("a number is missing at the end")
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":
            value = self.sum()
            if self._take(")") is None:
                raise ValueError("a closing bracket is missing")
            return value
        if token == "sqrt":
            return self._atom().sqrt()
        if not token[0].isdigit() and token[0] != ".":
            raise ValueError(f"a number is missing before {token!r}")
        return Decimal(token)

    def _take(self, *tokens: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in tokens:
            self._at += 1
            return self._tokens[self._at - 1]
        return None
