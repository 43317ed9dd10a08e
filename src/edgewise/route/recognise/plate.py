"""Number plates of China (GA 36-2018): ordinary ones, new energy, police, trailers, schools of
driving, embassies and consulates, Hong Kong and Macau, armed police.

It finds no plate of another country: their shapes are those of any short code.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN = "A-HJ-NP-Za-hj-np-z0-9"
_ENERGY = "[A-HJKa-hjk]"
_SHAPES = re.compile(
    rf"[{_PROVINCE}] ?[A-HJ-Za-hj-z] ?[·•・.\- ]? ?"
    rf"(?:{_ENERGY}[{_SIGN}]\d{{4}}|\d{{5}}{_ENERGY}|[{_SIGN}]{{4}}[{_SIGN}挂学警港澳领试超])"
    rf"(?![A-Za-z0-9])"
    rf"|粤 ?[Zz] ?[·•・.\- ]?[{_SIGN}]{{4}}[港澳]"
    rf"|使 ?\d{{3}} ?[·•・.\-]? ?\d{{3}}(?!\d)|[{_PROVINCE}] ?[A-Za-z]? ?[·•・.\-]?\d{{4,6}}领"
    rf"|[Ww][Jj] ?[{_PROVINCE}]?\d{{0,2}} ?[·•・.\- ]?[{_SIGN}]{{4,5}}[{_SIGN}]?(?![A-Za-z0-9])"
)


def find_plates(folded: Folded) -> Iterator[Found]:
    """Plates; fewer than three digits make none."""
    for one in _SHAPES.finditer(folded.text):
        if sum(letter.isdigit() for letter in one[0]) >= 3:
            yield found(Kind.PLATE, *one.span())
