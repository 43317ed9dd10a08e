"""Where somebody is: coordinates and post codes.

Coordinates are found with three decimals or more (100 m), as degrees with minutes, or said to be
such; a post code only where it is said to be one. The name of a town is nobody's and stays.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_PAIR = re.compile(
    r"[0-9+\-](?<![0-9A-Za-z.\-+].)(?P<first>(?:(?<=[+\-])\d{1,3}|(?<=\d)\d{0,2})\.\d{3,15}) ?°? ?(?P<one>[nsew]?)"  # noqa: E501
    r" ?[,;/|]? ?(?:(?:lon(?:gitude)?|lng|long|经度|东经|西经)[ \"':=是为]{0,4})?"
    r"(?P<second>[+\-]?\d{1,3}\.\d{3,15}) ?°? ?(?P<two>[nsew]?)(?![0-9a-z.])"
)
_DEGREES = re.compile(
    r"\d(?<![0-9A-Za-z.].)\d{0,2} ?[°度] ?\d{1,2}(?:\.\d{1,8})? ?['′分]"
    r" ?(?:\d{1,2}(?:\.\d{1,6})? ?(?:\"|″|''|秒) ?)?[nsew]?"
)
_SAID = re.compile(
    r"(?:lat(?:itude)?|lon(?:gitude)?|lng|纬度|经度|北纬|南纬|东经|西经)[ \"':=是为]{0,4}"
    r"(?P<value>[+\-]?\d{1,3}\.\d{2,15}) ?°?[nsew]?(?![0-9.])"
)
_POSTCODE = re.compile(
    r"(?:zip(?: ?code)?|post(?:al)? ?code|postcode|邮编|邮政编码)(?: is|[ ]?[:是为=])?[ ]?"
    r"(?P<value>\d{2,3}[ \-]\d{2,4}|\d{3,10}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})(?![0-9a-z])"
)


def find_places(folded: Folded) -> Iterator[Found]:
    """Coordinates, post codes."""
    for start, end, *_ in find_coordinates(folded):
        yield found(Kind.LOCATION, start, end)
    for shape in (_DEGREES, _SAID):
        for one in shape.finditer(folded.lower):
            yield found(Kind.LOCATION, *one.span("value" if shape is _SAID else 0))
    for one in _POSTCODE.finditer(folded.lower):
        yield found(Kind.ADDRESS, *one.span("value"))


def find_coordinates(folded: Folded) -> Iterator[tuple[int, int, float, float]]:
    """Pairs in decimal degrees: where they stand, and both numbers in the order they stand in."""
    for one in _PAIR.finditer(folded.lower):
        first = float(folded.lower[one.start() : one.end("first")])
        second = float(one["second"])
        if abs(first) <= 180 and abs(second) <= 180 and min(abs(first), abs(second)) <= 90:
            yield one.start(), one.end(), first, second
