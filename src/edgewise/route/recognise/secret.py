"""What gives power: keys of programs, passwords and one-time codes that a text calls so.

A key is known by the mark its issuer puts in front, or by being long and as mixed as chance is. A
password is any word, so that one which no word announces is not found.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_WORD = r"A-Za-z0-9_\-"
_KEY = re.compile(
    r"[a-zA-Z](?<![A-Za-z0-9_].)(?:(?<=s)k-[\w-]{16,512}|(?<=g)h[pousr]_\w{20,255}"
    r"|(?<=g)ithub_pat_\w{20,255}|(?<=g)lpat-[\w-]{16,255}|(?<=x)ox[abeoprs]-[\w-]{10,255}"
    r"|(?<=A)(?:KIA|SIA|ROA|IDA)[0-9A-Z]{16}|(?<=A)Iza[\w-]{30,40}|(?<=A)KID\w{16,60}"
    r"|(?<=L)TAI\w{12,40}|(?<=y)a29\.[\w-]{20,512}|(?<=h)f_\w{20,80}|(?<=n)pm_\w{30,60}"
    r"|(?<=p)ypi-[\w-]{40,512}|(?<=S)G\.[\w-]{16,32}\.[\w-]{16,64}|(?<=[srp])k_(?:live|test)_\w{10,255}"
    r"|(?<=e)yJ[\w-]{8,2048}\.[\w-]{8,8192}\.[\w-]{0,1024}|(?<=d)op_v1_\w{40,80}"
    r"|(?<=A)GE-SECRET-KEY-1\w{20,80})",
    re.ASCII,
)
_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?!-----END)[\s\S])*+(?:-----END [A-Z0-9 ]{0,32}-----)?"
)
_MIXED = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9_\-+/=].)[A-Za-z0-9_\-+/]{23,511}={0,2}(?![\w+/=])", re.A
)
_NAMED_KEY = re.compile(
    r"(?:bearer|api[ _-]?key|access[ _-]?key(?:[ _-]?id)?|secret(?:[ _-]?(?:access[ _-]?)?key)?|token"  # noqa: E501
    r"|client[ _-]?secret|private[ _-]?key|密钥|令牌|秘钥)"
    r"(?:\"|')?(?: (?:is|was)(?: now)?|[ ]?(?::=|[:=是为]))?[ \"'“「]{0,3}"
    r"(?P<value>[a-z0-9_\-+/.=]{12,512})"
)
_PASSWORD = re.compile(
    r"(?:passw(?:or)?d|passphrase|passcode|pwd|pin(?: (?:code|number))?|login code|密码|口令|暗号)"
    r"(?:\"|')?(?P<said>(?: (?:for|of|to) [^\n:=]{1,24}?)?(?: (?:is|was)(?: now)?:?|[ ]?[:=])"
    r"|[ ]?(?:改成了?|设(?:置)?[成为]|变成|就是|还是|是|为|[:=])[ ]?[:]?| )[ \"'“「‘`]{0,3}"
    r"(?P<value>[!-~]{3,128})"
)
_CODE = re.compile(
    r"(?:验证码|校验码|动态码|动态密码|取件码|one[- ]time (?:code|password|passcode)|otp|"
    r"(?:verification|security|login|confirmation|access|auth(?:entication)?|2fa|sms) code"
    r"|(?<!zip )(?<!post )(?<!postal )(?<!error )(?<!status )(?<!area )(?<!country )\bcode)"
    r"(?: (?:is|was)|[ ]?[:是为=])?[^0-9a-z\n]{0,6}(?P<value>[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})"
    r"(?![0-9A-Za-z.])"
)
_CODE_BEFORE = re.compile(
    r"\d(?<![0-9A-Za-z.].)\d{3,7}(?= ?(?:\(|（)?(?:is your|是(?:您|你)的|为(?:您|你)的)"
    r"[^\n]{0,24}?(?:code|验证码|校验码|动态码|口令))"
)
_COMMON = frozenset(
    "is was for to of the a an and or my your his her reset change please that this it not must has"  # noqa: SIM905
    " have should will can manager protected field forgot forgotten expired wrong changed".split()
)


def find_secrets(folded: Folded) -> Iterator[Found]:
    """Keys, tokens, passwords, codes."""
    text, lower = folded.text, folded.lower
    if "-----BEGIN" in text:
        for one in _BLOCK.finditer(text):
            yield found(Kind.KEY, *one.span())
    for one in _KEY.finditer(text):
        yield found(Kind.KEY, *one.span())
    for one in _MIXED.finditer(text):
        if is_random(one[0]):
            yield found(Kind.KEY, *one.span())
    for one in _NAMED_KEY.finditer(lower):
        if any(letter.isdigit() for letter in one["value"]):
            yield found(Kind.KEY, *one.span("value"))
    for one in _PASSWORD.finditer(lower):
        if _is_password(one):
            yield found(
                Kind.PASSWORD, one.start("value"), one.start("value") + _length(one["value"])
            )
    for shape in (_CODE, _CODE_BEFORE):
        for one in shape.finditer(lower):
            yield found(Kind.CODE, *one.span("value" if "value" in shape.groupindex else 0))


def is_random(token: str) -> bool:
    """Whether a long word is as mixed as only chance makes it; a number or a hash alone is not."""
    bare = token.rstrip("=")
    kinds = (
        sum(letter.islower() for letter in bare),
        sum(letter.isupper() for letter in bare),
        sum(letter.isdigit() for letter in bare),
    )
    if min(kinds) < 2 or bare.count("/") > 2 or bare.count("-") > 4:
        return False
    size = len(bare)
    entropy = -sum(count / size * log2(count / size) for count in Counter(bare).values())
    return entropy >= min(4.0, log2(size) - 0.7)


def _is_password(one: re.Match[str]) -> bool:
    value = one["value"].rstrip(".,;!?\"'")
    if len(value) < 3 or value in _COMMON:
        return False
    said = one["said"].strip()
    return bool(said) or any(letter.isdigit() for letter in value)


def _length(value: str) -> int:
    """Without the quotation marks and the full stop that follow a password."""
    return len(value.rstrip("\"'`")) if value[-1] in "\"'`" else len(value.rstrip(".,;"))
