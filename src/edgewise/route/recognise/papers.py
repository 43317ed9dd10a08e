"""Numbers of papers that no check proves and a text names: social security, passport, licence.

Also resident IDs and cards that are called so and have a typing error in them.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_SSN = re.compile(
    r"\d(?<![0-9A-Za-z\-].)(?!00-|66-)\d\d-(?!00)\d\d-(?!0000)\d{4}(?![0-9A-Za-z]|-\d)"
)
_IS = r"(?:[ ]?(?:number|no\.?|#|num|号码|号|编号))?(?: (?:is|was)|[ ]?[:#=是为])?[ #:]{0,2}"
_NAMED = (
    (
        Kind.SSN,
        re.compile(rf"(?:ssn|social security){_IS}(?P<value>\d{{3}}[ -]?\d\d[ -]?\d{{4}})(?!\d)"),
    ),
    (
        Kind.PASSPORT,
        re.compile(rf"(?:passport|护照|通行证){_IS}(?P<value>[a-z]{{0,2}}\d{{6,9}})(?![0-9a-z])"),
    ),
    (
        Kind.LICENCE,
        re.compile(
            r"(?:licen[cs]e|驾驶证|驾照|行驶证|档案)"
            rf"{_IS}(?P<value>[a-z]{{0,2}}\d[0-9a-z\-]{{5,17}})(?![0-9a-z])"
        ),
    ),
    (
        Kind.RESIDENT_ID,
        re.compile(
            r"(?:身份证|公民身份|id card|identity card|resident id|national id)"
            rf"{_IS}(?P<value>[1-9](?:[ -]?\d){{13,16}}[ -]?[0-9x])(?![0-9a-z])"
        ),
    ),
    (
        Kind.CARD,
        re.compile(
            r"(?:银行卡|信用卡|储蓄卡|借记卡|卡号|(?:credit|debit|bank|visa|master)[ -]?card|card|\bcc)"  # noqa: E501
            rf"{_IS}[?]? ?(?P<value>\d(?:[ -]?\d){{11,18}})(?!\d)"
        ),
    ),
    (
        Kind.CARD,
        re.compile(
            r"(?:cvv2?|cvc2?|安全码|卡背面三位)(?: (?:is|was)|[ ]?[:是为])?[ ]?(?P<value>\d{3,4})(?!\d)"  # noqa: E501
        ),
    ),
)


def find_papers(folded: Folded) -> Iterator[Found]:
    """Numbers that the text calls by their paper's name, and the shape of an American SSN."""
    for one in _SSN.finditer(folded.text):
        yield found(Kind.SSN, *one.span())
    for kind, shape in _NAMED:
        for one in shape.finditer(folded.lower):
            yield found(kind, *one.span("value"))
