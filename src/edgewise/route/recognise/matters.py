"""Whether a text tells of somebody's sensitive matter (PIPL Art. 28, GDPR 9 and 10).

Health, sexual life, religion, politics, union, biometrics, crime, finance, and the ages of children
(more of them: `children.py`).
A matter alone is general knowledge ("what is HIV"); it counts near a word for a person: the one
who asks, somebody of theirs, or a name that was found. It finds what its words name, no more, and
prefers a question too many to a consent too few. Pure, in time linear in the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found

NEAR_CHARACTERS = 160
"""How far a matter may stand from its person: about two sentences."""


def tells_of_matter(folded: Folded, people: Iterable[Found] = ()) -> bool:
    """Whether a sensitive matter stands near a person; `people` are names found in `folded`."""
    matters = [one.span() for shape in _MATTERS for one in shape.finditer(folded.lower)]
    if not matters:
        return False
    asking = [one.span() for shape in _ASKING for one in shape.finditer(folded.lower)]
    persons = [one.start() for shape in _PERSONS for one in shape.finditer(folded.lower)]
    asking_ends = {place for start, end in asking for place in range(start, end)}
    persons = [place for place in persons if place not in asking_ends]
    persons = sorted([*persons, *(one.start for one in people)])
    return any(_is_near(persons, start, end) for start, end in matters)


def _is_near(persons: list[int], start: int, end: int) -> bool:
    first = bisect_left(persons, start - NEAR_CHARACTERS)
    return first < len(persons) and persons[first] <= end + NEAR_CHARACTERS


def _words(listed: str) -> str:
    """Words or phrases (joined by `_`), each as a whole, in the plural as well."""
    return "|".join(word.replace("_", " ") for word in listed.split())


_HEALTH = _words(
    """hiv aids cancer tumou?r leuka?emia lymphoma diabetes diabetic asthma epilepsy epileptic
    hepatitis herpes syphilis gonorrh?oea chlamydia std sti tuberculosis covid pneumonia
    had_a_stroke heart_attack heart_disease heart_condition blood_pressure hypertension cholesterol
    arthritis migraine headache fever rash chest_pain seizure dementia alzheimer'?s parkinson'?s
    multiple_sclerosis crohn'?s kidney_disease kidney_failure hernia h?a?emorrhoids? infertile
    infertility disabled disability wheelchair chemo chemotherapy biopsy dialysis surgery
    transplant diagnosed diagnosis symptom side_effect my_doctor my_test_results medication
    prescription insulin metformin antidepressant prozac zoloft xanax lithium methadone viagra
    ritalin adderall antiretrovirals? painkiller opioid (?<!great_)depression depressed bipolar
    schizophreni[ac] anxiety panic_attack ptsd adhd autism autistic ocd anorexi[ac] bulimi[ac]
    eating_disorder self-harm suicide suicidal kill_myself end_my_life my_therapist psychiatrist
    alcoholic alcoholism drug_addict addicted addiction overdose rehab pregnant pregnancy
    sertraline fluoxetine escitalopram citalopram lorazepam diazepam clonazepam
    lump_in_(?:my|his|her)
    hear(?:ing)?_voices miscarriage abortion ivf menopause postpartum"""
)
_LIFE = _words(
    """gay lesbian bisexual homosexual transgender queer asexual sexual_orientation sex_life
    attracted_to_(?:men|women|boys|girls|both) sexual had_sex
    having_sex sexually erectile libido came_out_as extramarital
    my_religion my_faith my_church my_mosque my_synagogue converted_to political_views
    political_opinion voted_for vote_for party_member trade_union labou?r_union union_member
    union_rep union_dues joined?_(?:a|the|my|our)_union
    (?:my|his|her)_(?:fingerprint|dna|genome|iris_scan|voiceprint|face_scan|genetic_test)
    criminal_record convicted conviction arrested on_probation on_parole in_prison in_jail to_prison
    to_jail felony dui arrest(?:ed|ing)?_(?:me|my|our|him|her)
    charged_with restraining_order shoplifting"""
)
_MONEY = _words(
    """debt bankrupt bankruptcy insolvent insolvency salary wage paycheck income mortgage overdraft
    loan foreclosure credit_score credit_card_bill account_balance bank_balance bank_account
    my_savings my_pension net_worth i_owe unemployment_benefit alimony tax_return payday
    evicted eviction pay_(?:my|our)_(?:rent|bills|debts)"""
)
_BELIEF = (
    r"(?:am|'m|is|are|was|being|as|be|become|became|a practi[sc]ing) (?:an? )?"
    r"(?:muslim|christian|catholic|protestant|buddhist|hindu|jewish|jew|sikh|atheist|taoist|mormon"
    r"|republican|democrat|communist|socialist|conservative|liberal|anarchist)"
)
_AGE = r"(?:[1-9]|1[0-3]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)"
_CHILD = r"(?:son|daughter|kid|child|boy|girl|baby|nephew|niece|grandson|granddaughter|he|she|i)"
_YOUNG = (
    rf"{_CHILD}(?: is|'s| am|'m| turned| just turned|,)? {_AGE}(?=[,.;!?]|$| (?:and|years? old)\b)"
    rf"|my {_AGE}[ -](?:year|month)s?[ -]olds?(?! (?:car|dog|cat|house|laptop|phone|computer))"
    r"|my (?:baby|toddler|newborn|infant)"
)
_CHINESE = "|".join(
    """艾滋 癌 肿瘤 白血病 糖尿病 高血压 高血脂 心脏病 冠心病 心梗 脑梗 中风 肝炎 乙肝
    肺炎 肺结核 肾炎 尿毒症 哮喘 癫痫 梅毒 性病 疱疹 痛风 关节炎 阿尔茨海默 老年痴呆
    帕金森 残疾 偏头痛 头疼 头痛 发烧 过敏 痔疮 不孕 不育 确诊 化疗 手术 透析 病历
    体检报告 胰岛素 二甲双胍 抗抑郁药 安眠药 处方 吃药 抑郁 焦虑症 躁郁 双相 精神分裂
    精神病 自闭症 多动症 强迫症 厌食症 自杀 自残 不想活 心理医生 酗酒 吸毒 戒毒 怀孕
    流产 堕胎 打胎 试管婴儿 孕期 产后 月经 更年期 同性恋 双性恋 跨性别 出柜 性取向
    性生活 阳痿 早泄 出轨 信佛 信教 信仰 基督徒 穆斯林 佛教徒 天主教徒 入党 党员
    政治观点 政治立场 投票给 工会会员 加入工会 参加工会 指纹 人脸 虹膜 声纹 基因检测
    血糖 失眠 氯硝西泮 舍曲林 幻听 花呗 还不上
    犯罪记录 案底 前科 坐牢 坐过牢 被捕 被抓 拘留 判刑 缓刑 取保候审 酒驾 欠债 欠了
    负债 债务 还不起 破产 工资 薪水 月薪 年薪 收入 存款 余额 房贷 贷款 网贷 信用卡
    征信 逾期 失信 催收 公积金""".split()  # noqa: SIM905
)
_CHINESE_YOUNG = (
    r"(?:儿子|女儿|孩子|宝宝|娃|弟弟|妹妹|我)(?:今年|才|刚|现在|刚满|满){0,2}"
    r"(?:[1-9]|1[0-3]|十[一二三]?|[一二两三四五六七八九])(?:个月|周?岁)(?!前|后|之)"
)
_MATTERS = (
    re.compile(rf"\b(?:{_HEALTH}|{_LIFE}|{_MONEY})(?:e?s)?\b"),
    re.compile(rf"(?:\b|(?='))(?:{_BELIEF})s?\b|\b(?:{_YOUNG})"),
    re.compile(rf"{_CHINESE}|{_CHINESE_YOUNG}"),
)
_PERSONS = (
    re.compile(
        r"\b(?:i|me|my|mine|myself|our|he|she|his|her|him|just diagnosed|got diagnosed"
        r"|we (?:are|have|had|owe|can't|got|lost))\b|\bwe're\b"
    ),
    re.compile(
        "我(?!们|国)|我们家|我们俩|咱|俺|本人|[他她](?!们)|老公|老婆|丈夫|妻子|儿子|女儿|爸|妈|孩子|宝宝|爷爷|奶奶|外公|外婆"
        "|男朋友|女朋友|男友|女友|哥哥|姐姐|弟弟|妹妹|得了|确诊|查出|欠了"
        "|医生给开|(?:最近|晚上)[老总]|还不[上起]了"
    ),
)
_ASKING = (
    re.compile(
        r"\b(?:(?:tell|give|show|teach|help|let|read|find|send|remind|write) me|to me|for me"
        r"|(?:can|could|may|where can|how can|how do|how would|should|do) i(?= (?:read|learn|find"
        r"|explain|say|spell|pronounce|calculate|translate|write|look|call it)\b)"
        r"|i(?: want| need|'d like| would like)(?: to)? (?:know|learn|understand|ask|read)"
        r"|i(?: am|'m) (?:curious|writing|reading|learning|studying)|i wonder|i (?:read|heard) )"
    ),
    re.compile(
        "告诉我|给我|帮我|跟我|教我|请问我|我想(?:知道|了解|问|请教|学|查|听)|我要(?:了解|查|听)|我在(?:写|看|学)"
    ),
)
