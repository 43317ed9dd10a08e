"""Chinese addresses: a street's word with a number and a word for a door, and what leads to it.

A bare name of a road, a quarter or a building is not found: it is as often a place to drive to.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_DOOR = r"(?:号楼|号院|号|弄|栋|幢|座|单元|层|楼|室|房|门|组|支弄|支路)"
_DOORS = re.compile(
    rf"(?:[路街道巷弄里村屯庄园苑湾坊段]|大厦|广场|小区|胡同|花园|公寓|中心|新城|家园) ?"
    rf"(?:[东西南北中]段)?[a-z]?\d{{1,5}}(?:[-~]\d{{1,5}})? ?{_DOOR}"
    rf"(?: ?(?:[一-鿿]{{0,8}}?[a-z]?\d{{1,5}}(?:-\d{{1,5}}){{0,3}} ?{_DOOR}|[a-z]座)){{0,6}}"
    rf"(?: ?[a-z]?\d{{3,5}}(?!\d))?"
    rf"|\d{{1,3}}(?:栋|幢|号楼) ?(?:\d{{1,2}}单元)? ?\d{{2,4}}(?:室|房|号)?"
)
_BEFORE = re.compile(r"[0-9A-Za-z一-鿿·（）()]{1,36}$")
_LEAD = re.compile(
    r".*(?:住在|家住|居住在|搬到|搬去|位于|地址是|地址为|地址|住址|送到|寄到|寄往|送往|导航到|导航去"
    r"|带我去|开到|前往|我在|他在|她在|来到|回到|就在|到了|快递到|住|在|去|到|从|是|的|了|给|我|往)"
)


def find_chinese_addresses(folded: Folded) -> Iterator[Found]:
    """Doors, with towns and the street's name before them, up to the word that leads there."""
    if folded.text.isascii():
        return
    for one in _DOORS.finditer(folded.lower):
        before = _BEFORE.search(folded.text, max(0, one.start() - 36), one.start())
        start = one.start()
        if before is not None:
            lead = _LEAD.match(before[0])
            start -= len(before[0]) - (lead.end() if lead else 0)
        yield found(Kind.ADDRESS, start, one.end())
