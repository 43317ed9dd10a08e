"""How somebody is reached: telephones, mail, addresses of machines, links that let one in.

Telephones are found by a shape that little else has (Chinese mobiles and landlines, +CC, the North
American and several European groupings), or by any grouping of digits that the text calls one.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_GAP = r"[ .\-]{0,2}"
_SHAPES = re.compile(
    r"[+(01-9](?<![0-9A-Za-z_][+(0-9])(?<![0-9][.\-/:][+(0-9])(?:"
    r"(?<=\+)(?:\d{1,3})[ .\-]{0,2}(?:\(\d{1,5}\)[ .\-]{0,2})?\d(?:[ .\-]{0,2}\d){4,13}"
    r"|(?<=\()\+?(?:86|0\d{2,3})\)[ .\-]{0,2}\d(?:[ .\-]{0,2}\d){6,10}"
    rf"|(?<=\()[2-9]\d\d\){_GAP}\d{{3}}{_GAP}\d{{4}}|(?<=\()\d{{2,4}}\)[ .\-]?\d{{3,4}}[ \-]?\d{{3,4}}"  # noqa: E501
    rf"|(?<=0)0(?:86|[1-9]\d{{0,2}})[ .\-]{{1,2}}\d(?:[ .\-]{{0,2}}\d){{6,12}}|(?<=0)086\d{{8,11}}"
    rf"|(?<=8)6{_GAP}1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|(?<=1)[3-9](?:\d{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{2}} ?\d{{3}} ?\d{{4}}|(?: \d){{9}})"
    rf"|(?<=0)(?:10|2\d|[3-9]\d\d)[ \-]{{0,2}}[1-9]\d{{2,3}} ?-?\d{{4}}"
    rf"|(?<=0)\d{{1,3}}(?:[ .\-]\d{{2,4}}){{3,4}}|(?<=0)\d{{2,3}}[ \-]\d{{3,4}}[ \-]\d{{4}}"
    rf"|(?<=[48])00-?\d{{3}}-?\d{{4}}"
    rf"|(?<=[2-9])\d\d[.\-]\d{{3}}[.\-]\d{{4}}|(?<=1)[.\- ][2-9]\d\d[.\- ]\d{{3}}[.\- ]\d{{4}}"
    r")(?:(?: ?(?:x|ext\.?|转|#|分机) ?|-)\d{1,6})?(?![0-9A-Za-z_]|[.\-/]\d)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:tel(?:ephone)?|phone|mobile|cell|fax|desk|whats ?app|call(?: me| him| her| us)?|text|reach"
    r"|dial|ring|sms|wechat|number(?: is|:)|registered"
    r"|电话|手机|手机号|号码|座机|固话|传真|微信|拨打|致电|联系方式|打给)"
    r"[^\d\n+(]{0,24}+(?:\n[^\d\n+(]{0,6}+)?(?P<number>\+?\(?\d(?:[ ().\-]{0,2}\d){5,13}"
    r"(?:(?: ?(?:x|ext\.?|转) ?|-)\d{1,6})?)(?![0-9A-Za-z_]|[.\-/:]\d)",
)
_NAMED_AFTER = re.compile(
    r"[+(0-9](?<![0-9A-Za-z_][+(0-9])\(?\d(?:[ ().\-]{0,2}\d){5,13}(?:x\d{1,5})?"
    r"(?= {1,3}(?:office|fax|mobile|cell|home|desk|work)\b)"
)
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]?(?:0?[1-9]|1[0-2])[-./ ]?(?:0?[1-9]|[12]\d|3[01])$")
_NOT_CALLED = re.compile(
    r"(?:订单|单号|编号|流水|order|invoice|tracking|serial|isbn|version|account|card|流水号)"
    r"[^\d\n]{0,12}$"
)
_LOCAL = r"A-Za-z0-9._%+\-À-ɏΑ-ωЀ-ӿ"
_MAIL = re.compile(
    rf"[A-Za-z0-9À-ɏΑ-ωЀ-ӿ](?<![{_LOCAL}].)[{_LOCAL}]*+@"
    r"(?:[A-Za-z0-9À-ɏ\-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_FOUR = re.compile(r"\d(?<![\d.].)(?<!v\d)(?:\d{0,2}\.){1}(?:\d{1,3}\.){2}\d{1,3}(?!\d|\.\d)")
_VERSION = re.compile(r"(?:version|ver\.?|release|build|firmware|固件|版本号?|系统)[^\d\n]{0,6}$")
_SIX = re.compile(r"[0-9A-Fa-f:](?<![0-9A-Za-z:.].)[0-9A-Fa-f:.]{5,44}(?![0-9A-Za-z])")
_URL = re.compile(
    r"(?:https?|ftps?|wss?|ssh|git|postgres(?:ql)?|mysql|redis|mongodb(?:\+srv)?|amqps?|smb|rtsp)"
    r"://[!#-&(-;=?-~]{1,2048}"
)
_LETS_IN = re.compile(
    r"//[^/\s?#]{0,256}:[^/\s?#@]{1,256}@"
    r"|[?&#;](?:[a-z_\-]{0,24}(?:token|key|secret|sig|signature|passw(?:or)?d|pwd|auth|credential"
    r"|session)(?:id)?|code|pass)=[^&\s]{4,}"
)


def find_contacts(folded: Folded) -> Iterator[Found]:
    """Telephones, mail addresses, IP addresses that are somebody's, links with a key in them."""
    yield from _phones(folded)
    if "@" in folded.text:
        for one in _MAIL.finditer(folded.text):
            yield found(Kind.EMAIL, *one.span())
    yield from _machines(folded)
    for start, end in find_links(folded):
        if _LETS_IN.search(folded.lower, start, end):
            yield found(Kind.PASSWORD, start, end)


def find_links(folded: Folded) -> list[tuple[int, int]]:
    """Where links stand, from first to last."""
    if "://" not in folded.lower:
        return []
    return [
        (one.start(), one.start() + len(one[0].rstrip(".,;:!?)")))
        for one in _URL.finditer(folded.lower)
    ]


def _phones(folded: Folded) -> Iterator[Found]:
    lower = folded.lower
    for one in _SHAPES.finditer(lower):
        if not _is_other(lower, *one.span()):
            yield found(Kind.PHONE, *one.span())
    for one in _CALLED.finditer(lower):
        if not _DATE.match(one["number"]):
            yield found(Kind.PHONE, *one.span("number"))
    for one in _NAMED_AFTER.finditer(lower):
        yield found(Kind.PHONE, *one.span())


def _is_other(lower: str, start: int, end: int) -> bool:
    """Whether the number is a date, or is called something else."""
    if _DATE.match(lower, start, end):
        return True
    return _NOT_CALLED.search(lower, max(0, start - 24), start) is not None


def _machines(folded: Folded) -> Iterator[Found]:
    for one in _FOUR.finditer(folded.lower):
        parts = [int(part) for part in one[0].split(".")]
        if max(parts) > 255 or parts[0] in (0, 127):
            continue
        if not _VERSION.search(folded.lower, max(0, one.start() - 16), one.start()):
            yield found(Kind.IP, *one.span())
    if ":" not in folded.text:
        return
    for one in _SIX.finditer(folded.text):
        text = one[0].rstrip(":.")
        if text.count(":") >= 3 and _is_six(text):
            yield found(Kind.IP, one.start(), one.start() + len(text))


def _is_six(text: str) -> bool:
    try:
        return int(IPv6Address(text)) > 1
    except AddressValueError:
        return False
