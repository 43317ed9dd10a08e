"""Ways of saying a choice that no word list can hold: "lay it flat", 还能跑多远, "by eleven".

Rules of a capability and argument, tried in order before the declared words; an empty value means
that the words are no choice at all. They add to declarations, which stay the one list of values.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex

_ROWS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("media.control", "action"): (
        ("repeat_off", r"(?:关闭|取消|关掉|退出|不要?).{0,3}(?:循环|重复)|(?:turn|switch) off (?:the )?(?:repeat|loop)|(?:repeat|loop)(?:ing)? off|stop (?:repeating|looping)"),
        ("shuffle_off", r"(?:关闭|取消|关掉|退出).{0,3}随机|顺序播放|(?:shuffle|random).*off|off (?:the )?shuffle|stop shuffling|in order"),
        ("shuffle_on", r"shuffle|random|随机"),
        ("repeat_one", r"单曲循环|(?:repeat|loop) (?:this|the song|one|it)|again\b|重新播放|再放一遍|再来一遍|play it again"),
        ("repeat_all", r"(?:列表|全部|整个).{0,2}循环|循环播放|(?:repeat|loop) (?:all|everything|the (?:list|playlist|album)|mode|on)"),
        ("seek", r"(?:快进|快退|进度|跳|拖|调|定位|播放)到|\b(?:jump|skip|seek|go|forward) to (?:\d|one|two|three|four|five|ten)|from the (?:start|beginning)|start over"),
        ("rewind", r"快退|后退|回放|回退|倒回|往回|\brewind|go back (?:\d|a minute|ten|thirty|fifteen)|back (?:\d+|ten|thirty|fifteen)"),
        ("forward", r"快进|前进|往前跳|fast[ -]?forward|(?:skip|jump|go) (?:ahead|forward)"),
        ("previous", r"上一?[首曲个集条]|前一?[首曲个]|上首|\bprevious|\blast (?:song|track|one|station|episode)|(?:go )?back (?:one|a|to the (?:last|previous))"),
        ("next", r"下一?[首曲个集条]|换一?[首个下曲]|换首|换歌|切歌|跳过|换台|换个|\bnext\b|\bskip|another (?:song|one|track)|change (?:the )?(?:song|track|station)"),
        ("pause", r"暂停|停一下|\bpause|\bhold\b"),
        ("play", r"继续|接着|恢复|\bresume|\bcontinue|unpause|keep playing|go on|carry on"),
        ("stop", r"停|关|不想听|不听|别放|不要放|别唱|\bstop|turn (?:the |off )?(?:\w+ )?off|turn off|no more|don'?t want to (?:hear|listen)"),
        ("play", r"\bplay\b|播放|^放$"),
    ),
    ("media.library_edit", "op"): (
        ("unlike", r"取消收藏|不喜欢|讨厌|\bunlike|dislike|don'?t like|hate|(?:remove|delete|take).*(?:favou?rites|liked)|从.*收藏.*(?:删|移)"),
        ("remove", r"移除|删|移出|\bremove|\bdelete|take .* off"),
        ("add", r"(?:加|添)(?:到|进|入).*(?:歌单|列表)|加到|加入|\badd\b.*(?:playlist|list)|put .* (?:on|in)"),
        ("like", r"收藏|喜欢|favou?rite|\blike|\blove|save|library|stars?|星"),
    ),
    ("media.play", "kind"): (
        ("favourites", r"favou?rites?|liked songs|songs i like|收藏|最爱|我喜欢的"),
        ("radio", r"\bradio\b(?! (?:ga|head))|收音机|电台|广播|调频\d|\bfm ?\d|\bam ?\d"), ("podcast", r"podcast|播客"),
        ("audiobook", r"audio ?book|有声|听书|评书|小说"), ("playlist", r"playlist|歌单"), ("album", r"\balbum\b|专辑"),
        ("video", r"\b(?:movie|film|video|tv show|series|cartoon)\b|电影|视频|电视剧|动画片|综艺|看"),
        ("genre", r"\b(?:jazz|rock|pop|classical|blues|hip[ -]?hop|rap|country|metal|folk|electronic|techno|soul|reggae|r&b|lofi|disco)\b(?: music| songs)?$|(?:爵士|摇滚|古典|流行|民谣|轻音|电子|说唱|蓝调|嘻哈|乡村|儿童)(?:音?乐|歌曲?)?$|儿歌$|(?:爵士|摇滚|古典|流行|民谣|轻音|电子)(?:音?乐)?(?:听听|放放)$"),
        ("artist", r"\b(?:songs|music|something|anything|tracks|a song) (?:by|from|of) |的(?:歌曲?|音乐)$|的歌"),
        ("song", r"\b(?:the )?song [a-z]|歌曲[\u4e00-\u9fff]"), ("", r"."),
    ),
    ("media.set_volume", "stream"): (
        ("navigation", r"navigation|\bnav\b|guidance|导航|播报(?!音乐)"), ("call", r"\bcall|phone|通话|电话"),
        ("assistant", r"\bspeak|your voice|assistant|\btalk|你(?:的)?(?:说话|声音)|助手|语音助手|说话"),
        ("media", r"\b(?:music|media|radio) volume|媒体|音乐(?:声|音)"), ("", r"."),
    ),
    ("nav.get_route_info", "kind"): (
        ("traffic", r"traffic|jam|congest|accident|堵|路况|事故|拥堵"), ("distance", r"how far|distance|how many (?:miles|kilomet|km)|多远|多少公里|路程|几公里|距离"),
        ("time", r"how (?:long|much (?:time|longer))|when|arriv|eta\b|what time|多久|几点|什么时候|多长时间|几分钟|多少时间|到达时间"),
        ("destination", r"where (?:are|am|is)|destination|去哪|目的地|到哪|在哪|什么路"), ("summary", r"route|路线"),
    ),
    ("nav.edit_route", "op"): (
        ("prefer", r"avoid|fastest|shortest|quickest|toll|highway|motorway|alternative|不走|避开|躲避|最快|最短|高速|收费|拥堵|少收费|优先"),
        ("remove_stop", r"remove|skip|delete|cancel|删|去掉|不去|取消"), ("change_destination", r"change|instead|改|换"),
        ("add_stop", r"add|stop|via|swing by|drop by|insert|waypoint|途|加|顺|先去|经过|绕"),
    ),
    ("nav.edit_route", "pref"): (
        ("", r"(?:don'?t|do not|never|no need to|needn'?t) (?:\w+ ){0,2}avoid|(?:不要|别|不用|不必|无需)(?:再)?(?:避|绕|躲)"),
        ("avoid_highways", r"avoid(?:ing)? (?:the )?(?:highways?|motorways?)|no (?:highways|motorways)|(?:don'?t|do not|never|not|without) (?:\w+ ){0,4}(?:highways?|motorways?)|(?:不走|避开|别走|不上|绕开|躲开|(?:不要|别|不想|不用)(?:再)?[走上去])高速"), ("avoid_tolls", r"avoid(?:ing)? (?:the )?tolls?|no tolls?|(?:don'?t|do not|never|not|without) (?:\w+ ){0,4}tolls?|(?:不走|避开|别走|不要|绕开|不想走|别上)(?:走)?收费|少收费"),
        ("avoid_traffic", r"avoid(?:ing)? (?:the )?traffic|(?:躲避|避开)拥堵|不堵"),
    ),
    ("message.read", "direction"): (("out", r"\bi sent\b|\bsent (?:messages|texts|items)\b|\bi've sent\b|did i (?:send|text|write)|i wrote|发出|发过|(?<!给)我发"), ("", r".")),
    ("adas.set_feature", "feature"): (
        ("lane_departure", r"车道(?:保持|偏离|辅助)|lane (?:keep\w*|assist|depart\w*|warning|support)"),
    ),
    ("seat.set_heat_vent", "mode"): (
        ("vent", r"ventilat|cool|fan|通风|吹风|制冷"), ("heat", r"heat|warm|加热|制热|暖"),
    ),
    ("list.manage", "op"): (
        ("clear", r"\bclear\b|\bempty\b|清空|全部?删"), ("complete", r"\btick|check off|\bdone\b|cross off|完成|勾|买好|做完"),
        ("remove", r"\bremove|\bdelete|take .* off|删|去掉|移除"), ("add", r"\badd\b|\bput\b|加|添|记(?!录)|写[上到进]"), ("query", r"."),
    ),
    ("nav.set_destination", "prefs"): (
        ("avoid_highways", r"avoid(?:ing)? (?:the )?(?:highways?|motorways?)|no highways|(?:不走|避开)高速"), ("avoid_tolls", r"avoid(?:ing)? (?:the )?tolls?|no tolls|(?:不走|避开)收费"),
        ("avoid_traffic", r"avoid(?:ing)? traffic|(?:躲避|避开)拥堵|不堵"),
    ),
    ("service.book", "op"): (
        ("query", r"^(?:check|see|find out|confirm|verify|ask)\b|\bstill (?:booked|reserved|valid|on)\b|查一?下|确认一?下"),
        ("cancel", r"\b(?:cancel|undo|call off|delete|drop|rescind|get rid of)\b|取消|退[订掉票]|不[订要]了"),
        ("change", r"\b(?:change|move|reschedule|push|postpone)\b|改[到成签]|推迟|换成"), ("", r"."),
    ),
    ("vehicle.set_charging", "op"): (
        ("cancel_timer", r"(?:cancel|delete).*(?:timer|schedule)|取消(?:定时|预约)"),
        ("close_port", r"(?:close|shut).*(?:port|flap|door|lid)|[关合盖].*充电(?:口|盖)|充电(?:口|盖).*(?:关|合|盖上)"), ("open_port", r"(?:open|unlock|pop).*(?:port|flap|door|lid)|(?:打|弹|开).*充电(?:口|盖)|充电(?:口|盖).*开"),
        ("limit", r"limit|up to|to \d+ ?(?:%|percent)|until \d|percent|上限|限制|充到|充电到|百分之|%"),
        ("ready_by", r"\bby \d|\bby \w+ (?:tomorrow|am|pm|o)|ready|done by|charged by|之?前充|充满"),
        ("start_at", r"(?:start|begin|charge|charging).*\b(?:at|from|after)\b|点.*(?:开始)?充|预约|定时"),
        ("stop", r"stop|end|pause|cancel|停|结束|别充|取消|不充"), ("start", r"start|begin|charge|开始|充"),
    ),
    ("alarm.manage", "op"): (
        ("query", r"how (?:much|long|many)|what|which|do i have|show|list|\bis there\b|还(?:剩|有).*(?:多|几)|哪些|什么时候|有.{0,4}(?:闹钟|提醒|计时).{0,2}吗|查看|看看|查询|几个"),
        ("snooze", r"snooze|再睡|稍后|等会再|过.{1,6}再(?:叫|响)"), ("pause", r"\bpause|暂停"), ("resume", r"\bresume|continue|继续"),
        ("change", r"^(?!.*\b(?:remind|wake) me)(?=.*\b(?:change|move|reschedule|push|shift|switch)\b).*\b(?:alarms?|timers?|reminders?)\b.*\bto\b|(?:闹钟|闹铃|提醒|计时器?|倒计时)(?:时间|也)?(?:给我|帮我)?(?:改[到成为]|挪到|推迟到|延[后迟]到|提前到)"),
        ("cancel", r"cancel|delete|remove|clear|get rid|取消|删|关掉|关闭|^关(?!机)|turn off (?:the |my |all )+(?:alarms?|timers?)|turn off .*alarm|不用(?:叫|提醒)"),
        ("set", r"^(?:please )?remind (?:me|us)\b"), ("stop", r"^(?!.*(?:提醒|\bremind)).*(?:\bstop|silence|dismiss|\bshut\b.*\bup\b|turn (?:it )?off|停|别响)"), ("set", r"."),
    ),
    ("alarm.manage", "kind"): (
        ("reminder", r"\bremind|reminder|提醒"), ("timer", r"timer|countdown|count down|计时|倒计时|定时"), ("alarm", r"alarm|wake|闹|叫我|叫醒|起床"),
    ),
    ("seat.move", "axis"): (
        ("lumbar", r"lumbar|腰"), ("backrest", r"backrest|recline|upright|lean|\blay|lie|flat|seat ?back(?= (?:down|up|upright|flat))|靠背|椅背|放倒|放平|躺|后仰|调直|立起"),
        ("height", r"height|raise|lower|higher|\bup\b|\bdown\b|高|低|升|降|往上|往下"), ("position", r"back|forward|slide|往前|往后|向前|向后|靠前|靠后|前移|后移|最后|最前|移|挪"),
    ),
    ("mirror.set", "direction"): (
        ("up", r"\bup\b|\bhigher|upward|往上|向上|上[调转移抬]|调高"), ("down", r"\bdown\b|\blower|downward|往下|向下|下[调转移]|调低"),
        ("left", r"to the left|leftward|往左|向左"), ("right", r"to the right|rightward|往右|向右"), ("", r"."),
    ),
    ("mirror.set", "side"): (
        ("left", r"^(?!.*(?:右|right)).*(?:左(?!转|移)|\bleft)|^[^右]*左(?:边|侧)?(?:的)?(?:后视|倒后|反光|外后)|(?<!right and )(?<!right and the )\bleft (?:\w+ )?mirror"),
        ("right", r"^(?!.*(?:左|left)).*(?:右(?!转|移)|\bright)|^[^左]*右(?:边|侧)?(?:的)?(?:后视|倒后|反光|外后)|(?<!left and )(?<!left and the )\bright (?:\w+ )?mirror"),
        ("both", r"."),
    ),
    ("light.exterior.set", "kind"): (
        ("fog_front", r"前雾灯|front fog"), ("fog_rear", r"后雾灯|rear fog"),
        ("all", r"(?:所有|全部|车)外.{0,3}灯|外部.{0,3}灯|外灯|(?:exterior|outside|external|outer) (?:\w+ )?lights?"),
        ("auto", r"(?:^|打开|关闭|开|关|启|用|掉|的)自动(?:大灯|灯光|头灯)|auto(?:matic)? (?:head)?lights"),
    ),
    ("light.interior.set", "kind"): (
        ("reading", r"阅读灯|看书灯|射灯|reading|map light"), ("ambient", r"氛围灯|气氛灯|情调灯|ambient|mood"), ("dome", r"顶灯|dome|ceiling|overhead"), ("all", r"."),
    ),
    ("wiper.set", "mode"): (
        ("", r"快一?点|慢一?点|再快|再慢|\bfaster|\bslower|slow (?:\w+ )*down|speed (?:\w+ )*up|up a|down a"), ("auto", r"auto|自动"),
        ("off", r"关|停|\boff\b|\bstop"), ("interval", r"间歇|interval|intermittent"), ("medium", r"中[速档挡]|medium|normal"),
        ("fast", r"最?快|高速|最大|\bfast|\bhigh|max|full"), ("slow", r"慢|低速|最小|\bslow|\blow"), ("on", r"\bon\b|\bstart|开|启|刮|wipe(?!r)|clean|擦|洗"),
    ),
    ("wiper.set", "which"): (("rear", r"\brear|\bback|后"),),
    ("call.control", "action"): (
        ("reject", r"reject|decline|refuse|ignore|don'?t (?:answer|pick)|拒|不接|别接|忽略"), ("hang_up", r"hang|\bend|disconnect|terminate|put .* down|挂|结束"), ("answer", r"answer|pick|accept|take|接"),
    ),
    ("device.set_setting", "key"): (
        ("brightness", r"(?:\b(?:screen|display)\b|屏幕?).*(?:bright|\bdim|\bdark(?!\w* mode)|亮|暗)|(?:bright|\bdim|亮|暗).*(?:\b(?:screen|display)\b|屏)"),
        ("ring_volume", r"\bsilent\b|\bring(?:er|tone)\b|(?:phone|手机).*(?:mute|静音)|铃声"),
    ),
    ("dialog.control", "action"): (
        ("undo", r"undo|revert|back (?:to|the way)|take .* back|put .* back|change .* back|撤|恢复|还原|改回|调回|变回"), ("repeat", r"repeat|again|what did you|再说|重复|说什么"),
        ("cancel", r"cancel|never ?mind|forget|算了|取消|不用了|不要了"), ("stop", r"stop|quiet|shut|停|闭嘴|别说|安静"),
    ),
    ("device.capture", "kind"): (("screenshot", r"screen ?shot|(?:capture|snap|shot of) (?:the |my )?screen|截|屏幕截"), ("record", r"record|video|录|memo"), ("photo", r".")),
    ("climate.set_defrost", "target"): (
        ("all", r"\ball\b|\bboth\b|every|前后|所有|全部|都"), ("rear", r"\brear|\bback\b|后[挡窗玻除面]|后风挡"), ("front", r"front|windshield|windscreen|前|挡风"), ("", r"."),
    ),
    ("trunk.set", "which"): (("front", r"frunk|front|hood|bonnet|前备|前行李|引擎盖|前舱"), ("rear", r".")),
    ("scene.run", "name"): (),
}  # fmt: skip
_HINTS = {
    key: tuple((value, regex(pattern)) for value, pattern in rows) for key, rows in _ROWS.items()
}

_TOPICS: tuple[tuple[str, str], ...] = (
    ("charging", r"fully charged|charging|charge time|done charging|充满|充电|充好"), ("belts", r"belt|安全带"), ("washer", r"washer|wiper fluid|玻璃水|雨刮水"),
    ("tyres", r"tyre|tire|胎"), ("consumption", r"\bmpg\b|miles per gallon|miles (?:do|can|does|will) \w+(?: \w+)? get (?:per|to|for|on|out of)|gas mileage|fuel (?:economy|efficien\w+|consumption)|\bconsumption\b|[油电能]耗"), ("service", r"service|maintenance|(?<!olive )\boil\b(?! price)|\b(?:tune[ -]?up|inspect(?:ed|ion))\b|(?:\bcar|vehicle|\bit)\b.*\b(?:worked on|checked(?: out| on)?|looked at|in the shop|at the mechanic\w*|fixed)\b|(?:took|take|taken|brought|had) (?:my|the) (?:car|vehicle) (?:in|to the (?:shop|mechanic|dealer\w*|garage))|保养|维护|换机油|年检"), ("odometer", r"odometer|mileage|has (?:this|the) car (?:done|driven)|总里程|跑了多少|开了多少公里"),
    ("outside_temperature", r"outside|outdoor|外面|室外|车外.{0,2}温"), ("speed", r"how fast|\bspeed\b|车速|多快|时速"),
    ("range", r"\brange\b|how far can|how many (?:miles|kilomet\w+|km)|fuel|\bgas\b|续航|还能(?:跑|开)|能跑|油|多少公里"), ("battery", r"battery|how much (?:charge|power)|state of charge|电量|多少电|剩余电|剩多少电|电池"),
    ("locks", r"\block|锁"), ("inside_lights", r"reading|ambient|inside light|cabin light|interior light|阅读灯|氛围灯|车内灯|顶灯"),
    ("lights", r"light|beam|hazard|\blamp|灯|双闪"), ("windows", r"window(?!s? lock)|(?<!天)窗(?!帘)"), ("sunroof", r"sunroof|roof|shade|天窗|遮阳|天幕"), ("trunk", r"trunk|boot|tailgate|frunk|后备|尾门|行李箱"),
    ("doors", r"\bdoor|车门|门"),
)  # fmt: skip
_TOPIC_PATTERNS = tuple((name, regex(pattern)) for name, pattern in _TOPICS)


def hint(capability: str, argument: str, plain: str) -> str | None:
    """The value that a hint gives: empty for "no choice", `None` where no hint speaks."""
    for value, pattern in _HINTS.get((capability, argument), ()):
        if pattern.search(plain):
            return value
    return None


def topics_in(plain: str) -> list[str]:
    """What a question about the car's state is about, at most two; locks hide their doors."""
    places = {name: m.start() for name, p in _TOPIC_PATTERNS if (m := p.search(plain))}
    found = sorted(places, key=lambda name: places[name])
    if "consumption" in found:
        found = [name for name in found if name not in ("range", "odometer", "battery")]
    if "odometer" in found and "range" in found:
        found.remove("range")
    if "locks" in found:
        found = [name for name in found if name not in ("doors", "trunk") or name == "trunk"]
    if "charging" in found and "battery" in found:
        found.remove("battery")
    if "inside_lights" in found:
        found = [name for name in found if name != "lights"]
    return found[:2]
