"""What can be told of an answer once the device has written it, without knowing the right one.

Sums that do not hold, numbers that come from nowhere, a missing or broken end, hedging; how sure
the model was of its words, whether samples of it agree, whether a form that was asked for is kept.
Source: reference note on routing, sections 3.3 (the first sixteen) and 6.1; quantiles of token
log-probabilities after Gupta et al. 2024.
"""

from collections import Counter
from collections.abc import Sequence
from math import exp, log1p

import msgspec
from msgspec import Struct

from edgewise.core.regex import regex
from edgewise.route.arithmetic import Sum, numbers_in, sums_in

_MARKER = regex(r"####|\\boxed|\b(?:final )?answer(?: is|:)|答案[是为：:]", 2)
_FINAL = regex(r"(?:####|\\boxed\{|\banswer(?: is|:)|答案[是为：:]*)\s*([^\n]{0,40})", 2)
_HEDGES = regex(
    r"\b(?:however|assum\w*|cannot|can't|not possible|unclear|impossible|but)\b"
    r"|无法|不清楚|假设|但",
    2,
)  # fmt: skip
_ENDS = (".", "!", "?", "。", "！", "？", "}", "`", '"', ")")
_WORDS_NUMBERS = (0, 1, 2, 3, 4, 7, 10, 12, 24, 30, 50, 52, 60, 100, 365, 1000)
"""Numbers that a question need not write: units of time, dozens, percent."""
_QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75)
_LONGEST = 8_000

SHAPE = (
    "sums_hold", "sums_fail", "marked", "one_final", "final_negative", "final_fraction",
    "final_size", "reused", "answer_length", "lines", "hedges", "body_numbers", "prompt_length",
    "prompt_numbers", "decimals", "final_is_last", "last_sum_is_final", "from_nowhere",
    "sums", "cut_off", "unused", "fraction_between", "negative_between",
)  # fmt: skip
"""The features of an answer's text, in their order; the first sixteen are the reference's."""

TOKENS = (*(f"token_{int(100 * share)}" for share in _QUANTILES), "token_mean", "token_unsure")
"""The features of how sure the model was of its words."""


class Given(Struct, frozen=True):
    """What is known of an answer beside its text. `logprobs` are natural logarithms of the chosen
    tokens' probabilities, `entropies` in nats by token, `samples` further answers to the same
    question, `schema_ok` and `tools_ok` what a validator said, None where nothing was asked for."""

    logprobs: tuple[float, ...] = ()
    entropies: tuple[float, ...] = ()
    samples: tuple[str, ...] = ()
    schema_ok: bool | None = None
    tools_ok: bool | None = None
    json_wanted: bool = False


def answer_features(question: str, answer: str, given: Given | None = None) -> dict[str, float]:
    """The features of `answer`: those of `SHAPE` always, the others where `given` tells them."""
    asked, text = question[:_LONGEST], answer[:_LONGEST]
    found: dict[str, float] = dict(zip(SHAPE, _shape(asked, text.strip()), strict=True))
    return found | _given(text, given) if given is not None else found


def final_of(answer: str) -> str:
    """The answer's last word on the matter, as compared between samples: what stands behind its
    marker, else its last number, else its text, without case and blanks."""
    told = _FINAL.findall(answer)
    text = told[-1] if told else ""
    numbers = numbers_in(text) or ([] if text.strip() else numbers_in(answer)[-1:])
    if numbers:
        return f"{numbers[0]:g}"
    return "".join((text or answer).lower().split()).strip(".}*")


def _shape(asked: str, text: str) -> tuple[float, ...]:
    sums = sums_in(text)
    body, final = _parted(text)
    prompt, within = numbers_in(asked), numbers_in(body)
    used = set(within)
    told = final[0] if final else 0.0
    holding = sum(each.holds for each in sums)
    last = within[-1] if within else None
    return (
        float(holding),
        float(len(sums) - holding),
        float(_MARKER.search(text) is not None),
        float(len(final) == 1),
        float(told < 0),
        float(told != int(told)),
        log1p(abs(told)),
        sum(number in used for number in prompt) / len(prompt) if prompt else 1.0,
        log1p(len(text)),
        float(text.count("\n")),
        float(len(_HEDGES.findall(text))),
        float(len(within)),
        log1p(len(asked)),
        float(len(prompt)),
        float(any(abs(number * 100 - round(number * 100)) > 1e-6 for number in within)),
        float(bool(final) and last is not None and abs(told - last) < 1e-6),
        float(bool(final) and bool(sums) and abs(told - sums[-1].right) < 1e-6),
        float(_from_nowhere(prompt, sums)),
        log1p(len(sums)),
        float(bool(text) and not final and not text.endswith(_ENDS)),
        float(sum(number not in used for number in prompt)),
        float(sum(each.right != int(each.right) for each in sums)),
        float(sum(each.right < 0 for each in sums)),
    )


def _parted(text: str) -> tuple[str, list[float]]:
    """What stands before the final answer's marker, and the numbers of that final answer."""
    matches = list(_FINAL.finditer(text))
    if not matches:
        return text, []
    return text[: matches[-1].start()], numbers_in(matches[-1][1])


def _from_nowhere(prompt: Sequence[float], sums: Sequence[Sum]) -> int:
    """How many operands are neither of the question nor found before, nor a usual number."""
    known = {*prompt, *_WORDS_NUMBERS, *(number / 100 for number in prompt)}
    strangers = 0
    for each in sums:
        strangers += sum(operand not in known for operand in each.operands)
        known |= {each.right, each.right / 100, *each.operands}
    return strangers


def _given(text: str, given: Given) -> dict[str, float]:
    found: dict[str, float] = {}
    if given.logprobs:
        ordered = sorted(given.logprobs)
        places = (min(len(ordered) - 1, int(share * len(ordered))) for share in _QUANTILES)
        unsure = sum(each < -0.7 for each in ordered) / len(ordered)
        mean = exp(sum(ordered) / len(ordered))
        values = (*(exp(ordered[at]) for at in places), mean, unsure)
        found |= dict(zip(TOKENS, values, strict=True))
    if given.entropies:
        found["entropy_mean"] = sum(given.entropies) / len(given.entropies)
        found["entropy_most"] = max(given.entropies)
    if given.samples:
        finals = Counter(map(final_of, given.samples))
        found["agree"] = finals[final_of(text)] / len(given.samples)
        found["answers"] = len(finals) / len(given.samples)
    if given.json_wanted:
        found["json_broken"] = float(not _is_json(text))
    if given.schema_ok is not None:
        found["schema_broken"] = float(not given.schema_ok)
    if given.tools_ok is not None:
        found["tools_broken"] = float(not given.tools_ok)
    return found


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text.strip().encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return False
    return True
