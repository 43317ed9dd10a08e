"""What people need when they only say how it is: "I'm cold", 玻璃起雾了, 太吵了.

Each gives one call marked `inferred`; policy then allows only what is easily undone (rule 30). Only
whole clauses count, so that a story about the cold heats nothing.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue

_SUBJECT = r"(?:it'?s |it is |i'?m |i am |i feel |we'?re |we are |my \w+ (?:is|are) |the (?:car|cabin|air|music) is |that'?s )?"
_VERY = r"(?:a bit |a little |so |too |very |really |quite |pretty |way too |getting |kind of )*"
_END = r"(?: in here| back here| here| in the car| inside| right now| now| for me)*"
_ZH_SUBJECT = r"(?:我|我们|车里|车内|这里|里面|后排|外面|感觉|我感觉|觉得|我觉得|现在|今天|这|好像|还是|声音|音乐|光线)*"
_ZH_VERY = r"(?:有点儿?|有些|太|好|真|很|特别|非常|越来越|挺)"
_ZH_END = r"(?:了|啊|呀|哦|了啊|了点|的)*"

_ROWS: tuple[tuple[str, str, dict[str, JsonValue]], ...] = (
    (rf"{_SUBJECT}{_VERY}(?:cold|freezing|chilly|frozen)(?: to death)?{_END}|{_ZH_SUBJECT}(?:{_ZH_VERY})?(?:冷|凉|冻)(?:死|得慌)?{_ZH_END}|冻死我?了",
     "climate.set_temperature", {"delta": 1}),
    (rf"{_SUBJECT}{_VERY}(?:hot|warm|boiling|sweating|roasting|stuffy and hot|burning up|sweaty)(?: to death)?{_END}|{_ZH_SUBJECT}(?:{_ZH_VERY})?(?:热|暖)(?:死|得慌)?{_ZH_END}|热死我?了|出汗了",
     "climate.set_temperature", {"delta": -1}),
    (rf"(?:the |my )?(?:windshield|windscreen|front window|windows?|glass|front glass) (?:is|are|keeps?|gets?|got|is getting|are getting)? ?{_VERY}(?:fogg(?:ed|y|ing)(?: up)?|mist(?:y|ed|ing)(?: up)?|steam(?:y|ed|ing)(?: up)?|icy|frosty|frozen)(?: again| up)?"
     r"|i can'?t see (?:anything |a thing )?(?:through|out of) the (?:windshield|windscreen|front window|glass)"
     r"|(?:前|前面的?|我的)?(?:挡风)?(?:玻璃|风挡|挡风|前挡|车窗|窗户)(?:又|都|上|好像)*(?:起|有|是|结)(?:了|雾|霜|水汽|冰|点)+了?|(?:前面)?(?:玻璃|前挡|挡风玻璃)(?:都|全)?(?:看不清|看不见|模糊)了?",
     "climate.set_defrost", {"target": "front", "on": True}),
    (rf"(?:it'?s |it is |everything'?s |everything is )(?:all )?{_VERY}(?:fogg(?:ed|y|ing)|misty|misted|misting|steam(?:y|ed|ing))(?: up)?(?: (?:in here|inside|in the car))|(?:it'?s |it is |we'?re |we are )(?:all )?{_VERY}(?:fogg(?:ed|ing)|mist(?:ed|ing)|steam(?:ed|ing)) up|(?:车里|车内|里面)(?:又|都|全)*(?:起|有|是)雾了?",
     "climate.set_defrost", {"target": "front", "on": True}),
    (r"(?:the )?(?:rear|back) (?:window|windshield|glass) (?:is|keeps?) (?:fogged|foggy|fogging|misty|icy|frozen|steamed)(?: up)?|(?:后窗|后挡|后玻璃|后面玻璃|后挡风玻璃)(?:起|有|结)(?:雾|霜|冰|了雾)了?",
     "climate.set_defrost", {"target": "rear", "on": True}),
    (rf"{_SUBJECT}{_VERY}(?:loud|noisy)(?: in here)?|(?:{_SUBJECT}){_VERY}loud(?: now)?|{_ZH_SUBJECT}{_ZH_VERY}(?:吵|响|大声){_ZH_END}|{_ZH_SUBJECT}(?:声音|音乐|音量){_ZH_VERY}大{_ZH_END}|吵死了",
     "media.set_volume", {"delta": -10}),
    (r"(?:navigation|nav|guidance|sat ?nav),? (?:please )?(?:be (?:quiet|silent)|shut up|stop talking|hush)|(?:mute|silence|shut up) (?:the )?(?:navigation|nav|guidance|sat ?nav)|(?:stop|no) (?:the )?(?:voice )?(?:navigation|nav|guidance) (?:voice|announcements?)|导航(?:请)?(?:别|不要|不用)(?:再)?(?:出声|说话|播报|讲话|吵|念|叫)了?|(?:关掉?|关闭)导航(?:的)?(?:声音|语音|播报)|导航静音",
     "media.set_volume", {"stream": "navigation", "mute": True}),
    (r"(?:the )?(?:ac|a/c|air con(?:ditioning|ditioner)?|air|blower|fan|wind) is (?:blowing )?(?:a bit |a little |way |much )?(?:too|so) (?:strong|hard|high|powerful)|(?:空调|风|冷气)(?:吹得|开得)?(?:太|有点|好)(?:强|猛)了?",
     "climate.set_fan", {"delta": -1}),
    (r"(?:the )?heat(?:ing|er)? is (?:a bit |a little |way |much )?(?:too|so) (?:strong|high|hot|much)|(?:暖气|暖风)(?:太|有点)(?:强|热|猛)了?",
     "climate.set_temperature", {"delta": -1}),
    (r"(?:不要|别)(?:让|把)?导航的?(?:声音|音量|播报)?(?:开|调|弄|放)?得?(?:这么|那么|太)(?:大声?|响|吵)了?|导航的?(?:声音|音量|播报)(?:太|有点)(?:大|响|吵)了?",
     "media.set_volume", {"stream": "navigation", "delta": -10}),
    (r"(?:不要|别)(?:让|把)?(?:音乐|歌|声音|音量|喇叭|音响)的?(?:声音|音量)?(?:开|调|弄|放)?得?(?:这么|那么|太)(?:大声?|响|吵)了?",
     "media.set_volume", {"delta": -10}),
    (r"i can(?:'?t|not|no longer)? (?:barely )?hear (?:it|the music|anything|the radio)|(?:the )?(?:music|sound|volume|radio|it)'?s? (?:is )?too (?:quiet|low|soft)|too quiet|听不(?:见|清|到|清楚)(?:音乐|声音)?了?|声音?太小(?:了|声了)?|太小声了",
     "media.set_volume", {"delta": 10}),
    (rf"{_SUBJECT}{_VERY}(?:dark|dim)(?: in here| in the car| inside)?|i can'?t see (?:anything )?in here|{_ZH_SUBJECT}{_ZH_VERY}(?:暗|黑){_ZH_END}|(?:车里|里面)看不见(?:东西)?了?",
     "light.interior.set", {"kind": "all", "on": True}),
    (rf"(?:{_SUBJECT}){_VERY}(?:stuffy|smelly)(?: in here| in the car)?|(?:i need|let'?s get|we need) (?:some )?(?:fresh )?air(?: in here| in)?|{_ZH_SUBJECT}{_ZH_VERY}(?:闷|憋){_ZH_END}|透不过气了?|空气不好|空气{_ZH_VERY}(?:差|闷){_ZH_END}",
     "climate.set_recirculation", {"mode": "fresh"}),
    (r"(?:the )?(?:air|smell|exhaust) (?:outside|out there) (?:is )?(?:bad|awful|terrible|smells|stinks)|it (?:smells|stinks)(?: bad| awful| outside)*|外面(?:味道|空气|烟味?)(?:太|好|很|有点)?(?:大|差|重|臭|难闻)了?|(?:前车|外面)(?:的)?尾气(?:味)?(?:太|好|很)?(?:大|重|难闻)了?|(?:好|太)臭了?",
     "climate.set_recirculation", {"mode": "recirculate"}),
    (rf"(?:the sun(?:light)? is (?:in my eyes|too bright|blinding me)|{_SUBJECT}{_VERY}(?:sunny|bright)(?: in here)?)|{_ZH_SUBJECT}{_ZH_VERY}(?:晒|刺眼){_ZH_END}|(?:太阳|阳光){_ZH_VERY}(?:大|晒|刺眼|强){_ZH_END}",
     "roof.set", {"target": "shade", "percent": 0}),
    (r"my (?:butt|bum|seat|back) (?:is|feels) (?:cold|freezing)|(?:屁股|座椅|座位|后背)(?:有点|好|太|真)?(?:冷|凉|冰)了?", "seat.set_heat_vent", {"mode": "heat"}),
    (r"my (?:butt|bum|seat|back) (?:is|feels) (?:hot|sweaty)|(?:屁股|座椅|座位|后背)(?:有点|好|太|真)?(?:热|烫|出汗)了?", "seat.set_heat_vent", {"mode": "vent"}),
    (r"my (?:hands|fingers) are (?:cold|freezing|frozen)|(?:手|手指)(?:有点|好|太|真)?(?:冷|凉|冰|冻)(?:僵|死)?了?|方向盘(?:有点|好|太|真)?(?:冷|凉|冰)了?", "steering_wheel.heat", {}),
    (r"my (?:back|neck|shoulders?) (?:hurts?|aches?|is sore|is killing me|is stiff|are sore)|(?:我)?(?:腰|背|后背|肩膀|脖子)(?:有点|好|很|真)?(?:酸|疼|痛|累)了?(?:死了)?", "seat.set_massage", {}),
    (r"(?:i'?m|i am|we'?re|we are) (?:hungry|starving)|(?:我|我们)?(?:有点|好|都)?(?:肚子)?饿了?(?:死了)?", "nav.search_place", {"query": "餐厅"}),
    (r"it'?s (?:starting to rain|raining|pouring)(?: hard| now)?|(?:外面)?(?:下|开始下)(?:大|小|暴)?雨了?", "wiper.set", {"mode": "auto"}),
    (r"it'?s getting dark(?: outside)?|天(?:快)?黑了|天色?(?:有点)?暗了", "light.exterior.set", {"kind": "low_beam", "state": "on"}),
    (r"(?:we'?re |i'?m )?(?:almost |nearly )?out of (?:gas|fuel)|(?:快|要)?没油了|油不多了|该加油了", "nav.search_place", {"query": "加油站"}),
    (r"(?:we'?re |i'?m |the battery is )?(?:almost |nearly )?(?:out of (?:battery|charge)|(?:battery|charge) is low)|(?:快|要)?没电了|电不多了|电量不足", "nav.search_place", {"query": "充电站"}),
)  # fmt: skip
_COMPILED = tuple((regex(pattern), name, arguments) for pattern, name, arguments in _ROWS)
_ENGLISH_QUERY = {"餐厅": "restaurant", "加油站": "gas station", "充电站": "charging station"}


def find_need(plain: str) -> tuple[str, dict[str, JsonValue]] | None:
    """The capability and arguments that a statement of need leads to; `None` for everything else."""
    bare = plain.strip(" ,.!?")
    for pattern, name, arguments in _COMPILED:
        if pattern.fullmatch(bare):
            query = arguments.get("query")
            if isinstance(query, str) and bare.isascii():
                return name, {**arguments, "query": _ENGLISH_QUERY[query]}
            return name, dict(arguments)
    return None
