"""Names of people whom the device does not know, where the words around say that it is a name.

English by a title, an introduction or a verb that people do before or after capitalised words;
Chinese by a surname of the two hundred most common with a title or an introduction. It misses what
nothing announces, and takes a firm's name for a person's now and then: a name costs little to hide,
since it is put back.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

ROLES = frozenset(
    """老板 老师 老婆 老公 医生 经理 同事 同学 朋友 邻居 司机 师傅 律师 教练 房东 客户
    领导 主任 校长 秘书 助理 妈妈 爸爸 妈 爸 哥哥 姐姐 弟弟 妹妹 爷爷 奶奶 外公 外婆
    叔叔 阿姨 儿子 女儿 孩子 家人 先生 太太 女士 小姐 快递 外卖 物业 保姆 老妈 老爸
    宝宝 宝贝""".split()  # noqa: SIM905
)
"""Words of Chinese for what somebody is."""
_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮"
    "柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古"
    "吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫"
    "寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝])"
)
_NOT_GIVEN = "的是在和与了吗呢啊吧就也都又说要去来到给把被让将会能想有没不很已还再先"
_GIVEN = rf"[^\W\dA-Za-z_{_NOT_GIVEN}]"
_CHINESE = re.compile(
    rf"(?:我叫|名叫|叫做|姓名[:是为]? ?|名字[叫是:] ?|收件人[:是为]? ?|联系人[:是为]? ?|乘客[:]? ?"
    rf"|户主[:是为]? ?|患者[:]? ?|车主[:是为]? ?|他叫|她叫|我的?(?:老婆|老公|妻子|丈夫|儿子|女儿|同事|朋友"  # noqa: E501
    rf"|医生|老师|老板|邻居)(?:叫|是)?)(?P<full>{_SURNAME}{_GIVEN}{{1,2}})"
    rf"|我是(?P<self>[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾]{_GIVEN}{{1,2}})"
    rf"|(?P<titled>{_SURNAME}{_GIVEN}{{0,2}}?)(?=先生|女士|小姐|太太|老师|医生|教授|总监|经理|律师|师傅|阿姨|叔叔|同学)"
    rf"|(?:打给|打电话给|打电话找|致电|发(?:短信|消息|微信)给|呼叫|告诉|通知|联系|转告|提醒)"
    rf"(?P<called>{_SURNAME}{_GIVEN}{{1,2}}?)(?=[,。!?;，、 的说我明今后下在去来]|$|打|发|要|开)"
)
_CAP = r"[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я][^\W\d_]{0,31}+(?:['’\-][^\W\d_]{1,31}+)?"
_MORE = rf"(?:(?:[A-Z]\.?|van|von|der|de|den|ten|da|di|del|la|al|bin|le)(?![^\W\d_])|{_CAP})"
_NAME = rf"{_CAP}(?: {_MORE}){{0,4}}"
_TITLED = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Professor|Doctor|Lady|Captain|Uncle|Aunt)\b\.?"
    rf"|\b(?:mr|mrs|ms|dr)\.) (?P<name>{_NAME})"
)
_SAID = re.compile(
    rf"(?:\b[Mm]y (?:full |first |last )?name is|\b[Nn]ame(?:'s|: ?\n?| is)|\b[Cc]all(?:ed|s)? me"
    rf"|\b[Tt]his is|\b[Ii]'m|\bI am|\b[Uu]ser:|\b[Ff]rom:|\b[Tt]o:|\b[Dd]ear|\b[Hh]i|\b[Hh]ello"
    rf"|\b(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]heir) (?:kid|child|son|daughter|wife|husband|partner|friend"  # noqa: E501
    rf"|mother|father|brother|sister|colleague|boss|neighbou?r|doctor|roommate|girlfriend|boyfriend)"
    rf"|\b(?:account|name) of|\b[Ss]igned,?(?: by)?|\b[Rr]egards,?\n?|\b(?:add|adding|ask|tell|text"
    rf"|email|with|told|asked|met|meet|given|remove|between|by|starring|composed by|written by|sung by)) "  # noqa: E501
    rf"(?P<name>{_NAME})"
)
_FULL = re.compile(
    rf"\b(?:by|says|said|called|named|under|features|starring|heard|with|add|[Pp]roducer|[Ss]ongwriter|singer"
    rf"|author|actor|(?:change|correct) it to|up with|assistant to|tribute to|friend|late|account:"
    rf"|[Aa]ttn:?|[Cc]c:?) (?P<name>{_CAP}(?: {_MORE}){{1,3}})"
)
_DOES = re.compile(
    rf"(?P<name>{_CAP}(?: {_MORE}){{1,3}})"
    rf"(?='s? |'s\b|,? (?:lives?|lived|said|says|was born|works?|worked|called|wrote|told|asked|has been"  # noqa: E501
    rf"|listed|explained|shouted|began|spent|married|had given|will be|would|flew|went|moved"
    rf"|retired|turned|and I|his|her|from|version|songwriter|concert)\b)"
)
_FIRST_DOES = re.compile(
    rf"(?P<name>{_CAP}),? (?=(?:can I|could you|please|lives?|lived|said|says|called me|flew|told|wrote|shouted|asked|spent a|began|had given|is from|married|smiled)\b)"  # noqa: E501
)
NO_NAMES = frozenset(
    """a an the i you he she it we they this that these those my your his her its our their what who
    where when why how which is are was were be been do does did has have had can could will would
    shall should may might must please thanks thank hello hi hey dear yes no not ok okay sorry monday
    tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december today tomorrow street road avenue suite apt address phone
    email mobile fax desk bot user inc ltd corp company university school hospital bank airport
    station hotel restaurant office city state county united states kingdom republic new north south
    east west and or but if so then there here in on at to for from with of by as please excuse
    everyone anyone someone nobody god jesus christmas easter english german french american chinese
    spanish russian italian japanese orchestra group services technologies systems insurance capital i'm i'd i'll it's we'll we're
    international global street act union bus mr mrs ms dr prof sir madam""".split()  # noqa: E501, SIM905
)


_BEFORE = re.compile(rf"(?<![^\W_])({_CAP}) $")
_AFTER = re.compile(rf" ({_CAP})")
_LONGEST_WORD = 66
_NO_FIRST_NAMES = NO_NAMES | frozenset(
    """ask call tell text email write remind message phone ring meet send give show find invite
    visit pay book take bring get let make help thank after before since because while although
    about from mom mum dad grandma grandpa sister brother friend boss colleague""".split()  # noqa: SIM905
)
"""Words with a capital before a name that are none of it: what begins a sentence."""


def whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the name goes of which a part stands from `start` to `end`: a word with a capital right
    before, two right after. Of half a name the other half would leave."""
    if not text[start].isupper():
        return start, end
    offset = max(0, start - _LONGEST_WORD)
    first = _BEFORE.search(text[offset:start])
    if first is not None and first[1].lower() not in _NO_FIRST_NAMES:
        start = offset + first.start(1)
    for _ in range(2):
        more = None if text[end - 2 : end] == "'s" else _AFTER.match(text, end)
        if more is None or more[1].lower().removesuffix("'s") in NO_NAMES:
            break
        end = more.end() - 2 * more[1].endswith("'s")
    return start, end


def find_people(folded: Folded) -> Iterator[Found]:
    """Names that the words around them announce."""
    if not folded.text.isascii():
        for one in _CHINESE.finditer(folded.text):
            group = next(name for name in ("full", "self", "titled", "called") if one[name])
            if one[group] not in ROLES:
                yield found(Kind.PERSON, *one.span(group))
    for shape in (_TITLED, _SAID, _DOES, _FIRST_DOES, _FULL):
        for one in shape.finditer(folded.text):
            yield from _trimmed(folded.text, *one.span("name"), titled=shape is _TITLED)


def _trimmed(text: str, start: int, end: int, *, titled: bool) -> Iterator[Found]:
    """The stretch up to the first word that is none of a name's."""
    last = start
    for word in re.finditer(r"[^\s]+", text[start:end]):
        bare = word[0].strip(".,'’").removesuffix("'s").lower()
        if bare in NO_NAMES and not (titled and last == start):
            break
        last = start + word.end()
    if text[start:last].endswith("'s"):
        last -= 2
    if last - start >= 2:
        yield found(Kind.PERSON, start, last)
