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
_SPELT = r"pass?[ -]?w(?:or|ro|o|r)?[dt]s?|pass[ -]?(?:phrase|code|key)s?|(?<![a-z])(?:pwd?|pin)"
_CALLED = rf"(?:{_SPELT}|(?<![a-z])login code)(?![a-z])(?: (?:code|number))?"
_PASSWORD = re.compile(
    rf"(?:{_CALLED}|密码|口令|暗号)"
    r"(?:\"|')?(?P<said>(?: (?:for|of|to) [^\n:=]{1,24}?)?(?: (?:is|was)(?: now)?:?|[ ]?[:=])"
    r"|[ ]?(?:改成了?|设(?:置)?[成为]|变成|就是|还是|是|为|[:=])[ ]?[:]?| )[ \"'“「‘`]{0,3}"
    r"(?P<value>[!-~]{3,128})"
)
_NO_AMOUNT = r"(?![0-9a-z]|[ ]?(?:位|个|年|次|种|字|天|月|岁|世纪|以[上下内]))"
_WRITTEN = r"\u4e00-\u9fff"
_CHINESE = re.compile(
    r"(?:密码|口令|暗号)(?:"
    r"[ \"'“「‘]{0,2}(?P<next>(?=[!-~]{0,63}?[0-9])[a-z0-9@#$%&*_][!-~]{2,63}|[零〇一二两三四五六七八九幺]{3,16})"  # noqa: E501
    rf"|[ ]?(?:是|为|改成了?|设(?:置)?[成为]|[:=])[ ]?(?P<mixed>[{_WRITTEN}]{{1,8}}[0-9]{{2,16}})"
    rf")(?<![ ,;.]){_NO_AMOUNT}"
    rf"|我(?:们|家|的|家的|们的)?[{_WRITTEN}a-z]{{0,8}}?(?:密码|口令|暗号)(?:就是|是|改成了?|设(?:置)?[成为]|[:=])[ ]?"  # noqa: E501
    r"(?P<words>(?!什么|多少|怎么|如何|哪|啥|几|谁|不|否|对的|错的|由|用|被|在|可|自己|随|别|最|很|太|默认|空的"
    rf"|安全|正确|错误|必|需|强|弱|一[样种个]|通过|从|有|没|和|跟|同|为)[{_WRITTEN}a-z0-9]{{2,12}})(?=[,，。.!！?？;；\n]|$)"
    r"|我的?(?:密码)(?P<named>[a-z]{5,32})(?![a-z ])"
)
_BEFORE_IT = re.compile(
    r"(?<![!-~])[\"'“「]?(?P<value>[!-~]{3,64}?)[\"'”」]?(?: (?:is|was|were|as|would be|(?:isn't|wasn't)))?"  # noqa: E501
    rf" (?:not )?(?:a|an|my|our|his|her|the)(?: [a-z-]{{2,16}}){{0,3}}? (?:{_SPELT})(?![a-z])"
    r"|(?<![!-~])(?P<chinese>(?=[!-~]{0,63}?[0-9])[!-~]{3,64}?)[\"'”」]?(?:这个|作为|当作?|做"
    r"|是(?:我|您|你|个|一个|不是)[^\n,。，?？!！]{0,8}?)(?:[^\n,。，?？!！\w]|我的|弱|强|好){0,3}(?:密码|口令)"
)
_LOGIN = re.compile(
    r"(?:(?<![a-z])(?:log[ -]?in|logon|account|credentials?|user(?:name)?)(?![a-z])|登录|账号|帐号|账户)"  # noqa: E501
    r"(?: (?:is|are|was))?[ :=]{1,3}[a-z0-9._@+\-]{2,40} ?[/:|] ?(?P<value>[!-~]{4,64})"
)
_MY_CODE = re.compile(
    r"(?<!in )(?<!since )(?<!until )(?<!by )(?<![0-9a-z.])(?P<value>[0-9]{4,8})"
    r"(?:,| \(?| ?[-–(]| (?:is|was|as)) ?(?:my|our|his|her|their)(?: [a-z]{2,16}){0,2}? (?:code|pin|combination)"  # noqa: E501
    r"(?=[,.;!?)\n]|$| (?:for|to|of|at|on)\b)"
    r"|(?<![0-9a-z.])(?P<chinese>[0-9]{4,8})(?:这个|是(?:我|我们|我家)的?)[^\n,。，]{0,6}?(?:密码|口令|码)"
)
_NEXT_WORD = re.compile(r" ([^\s,.;:!?，。；：！？]{1,32})(?![^\s,.;:!?，。；：！？])")
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
_AMOUNTS = tuple("位个年次种字天月岁")
_FORGOT = frozenset(
    "is was for to of the a an and or my your his her reset change please that this it not must has"  # noqa: SIM905
    " have should will can manager protected field forgot forgotten expired wrong changed".split()
)
_COMMON = _FORGOT | frozenset(
    """too very
    still being always so really correct right invalid incorrect weak strong safe secure short long
    required needed necessary stored hashed encrypted visible leaked stolen hacked known easy hard
    good bad better rejected accepted important case-sensitive what why how when where who in on at
    only just never something also often sent usually typically called supposed enough too there
    case made used asked no lost gone empty blank unknown old new different shared public private
    full more less most less-secure hidden shown saved kept written taken set given different
    vulnerable easily nothing anything everything someone part known considered""".split()  # noqa: SIM905
)
_STOPS = _COMMON | frozenset(
    """but because which i i'm it's does do did are be if then than now today since ok okay thanks
    thank you we they he she with from by as would could may might shall let tell help and/or
    per about into after before while until like""".split()  # noqa: SIM905
)
"""Words after which a sentence goes on behind a password of several words."""
_MOST_WORDS = 8


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
    yield from _passwords(lower)
    for shape in (_CODE, _CODE_BEFORE):
        for one in shape.finditer(lower):
            yield found(Kind.CODE, *one.span("value" if "value" in shape.groupindex else 0))


