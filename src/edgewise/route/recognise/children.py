"""Whether a text tells of somebody's child: what PIPL Art. 28 protects of all under 14.

A child counts where it is somebody's ("my son", 我女儿), and something of its life stands near it:
its age, its school or class, how it learns or behaves. Children in general ("why do children ask so
much") are general knowledge, as is a child of whom nothing else is told. Who is shown to be grown
up (an age from 14 on, a university, a job) is no child, unless what only children have stands
there, too. Pure, in time linear in the text.
"""

import re
from bisect import bisect_left

from edgewise.route.recognise.folded import Folded

NEAR_CHARACTERS = 160
"""How far what is told may stand from the child: about two sentences."""

_AGE = r"(?:[1-9]|1[0-3]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)"
_WHICH = (
    r"(?:(?:little|older|elder|eldest|oldest|younger|youngest|middle|big|small|first|second|own|dear"
    r"|only|two|three|adopted|foster|twin|\w+-year-old) ){0,2}"
)
_ONE = (
    r"(?:(?:step)?(?:son|daughter)|kid|child|boy|girl|baby|toddler|nephew|niece|grand(?:son|daughter"
    r"|child)|godson|goddaughter|little one)"
)
_ENGLISH = (
    rf"\b(?:my (?:\w+'s )?{_WHICH}(?:{_ONE}s?|children|grandchildren)|our {_WHICH}(?:{_ONE}|kids)"
    rf"|(?:i|we) have (?:a |an )?{_WHICH}(?:{_ONE}s?|children))\b"
)
_CHINESE = (
    r"(?:(?:我|咱|俺)(?:们|家|们家)?的?(?:那|这)?(?:两|俩|三)?个?(?:大|小|二|宝贝|双胞胎){0,2}"
    r"(?:儿子|女儿|闺女|孩子|小孩|宝宝|娃|侄子|侄女|外甥女?|孙子|孙女|外孙女?|弟弟|妹妹)"
    r"|(?<![\w])(?:儿子|女儿|闺女))"
)
_YEARS = r"(?:[1-9]|1[0-3]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)"
_GRADE = r"(?:first|second|third|fourth|fifth|sixth|seventh|1st|2nd|3rd|4th|5th|6th|7th)"
_THEIRS = (
    re.compile(
        rf"\b(?:my|our) (?:{_YEARS}[ -]?(?:yo|y/o|yrs?|years?|months?)(?:[ -]?olds?)?"
        r"(?! ?-?(?:old )?(?:car|dog|cat|house|laptop|phone|computer|bike|warranty|plan|mortgage|trip|loan))"  # noqa: E501
        rf"|{_GRADE}[ -]grader|(?:{_ONE}|dau\w{{2,4}}er|\w{{2,16}}(?= \((?:grade|year|class|aged?) ))"  # noqa: E501
        r" \((?:(?:grade|year|class|aged?) )?(?:[1-9]|1[0-3])\b"
        r"|(?:twins|triplets) (?:are|is|go|started?) [^.!?\n]{0,24}(?:kindergarten|school|nursery|grade))"  # noqa: E501
    ),
    re.compile(
        r"(?:孙子|孙女|外孙女?|儿子|女儿|小宝|大宝|二宝|侄子|侄女)(?:今年|才|刚满?)?"
        r"(?:[1-9]|1[0-3]|十[一二三]?|[一二两三四五六七八九])周?岁"
        r"|班主任(?:老师)?(?:总|老|又)?(?:说|批评|反映)[^，。]{0,4}(?:[小大二]宝|宝宝|我家|[他她](?!们)|孩子|儿子|女儿)"
    ),
)
"""A child of somebody's with its age or class, in one."""
_CHILD = (re.compile(_ENGLISH), re.compile(_CHINESE))