def _passwords(lower: str) -> Iterator[Found]:
    for one in _PASSWORD.finditer(lower):
        if _is_password(one):
            end = one.start("value") + _length(one["value"])
            if one["said"].strip() and one.end("value") == end:
                end = _words_end(lower, end)
            yield found(Kind.PASSWORD, one.start("value"), end)
    for shape in (_CHINESE, _LOGIN, _BEFORE_IT, _MY_CODE):
        for one in shape.finditer(lower):
            name = next(name for name, value in one.groupdict().items() if value)
            start, value = one.start(name), one[name]
            sure = name != "value" or any(each.isdigit() for each in value)
            if sure or (shape is _BEFORE_IT and _is_mine(one)):
                yield found(Kind.PASSWORD, start, start + _length(value))


def _is_mine(one: re.Match[str]) -> bool:
    """Whether a word without digits is said to be the asker's password: "swordfish is my pin"."""
    value = one["value"].strip("\"'`.,;!?")
    mine = re.search(r"(?:is|was) (?:my|our) (?:old |new |current |own |wifi |bank )?", one[0])
    return bool(mine) and len(value) >= 5 and value not in _STOPS and value.isascii()


def _words_end(lower: str, end: int) -> int:
    """Where a password of several words ends that began before `end`: with its clause, or before a
    word with which the sentence goes on."""
    for _ in range(_MOST_WORDS):
        more = _NEXT_WORD.match(lower, end)
        if more is None or more[1].strip("\"'") in _STOPS:
            break
        end = more.end()
    return end


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
    said = one["said"].strip()
    if len(value) < 3 or value in (_FORGOT if said[-1:] in (":", "=") else _COMMON):
        return False
    if value.isdigit() and one.string[one.end("value") :][:1] in _AMOUNTS:
        return False
    return bool(said) or any(letter.isdigit() for letter in value)


def _length(value: str) -> int:
    """Without the quotation marks and the full stop that follow a password."""
    return len(value.rstrip("\"'`")) if value[-1] in "\"'`" else len(value.rstrip(".,;"))