_ONLY = (
    re.compile(
        r"\b(?:primary school|elementary school|elementary|nursery(?: school)?|kindergarten"
        r"|pre-?school|day-?care|day care|playgroup|(?:year|grade|class) [1-8]"
        r"|(?:first|second|third|fourth|fifth|sixth|seventh|1st|2nd|3rd|4th|5th|6th|7th)"
        r"[ -]grader?)\b"
        rf"|(?<!car is )(?<!dog is )(?<!cat is )\b{_AGE}[ -](?:year|month)s?[ -]old\b(?! (?:car|dog"
        r"|cat|house|laptop|phone|computer|bike))"
        rf"|\b(?:aged?|turned|turns|turning) {_AGE}\b(?! ?%)"
    ),
    re.compile(
        r"小学|幼儿园|幼稚园|托儿所|托班|学前班|[小中大]班|(?:[一二三四五六七]|[1-7])年级"
        r"|(?<![\d十百.一二三四五六七八九])(?:[1-9]|1[0-3]|十[一二三]?|[一二两三四五六七八九])(?:个半?月大?|周?岁半?)"
        r"(?!以|前|后|之|时|的时候)"
    ),
)
"""What only children have."""
_TOLD = (
    re.compile(
        r"\b(?:school|classroom|classmates?|his class|her class|teachers?|homework|report card"
        r"|(?:his|her|bad|poor|good) (?:grades|marks)|bull(?:y|ies|ied|ying)|tantrums?"
        r"|bit(?:es?|ing)|wets?|wetting|bed-?wetting|potty|cry|cries|crying|lies|lying"
        r"|steals?|stealing|misbehav\w+|naughty|shy|nightmares?|picky eater|hits?|hitting"
        r"|screen time|afraid of|scared of|bad at|struggl\w+|failing|fails|fall(?:s|ing) behind"
        r"|hates?|refuses to"
        r"|can't (?:read|sleep|focus|concentrate|sit still))\b"
    ),
    re.compile(
        r"上学|学校|班主任|老师|同学|班上|班里|作业|考试|考不|考砸|成绩|不及格|家长会|上课|尿床|尿裤"
        r"|哭|咬人|打人|打架|撒谎|说谎|偷|挑食|厌食|不听话|发脾气|厌学|欺负|霸凌|走神|注意力|沉迷"
        r"|叛逆|胆小|怕黑|不肯|不爱|讨厌|学不会|发育|身高|体重"
    ),
)
"""What is told of one who may be a child."""
_GROWN = (
    re.compile(
        r"\b(?:university|college|uni|phd|graduated|married|wedding|divorced|works (?:at|for|as|in)"
        r"|working (?:at|for|as)|is working"
        r"|(?:his|her) (?:job|wife|husband|boyfriend|girlfriend|boss)"
        r"|driving licen[cs]e|retired|high school"
        r"|(?:is|'s|aged?|turned|turns) (?:1[4-9]|[2-9]\d)|(?:1[4-9]|[2-9]\d)[ -]years?[ -]old)\b"
    ),
    re.compile(
        r"(?:1[4-9]|[2-9]\d|十[四五六七八九]|[二三四五六七]十[一二三四五六七八九]?)周?岁|大学|研究生"
        r"|博士|硕士|高考|高中|高[一二三]|毕业|结婚|离婚|上班|工作|男朋友|女朋友|考研|留学"
    ),
)
_SELF = (
    re.compile(
        r"\bi(?:'m| am) in (?:the )?(?:(?:year|grade|class) [1-7]|(?:first|second|third|fourth"
        r"|fifth|sixth|seventh|1st|2nd|3rd|4th|5th|6th|7th) grade)\b"
    ),
    re.compile(
        r"我(?:今年|现在|在|是|刚|正){0,2}(?:上|读|念)?(?:小学生|幼儿园(?:小朋友|[小中大]班)"
        r"|小学(?=[一二三四五六1-6])|[一二三四五六1-6]年级)"
    ),
)
"""Said by a child of itself."""


def tells_of_child(folded: Folded) -> bool:
    """Whether something of the life of somebody's child stands there."""
    text = folded.lower
    if any(shape.search(text) for shape in (*_SELF, *_THEIRS)):
        return True
    children = sorted(one.start() for shape in _CHILD for one in shape.finditer(text))
    if not children:
        return False
    if any(_near(children, one) for shape in _ONLY for one in shape.finditer(text)):
        return True
    grown = sorted(one.start() for shape in _GROWN for one in shape.finditer(text))
    told = (one for shape in _TOLD for one in shape.finditer(text))
    return any(_near(children, one) and not _near(grown, one) for one in told)


def _near(places: list[int], one: re.Match[str]) -> bool:
    first = bisect_left(places, one.start() - NEAR_CHARACTERS)
    return first < len(places) and places[first] <= one.end() + NEAR_CHARACTERS
