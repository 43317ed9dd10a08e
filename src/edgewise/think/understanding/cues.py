"""Words that settle the function whatever the statistics say: a named lamp, a named pane.

A reading light is no headlight (a car once took one for the other at motorway speed). Where such a
word stands in the clause, functions that cannot be meant are struck from the guesses.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Sequence

from edgewise.core.regex import regex
from edgewise.think.understanding.command_model import NONE, UNEXPOSED, Guess
from edgewise.think.understanding.numbers import Number, find_numbers
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.screen_heads import TOUCH
from edgewise.think.understanding.things import find_things

_EXTERIOR = r"\bhead ?lights?|\bheadlamps?|high ?beams?|low ?beams?|fog (?:lights?|lamps?)|hazards?|parking lights?|position lights?|tail ?lights?|daytime (?:running )?lights?|exterior lights?|outside lights?|outer lights?|external lights?|lights? (?:on the )?outside|sidelights?|side lights?|brights\b|full beam|大灯|远光|近光|雾灯|双闪|示[廓宽]灯|位置灯|日行灯|日间行车灯|尾灯|车外.{0,3}灯|外部.{0,3}灯|外面.{0,3}灯|车头灯|头灯|小灯|前照灯|外灯|危险.{0,2}灯|警示灯|转向灯|全(?:气候|天候)灯"
_INTERIOR = r"reading (?:lights?|lamps?)|ambient|mood light|interior|cabin light|dome|ceiling light|inside lights?|footwell|阅读灯|氛围灯|气氛灯|车内.{0,2}灯|顶灯|室内.{0,2}灯|内饰灯|车厢灯|车里.{0,2}灯"
_ALL_LIGHTS = r"(?<!traffic )(?<!green )(?<!red )(?<!flash)\b(?:lights?|lamps?)\b(?! (?:music|mode|rain|traffic|jazz|rail))|(?<![红绿黄车路台电])灯(?!塔|会|笼|泡|市|具|谜)|车灯"
_CAR_LIGHTS = r"车灯|(?:car|driving|main|outer|vehicle) lights?"
_HOME = r"at home|\b(?:coffee|espresso|vacuum|roomba|hoover|robot|wemo|smart (?:plug|socket|bulb)|sockets?|outlet|plug|sprinklers?|thermostat|washing machine|dishwasher|dryer|oven|toaster|garage|sofa|doorbell)\b|扫地机|咖啡机?|插座|洗衣机|电饭煲|热水器|洗碗机|烤箱|at the house|\bhome'?s?\b(?! (?:screen|button))|living room|bedroom|kitchen|garage|bathroom|front door|porch|家里|客厅|卧室|厨房|书房|车库|家门|阳台"

# pattern, functions that remain possible if it stands in the clause (by prefix)
_ONLY: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (_INTERIOR, ("light.interior", "vehicle", "climate", "scene", NONE), _EXTERIOR),
    (_EXTERIOR, ("light.exterior", "vehicle", NONE, "alarm"), _INTERIOR),
)  # fmt: skip
_LIKES = regex(
    r"^i (?:really |do )?(?:like|love|enjoy|hate|dislike|adore) (?!this|that|it\b|the |these|them\b|what)"
)
"""Said of something that is not playing: to be remembered, or only told."""
_OF_SOUND = regex(
    r"song|music|track|album|artist|band|jazz|rock|pop|rap|blues|country|metal|classical|tune"
)
_DELETES_ROWS = regex(
    r"^(?:please )?(?:delete|remove|erase)\b.*\b(?:contacts?|messages?|texts?|e-?mails?|photos?|pictures?)\b|(?:删除|删掉|清空)[^,]{0,6}(?:短信|消息|微信|邮件|联系人|照片|通话记录)"
)
_NOT_DELETED = frozenset(
    {"calendar.delete", "contact.upsert", "contact.find", "email.search", "message.read",
     "memory.forget"}
)  # fmt: skip
"""What such an order is mistaken for: there is no function that deletes those rows."""
_TRANSLATES = regex(r"翻译|\btranslat|用.{1,3}[语文](?:怎么)?说")
"""What stands beside such a word is to be said in another language, and done in none."""
_COMPILED = tuple((regex(a), only, regex(b)) for a, only, b in _ONLY)
_ALL = regex(_ALL_LIGHTS)
_OF_CAR = regex(_CAR_LIGHTS)
_ELSEWHERE = regex(
    r"\bflash ?light|\btorch|手电|\b(?:play|song|album|navigate|drive to)\b|播放|导航|[听放].*[歌曲]|\bdark mode\b|深色"
)
_AT_HOME = regex(_HOME)
_OUTSIDE = regex(_EXTERIOR)

# pattern -> function, where the words leave no doubt but are rare in training
_FORCED: tuple[tuple[str, str], ...] = (
    (r"^(?:开|关)(?:点|个|一下|下)?窗(?!帘)|把(?:车?窗户?|窗子)(?:都|全)?(?:打开|关上|关了|关掉|开开|摇)", "window.set"),
    (r"^(?:open|close|shut|raise|lower) the (?:sun ?)?(?:blinds?|shades?)$", "roof.set"),
    (r"^launch (?:the |my )?(?!control\b)[a-z ]+$|^open (?:the |my )?(?:maps?|calendar|camera|mail|photos|settings|clock|calculator|browser|notes|gallery|contacts)(?: app)?$", "app.open"),
    (r"^(?:move|push|shift|reschedule) (?!.*\b(?:seat|mirror|window|volume|temperature|fan|light|head ?rest)\b)(?:the |my )?[a-z' ]+ to (?:\d|noon|midnight|tomorrow|next |(?:mon|tues|wednes|thurs|fri|satur|sun)day|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)", "calendar.upsert"),
    (r"^make (?:the (?:front|back|rear|car|cabin)|my side|(?:the )?(?:driver|passenger)(?:'s)?(?: side)?|us|me|the kids)(?: a (?:bit|little|touch))?(?: much)? (?:warmer|cooler|colder|hotter)$", "climate.set_temperature"),
    (r"^turn (?:the )?(?:heat|heating|heater) (?:up|down)$|^turn (?:up|down) the (?:heat|heating|heater)$", "climate.set_temperature"),
    (r"^(?:把|将)?(?:空调|冷气|暖气|暖风|车内)?(?:温度)?(?:开|调|打|设)?(?:到|成|为)?最[低高](?:温度?|度)$", "climate.set_temperature"),
    (r"(?:空调|冷气|暖气)(?:给我|再)?(?:往[上下]调|升(?:高|一?点)|降(?:低|一?点)|[高低](?:一?[点些]|[一二两三四五六七八九十半\d]+度))", "climate.set_temperature"),
    (r"^(?:please )?set (?:the |my )?(?:ac|a/c|air con(?:ditioning|ditioner)?|climate(?: control)?|heat(?:ing|er)?) (?:to|at) (?:1[5-9]|2\d|3[0-2]|(?:six|seven|eight|nine)teen|twenty|thirty)\b", "climate.set_temperature"),
    (r"^(?:please )?call (?!.*\b(?:meeting|calendar|event|alarm)\b|off\b|it\b|(?:me )?(?:an? )?(?:taxi|cab|uber|car|ride)\b)[a-z' -]{1,30}\b(?:at|around) (?:noon|midnight|\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|eleven\b|twelve\b)", "call.dial"),
    (r"^(?:please )?let (?!me\b|us\b|it\b|the (?:window|air|roof))[a-z' ]{2,30} know\b", "message.send"),
    (r"^(?:delete|remove|cancel|clear|erase|drop|take) (?!.*\b(?:list|alarm|timer)\b)[^,]+ (?:from|off|in|on) (?:my |the |our )?(?:calendar|schedule|agenda)\b|^(?:把|将)?[^,]{2,20}从(?:我的)?(?:日历|日程)(?:里|中|上)?(?:删|去|移)", "calendar.delete"),
    (r"^(?:push|move|shift|delay|postpone|bring) (?!.*\b(?:seat|mirror|window|volume|temperature|fan|light|head ?rest|alarm|timer)\b)(?:the |my |our )?(?!.*\b(?:trunk|boot|sun ?shades?|shade|screen|car|sun ?roof|roof|blinds?|doors?|song)\b)[a-z' ]+ (?:(?:back|forward|up|out)(?: by)?|by|(?:later|earlier)(?: by)?) (?:an?|half|\d+|[a-z]+) ?(?:an )?(?:hours?|minutes?|days?|weeks?)$", "calendar.upsert"),
    (r"^(?:call|calling) off (?:the |my |our )?(?!alarm|timer|search|navigation|route|sick)[a-z]", "calendar.delete"),
    (r"^(?:find|get|i (?:need|want)|we (?:need|want)|need|where can i (?:find|get)) (?:me )?(?:some |the nearest |a |the closest )?(?:gas|fuel|petrol|diesel|charging|charger)(?: station| stop)?(?: (?:near|around|close|on) .*)?$|^我们?(?:要|想|得)(?:去)?(?:加油|充电)(?:站)?$", "nav.search_place"),
    (r"^(?:播放|放|来一?首|听)(?!.*(?:暂停|停止)).*停|^(?:播放|点播|放一?首|来一?首|听) {2,}|^(?:play|put on|listen to|watch) (?:the )? {2,}", "media.play"),
    (r"(?:首都|省会)(?:是|在)?(?:哪|什么)", "info.search"),
    (r"^不去[^,]{1,8}了,?(?:改?去|我要去)(?=.)", "nav.set_destination"),
    (r"\bdo not disturb\b|勿扰模式", "device.set_setting"),
    (r"^(?:请|帮我)*给.{1,12}?发(?:个|条|一条)?(?:短信|消息|微信|信息)(?:说|讲|告诉)?(?=.{2})", "message.send"),
    (r"^(?:请|帮我|给我)*(?:打开|播放?|放|看)?(?:纪录片|电影|电视剧|小品|相声|动画片|综艺|评书)(?![院票节里中的很真太是好什都有比]|怎么|模式|.*[灯窗门调座])(?=.{2})|^打开(?!.*[灯窗门调座]).*(?:春晚|晚会|电视剧|综艺|动画片)$|^音乐(?:播放|打?开|开起来|放起来)(?:吧|了)?$", "media.play"),
    (r"(?:打开|开启|关闭|关掉|显示|隐藏)[^,]{0,4}路况$", "nav.set_view"),
    (r"空调(?:吹|开|调)?(?:到|成)?[高中低]风|^调[大小][^,]*空调的?风(?:儿|量|速)?$", "climate.set_fan"),
    (r"吹(?:前)?(?:挡风)?玻璃$", "climate.set_airflow"),
    (r"^我?(?:要|想)?从[^,]{2,12}(?:到|去)(?!.*(?:多[远久长]|怎么|几|吗))[^,]{2,}经过", "nav.set_destination"),
    (r"^(?:请|帮我)*(?:把|将)?导航的?(?:说话)?(?:声音?|音量)[^,]{0,4}调", "media.set_volume"),
    (r"^导航的?(?:音量|声音|播报|语音)?(?:给我)?(?:调|设|开)(?:到|成|为|[高低大小])", "media.set_volume"),
    (r"^(?:我|请|帮我|给我)*播(?!报|种|音|放)(?=.{2})", "media.play"),
    (r"^导航$", "nav.set_destination"),
    (r"^快速(?:制冷|制热|降温|升温)$", "climate.set_power"),
    (r"(?:[前后]?挡?风?挡风?|挡风玻璃|[前后]窗|玻璃)(?:风|玻璃)?的?加热", "climate.set_defrost"),
    (r"^(?:pause|unpause|resume|continue|stop) (?:the |my )?(?:music|song|playback|radio|podcast|audiobook|track|album)(?: for (?:now|a (?:moment|minute|second|bit)))?$", "media.control"),
    (r"^(?:pause|unpause|resume|next|previous)(?: please)?$|^(?:暂停|继续|下一首|上一首)$", "media.control"),
    (r"^(?:请|帮我|给我)*(?:随机|循环|顺序)?(?:播放|放|听)(?:一下)?(?:我(?:的)?)?(?:收藏|喜欢)(?:夹|列表|歌单)?(?:里|中)?的?(?:歌曲?|音乐|节目)?|^(?:请|帮我|给我)*(?:随机|循环|顺序)播放(?=.)(?!模式|打开|关)|^(?!.*(?:念|读|播报|短信|消息|邮件|微信|新闻|日程|天气|提醒)).*(?:让|给)我听(?:听|一?下|一?遍)?吧?$|^(?:shuffle|play) (?:all )?my (?:favou?rites?|liked songs|likes)\b", "media.play"),
    (r"\bskip (?:it|this(?: one| song| track)?)$", "media.control"),
    (r"\b(?:torch|flash ?light)\b|手电", "device.set_setting"),
    (r"车道(?:保持|偏离|居中)|lane (?:keep\w*|assist|depart\w*|warning)", "adas.set_feature"),
    (r"氛围灯|气氛灯|ambient light|mood light", "light.interior.set"),
    (r"\b(?:turn|switch|shut) (?:off (?:the |this |that |my )?(?:music|song|radio|podcast|tunes|audiobook)|(?:the |this |that |my )?(?:music|song|radio|podcast|tunes|audiobook) off)$|把.{0,6}(?:音乐|歌|收音机|广播)(?:给?关[了掉上闭]|停[了掉])吧?$", "media.control"),
    (r"^(?:turn|switch|put) (?:on|off|up|down) the fan (?:on|for|at) (?:my|the|his|her|your|their) [a-z' ]+$", "climate.set_fan"),
    (r"^(?:turn (?:on|off|up|down)|crank(?: up)?|switch (?:on|off)|start|stop|raise|lower|increase|decrease) (?:the )?(?:ac |air )?(?:fan|blower)(?: speed)?(?: (?:up|down))?$|^(?:turn|switch|put) (?:the )?(?:ac |air )?(?:fan|blower) (?:on|off|up|down)$", "climate.set_fan"),
    (r"^把?(?:空调|车内)?(?:风扇|鼓风机|风机)(?:给我)?(?:打开|开开?|关掉?|关闭|关上|调[高低大小])|^(?:打开|开启?|关掉?|关闭|关上|调[高低大小])(?:一下)?(?:空调|车内)?的?(?:风扇|鼓风机|风机)$", "climate.set_fan"),
    (r"\b(?:phone|ringer)\b.*\b(?:silent|mute)|\b(?:silence|mute)\b.*\b(?:phone|ringer)\b|手机.{0,4}静音|静音.{0,2}手机", "device.set_setting"),
    (r"(?:\b(?:screen|display)\b|屏幕).*(?:bright|\bdim|太?暗|太?亮)|(?:bright\w*|\bdim|调[亮暗]).*(?:\b(?:screen|display)\b|屏)", "device.set_setting"),
    (r"^(?:(?:it|the (?:back|rear|front|car|cabin|passenger(?: side)?|driver(?: side)?|kids?(?: in the back)?))(?:'s| is| are| feels?| gets?| is getting)) (?:still |too |so |very |really |quite |a (?:bit|little) )*(?:hot|cold|warm|chilly|freezing)(?: in (?:here|the back|the front))?$", "climate.set_temperature"),
    (r"^(?:make it )?(?:a (?:bit|little|touch) )?(?:warmer|cooler|hotter|colder)(?: please| in here)?$", "climate.set_temperature"),
    (r"购物(?:清单|单|列表)|shopping list|grocery list|to-?do list|待办(?:清单|事项|列表)", "list.manage"),
    (r"(?:软件|应用程序|应用|\bapps?)$", "app.open"),
    (r"^how (?:warm|cold|hot) is it outside(?: right now| now)?[?]?$", "vehicle.get_status"),
    (r"^(?:switch|set|turn|put) (?:the |my )?(?:head)?lights (?:to|on|into) auto(?:matic)?$|^(?:把|将)?(?:车灯|大灯|灯光)(?:调|切|设|打|开|换)?(?:到|成|为)自动(?:挡|档|模式)?$", "light.exterior.set"),
    (r"\b(?:where|find|ring|lost|locate)\b.* my (?:phone|cell|watch|earbuds|headphones)\b|(?:手机|手表|耳机).{0,3}(?:放?在?哪|找不到|丢了|不见了)|找.{0,3}(?:手机|手表|耳机)", "device.find"),
    (r"^what(?:'s| is) (?:the|my|our) (?:current |driving )?speed(?: of the car)?[?]?$", "vehicle.get_status"),
    (r"^how fast (?:am i|are we|are you|is (?:it|the car|this car)|do we) ?(?:going|driving|moving|travell?ing|go|drive)?(?: (?:right now|now|at the moment))?[?]?$", "vehicle.get_status"),
    (r"^(?:tilt|vent) the (?:sun|moon)?roof", "roof.set"),
    (r"^(?:(?:请|帮我)?(?:打开|关闭|关掉|关上|开|关|把)?)(?:后备箱|尾门|行李箱|后备厢|前备箱)(?:打开|关上|关闭|关了|开)?$", "trunk.set"),
)  # fmt: skip
_DRIVING = regex(
    r"^(?:please )?(?:un)?(?:buckle|fasten|clip)\b.*\bbelts?\b|^(?:请|帮我|给我|把)*(?:(?:解开|松开|系上|系好)[^,吗]{0,8}安全带|[^,吗]{0,8}安全带(?:解开|松开|系上|系好))(?:吧)?$|"
    r"\bbrakes?\b|\bbraking\b|hand ?brake|\bhonk|\bhorn\b|\bengine\b(?! (?:light|oil))|\bignition\b|\bgear(?:s|box)?\b|\b(?:into|in) (?:reverse|neutral|park|drive)\b|"
    r"\bsteer(?!ing wheel)|\baccelerat|gas pedal|\bovertake|air ?bags?\b|\babs\b|step on (?:it|the gas)|^(?:please )?(?:speed up|slow down)(?: (?:to|by) \w+.*|,? please)?$|\bpull over\b|"
    r"刹车|制动|手刹|驻车(?!舒|空调|休息|模式|加热|小憩)|油门|喇叭|鸣笛|发动机|引擎(?!盖)|熄火|点火|打火|挂.{0,2}[挡档]|[DNPR][挡档]|倒[挡档]|空挡|打方向|方向盘往|超车|靠边停|^(?:车速)?(?:加速|提速|减速|开)到一百[一二三四五六七八九]十?|^(?:加速|减速|提速)(?:到.*)?$|变道(?!辅助)|安全气囊|高压电",
    re.IGNORECASE,
)
_DRIVING_NOT = regex(
    r"emergency braking|collision|regenerat|rear ?cross|\bplay\b|\bsong|\bremind|\btext\b|\bmessage|播放|[放听].*歌|提醒|告诉|发消息|紧急制动|主动刹车|自动刹车|自动紧急|能量回收|变道辅助|导航|search|find|搜|找"
)
_SAID_TO = (
    (
        regex(
            r"^(?:remember|note)(?: down)? (?:that|this|it)[. ]*$|^记(?:住|下)?(?:这个|这件事|它|这点|这事)$"
        ),
        "memory.save",
    ),
    (regex(r"^(?:reply|respond) ?:"), "message.send"),
    (TOUCH, "gui.act"),
    (regex(r"^(?:put on|play) (?:turn|open|close|lock|unlock|shut|switch)\b"), "media.play"),
    (
        regex(
            r"^play (?:me )?(?:the |a |an |some )?(?:song|album|track|playlist|movie|podcast|record) (?!again|on\b|from the|next)[a-z]"
        ),
        "media.play",
    ),
    (regex(r"^tell (?!me\b|us\b)(?:\w+ ){1,3}?(?:that|to|i|i'm|we) "), "message.send"),
    (
        regex(
            r"^(?:ring|phone|dial) (?!.*\b(?:phone|watch|earbuds|alarm)\b|(?:(?:it|the|that) .*)?\b(?:back|down|up)\b)[a-z]"
        ),
        "call.dial",
    ),
    (
        regex(r"^undo (?:(?:that|this|it|what)\b|(?:the|my|your)\b(?!.*\b(?:locks?|belts?)\b))"),
        "dialog.control",
    ),
    (regex(r"^(?:text|sms|wechat) (?!to speech|size|messages?\b)\w+ \S"), "message.send"),
    (
        regex(
            r"^(?:write|message) (?:to )?(?!back\b|down\b|from\b|notifications?\b|sounds?\b|tones?\b|read\w*\b|history\b|board\b|me\b|app\b|settings?\b|(?:the |my |a |an |it\b|this\b|that\b)(?!wife|husband|mom|mum|dad|son|daughter|brother|sister|boss|friend))(?:my )?[a-z]+(?::| [^ ])"
        ),
        "message.send",
    ),
    (
        regex(
            r"^(?:请|帮我)?(?:给[^,]{1,8})?发(?:个|条|一条)?(?:短信|消息|微信)(?:给[^,]{1,8})?[ :,]"
        ),
        "message.send",
    ),
    (regex(r"^(?:note|memo) ?(?::|to self\b)"), "memory.save"),
    (
        regex(r"^(?:look up|search for|google|find out) (?:why|how|what|who|when|where)\b"),
        "info.search",
    ),
    (
        regex(
            r"^(?:make|create|add|put|schedule) [a-z ]*\b(?:calendar|event|entry|appointment|meeting)\b.* (?:called|named|titled) "
        ),
        "calendar.upsert",
    ),
    (regex(r"\b(?:navigation|nav|gps|map|sat ?nav) (?:lady|voice|woman|guy)\b"), "nav.set_view"),
    (
        regex(r"^(?:跟|和|告诉|转告)(?!我)[^,]{1,5}(?:说(?!话)|一声)|^(?:告诉|转告)(?!我)[^,]{4,}"),
        "message.send",
    ),
)
_WISHED = (
    (
        regex(
            r"^我们?(?:想要?|要)去(?=.{2,})|^(?:i (?:want|need|have|would like|'?d like) to (?:go|get)|"
            r"let'?s (?:go|drive|head)|(?:drive|go|head|navigate)|(?:take|drive|bring) (?:me|us)) to "
        ),
        "nav.set_destination",
    ),
    (
        regex(
            r"^(?:播放|点播|放一?首|来一?首)(?=.)|^i(?:'d| would)? (?:want|like) to (?:hear|listen to) (?=[a-z])|^hear (?=[a-z])|^play (?=[a-z])(?!with|along|games?\b|chess|cards|dead|dumb)"
        ),
        "media.play",
    ),
    (regex(r"^我?(?:想要?|要)?听(?!不|说|见|得|我|你|他)"), "media.play"),
    (
        regex(
            r"^看(?=.*(?:片|剧|电影|电视|综艺|动[漫画]|视频|晚会|春晚|节目|直播|球赛|比赛|集$|番))|^我?(?:想要?|要)看(?!看|一下|下|见|到|清|完|来|起|路|地图|天气|胎|电(?!影|视)|[前后左右]|车|屏|时间|日[程历]|消息|短信|邮件|微信|新闻|油|还|病|医|牙)"
        ),
        "media.play",
    ),
    (regex(r"^我?(?:想要?|要)吃"), "nav.search_place"),
    (regex(r"^where(?:'s| is| are|s)? .*\b(?:nearest|closest)\b"), "nav.search_place"),
)
_OF_CAR_FAMILIES = ("window.", "roof.", "door.", "trunk.", "light.", "mirror.", "wiper.")
"""What a title that holds a deed is mistaken for: "play Lock It Up"."""
_NEAR = {
    "nav.set_destination": ("nav.get_route_info", "nav.search_place"),
    "nav.search_place": ("nav.set_destination",),
    "media.play": ("info.search", "file.search"),
}
"""What a wished function is mistaken for."""
_WHERE = regex(r"在哪|位置|where (?:i am|we are)|location")
_FORCED_COMPILED = tuple((regex(pattern), name) for pattern, name in _FORCED)


def correct(plain: str, guesses: Sequence[Guess]) -> list[Guess]:
    """The guesses without those that the words exclude; their share goes to the rest."""
    found = _named_app(plain, _settled(plain, guesses) or _limited(plain, guesses))
    return _run_at(plain, found) if found[0].name == "climate.set_power" else found


def _run_at(plain: str, guesses: list[Guess]) -> list[Guess]:
    """A climate that is to run at a temperature is set to it: 空调开到二十三度, "AC to 20"."""
    if not _holds_temperature(plain):
        return guesses
    sure = max(_RUN_AT, guesses[0].confidence)
    others = [g for g in guesses if g.name != "climate.set_temperature"]
    return [Guess("climate.set_temperature", sure), *others]


def _holds_temperature(plain: str) -> bool:
    """Whether degrees for the climate stand behind its name. A clock time, a length, a condition
    and the weather outside are none."""
    named = _CLIMATE.search(plain)
    if named is None or _NO_RUN_AT.search(plain) or read_polarity(plain).on is False:
        return False
    return any(
        number.unit == "degree" or _is_room(plain, number)
        for number in find_numbers(plain)
        if number.start >= named.end()
    )


def _is_room(plain: str, number: Number) -> bool:
    """Whether a number without a unit is what a climate is set to."""
    told = _SET_AT.search(plain[: number.start]) and not _CLOCK.match(plain[number.end :])
    return bool(told) and not number.unit and number.value in _ROOM_C


_RUN_AT = 0.8
_ROOM_C = range(16, 33)
"""The degrees that a climate offers."""
_CLIMATE = regex(
    r"(?<![a-z])a/?c(?![a-z])|\bair[ -]?con(?:dition(?:ing|er))?\b|\bclimate(?: control)?\b|空调|冷气|暖气|暖风"
)
_SET_AT = regex(r"\b(?:to|at|on) $")
_CLOCK = regex(r" ?(?::|[ap]\.?m\b|o'? ?clock|hundred\b|past\b|to\b)")
_NO_RUN_AT = regex(
    r"\b(?:if|when|once|until|till|unless|whenever|outside|above|below|over|under|fan|blower)\b"
    r"|如果|要是|假如|等|直到|超过|高于|低于|以上|以下|外面|室外|车外|风[量速扇]|的时候"
)


_APP = regex(
    r"^(?:open|launch|start|run)(?: up)? (?!it\b|this|that|them|those|these|mine|yours?\b|everything|all\b|up\b|the\b|my\b|a\b|an\b|here|there|now|again|wide|please|to\b|talking|over|[a-z]+ing\b)[a-z0-9][a-z0-9.+-]*(?: (?!up\b|now|please|again|the\b|a\b)[a-z0-9]+)?[.!]?$"
)
"""An article-less name to open that is no thing of the car: "open Bilibili"."""


def _named_app(plain: str, guesses: list[Guess]) -> list[Guess]:
    best = guesses[0]
    if (
        best.name == UNEXPOSED
        or best.confidence >= FLOOR_OF_NAMES
        or not _APP.match(plain)
        or find_things(plain)
    ):
        return guesses
    if not any(guess.name == "app.open" for guess in guesses):
        return guesses
    return [Guess("app.open", 0.8), *(g for g in guesses if g.name != "app.open")]


FLOOR_OF_NAMES = 0.6
"""Above this the words are more than a name that nobody knows."""
_NOT_HERE = regex(
    r"\bfuel (?:door|cap|flap|lid|filler)|\bgas cap\b|油箱[盖门口]|加油口|\bhud\b|head-?up display|dash ?cams?\b|speed limits?\b|抬头显示|平视显示|行车记录仪|限速",
    re.IGNORECASE,
)
"""Things of a car that no function of the catalogue works."""
_FIGURE = regex(r"打开(?:思路|眼界|心扉|话匣子|局面|天窗说亮话)")
_OF_SELF = regex(r"^(?:你|您).{0,4}(?:心情|感觉|开心|高兴|难过|累|喜欢)")
_ON_THE_ROAD = regex(
    r"^(?:我们?|现在|正|还|已经|都)*在?(?:高速公?路?|路|车|半路|桥|隧道)[上里]了?$"
)
"""Where we are, said before an order: 现在高速上."""
_LET_OUT = regex(r"^放(?:我|他|她|它|孩子)们?(?:下|出|进|走)")
"""放我下车 plays nothing."""
_EVIDENCE = {
    "window.set": regex(
        r"window|\bglass\b|\bpane\b|\bwidow|\b(?:roll|wind|crack)\b|\bair\b|(?<!天)窗|玻璃|通风|透气|透透气"
    ),
    "wiper.set": regex(
        r"wip|\brain|drizz|pour|snow|windscreen|windshield|\bglass\b|wash|\bspray|see\b|雨|刮|刷|玻璃|风挡|喷水|看不清"
    ),
    "seat.set_massage": regex(
        r"massag|\bback\b|lumbar|shoulder|knead|\brub|\bneck|relax|按摩|腰|背|肩|颈|捏|捶|揉"
    ),
    "steering_wheel.heat": regex(r"wheel|\bhands?\b|fingers?|steering|方向盘|方向|手"),
    "nav.cancel": regex(
        r"navigat|\broute|direction|guidance|\btrip\b|\bgps\b|\bgoing\b|\bdrive\b|destination|\bway\b|导航|路线|路|目的地|不去|去了|走了|到了"
    ),
    "call.dial": regex(
        r"\bcalls?\b|call(?:ing|ed|back)|\bphone|\bdial|\bring\b|\b(?:reach|contact|skype|facetime|get (?:me|hold)|talk|speak|line|number|hotline|video)\b|电话|拨|呼|联系|打(?!开|瞌|扫|盹|发|气|折)|致电|通话|接通|号码|视频|找"
    ),
    "window.set_child_lock": regex(
        r"child|\bkids?\b|\bbab(?:y|ies)\b|window|童|小孩|孩子|宝宝|车窗|窗"
    ),
    "roof.set": regex(
        r"roof|\bshades?\b|sun ?shade|\bblinds?\b|panoram|\btop\b|\bsky ?light|天窗|天幕|遮阳|顶|车顶|帘|篷"
    ),
    "trunk.set": regex(
        r"trunk|\bboot\b|tail ?gate|lift ?gate|hatch|frunk|\bhood\b|bonnet|\blid\b|\b(?:back|rear) door\b|\bluggage\b|后备|尾门|尾箱|行李|前备|后箱|前箱|引擎盖|机盖|前盖|后盖|后门"
    ),
    "door.lock": regex(
        r"\b(?:un)?lock(?:s|ed|ing)?(?: (?:up|down|it|them|everything|all|please|now|again|us|me)(?: \w+)?)?[ .!?]*$|\bdoors?\b|\bcar\b|\bvehicle\b|\bsecure\b|车|门|锁$|上锁|锁上|解锁|落锁|开锁|锁好|锁起|锁了|锁住|锁一下|反锁|中控"
    ),
    "light.exterior.set": regex(
        r"light|lamp|beam|bright|dim|dark|hazard|flash|blink|indicator|\bfogs?\b|signal|see|visib|灯|(?<![月漂])亮|暗|黑|远光|近光|双闪|双跳|雾|看不清|看不见"
    ),
    "device.set_setting": regex(
        r"speak|talk(?:ing)? (?:slow|fast|quiet)|accent|\bname\b|call(?:ed)? me|be called|voice|wi-?fi|wlan|blue ?tooth|\bdata\b|cellular|hot ?spot|tether|air ?plane|flight|disturb|\bdnd\b|dark|night|light|theme|torch|locat|gps|bright|\bdim|screen|display|ring|volume|silent|silence|mute|sound|loud|quiet|vibrat|font|text|letters|language|english|chinese|setting|mode|phone|internet|network|connect|online|offline|theme"
        r"|无线|网|蓝牙|数据|流量|热点|飞行|勿扰|打扰|免打扰|深色|暗|黑|夜间|浅色|手电|电筒|定位|位置|(?<![月漂])亮|屏|铃|音|静|声|震动|字|语言|中文|英文|英语|汉语|设置|模式|手机|联网",
    ),
    "alarm.manage": regex(
        r"alarm|timer|\bwake|remind|clock|count ?down|snooze|\bring\b|\bup at\b|stopwatch|\btime me\b|minutes?\b|\bnap\b|闹|提醒|叫我|叫醒|喊我|计时|定时|起床|秒表|铃|记得|别忘|分钟后|贪睡|响"
    ),
    "media.library_edit": regex(
        r"song|music|track|album|play ?list|artist|band|\bthis\b|\bthat\b|\bit\b|tune|listen|hear|playing|favou?rite|\badd|\bput\b|include|\bonto\b|rate|rating|stars?\b|points?\b|like|love|hate|dislike|thumb|review|jazz|rock|pop|genre|opinion"
        r"|这|歌|收藏|曲|专辑|点赞|红心|喜欢|爱听|好听|难听|歌单|评分|列表"
    ),
    "memory.save": regex(
        r"remember|\bnote\b|memo|keep in mind|don'?t forget|forget that|save|\bmy \w+|\bi (?:like|love|prefer|always|hate|am|usually|have|live|work|park)|allerg|记|备忘|别忘|我(?:喜欢|爱|讨厌|不吃|对|的|一般|习惯|总|平时|住|在)|保存|存"
    ),
}
"""Words without which a function is never meant, however like its examples a clause is."""


_OPENS = regex(r"(?:open|launch|start|run)(?: up)? |打开|启动|进入|开启")
_REMINDS = regex(r"remind me to |提醒我")
_APPS = frozenset(
    {"app.open", "media.play", "device.capture", "nav.set_view", "gui.act", "message.read"}
)
"""What an app is taken for: "open maps", "launch the camera"."""
_MAYBE, _EVEN = 0.05, 0.5


def _settled(plain: str, guesses: Sequence[Guess]) -> list[Guess]:
    """The one function that the words name; empty when they leave it open."""
    if any(p.search(plain) for p in (_NOT_HERE, _OF_SELF, _LET_OUT, _ON_THE_ROAD, _FIGURE)):
        return [Guess(NONE, 0.95)]
    if _DRIVING.search(plain) and not _DRIVING_NOT.search(plain):
        return [Guess(UNEXPOSED, 0.95)]
    for pattern, name in _SAID_TO:
        if pattern.search(plain) and not _WHERE.search(plain):
            return [Guess(name, 0.85), *(g for g in guesses if g.name != name)]
    for pattern, name in _WISHED:
        first = guesses[0].name
        if first == NONE and guesses[0].confidence >= _SURE:
            continue
        title = name == "media.play" and first.startswith(_OF_CAR_FAMILIES)
        if pattern.search(plain) and (
            title or first in (NONE, UNEXPOSED, name, *_NEAR.get(name, ()))
        ):
            sure = next((g.confidence for g in guesses if g.name == name), 0.0)
            return [Guess(name, max(0.8, sure)), *(g for g in guesses if g.name != name)]
    opened = next((g for g in guesses if g.name == "app.open"), None)
    likely = opened and opened.confidence >= _MAYBE and guesses[0].name in _APPS
    if likely and _OPENS.match(plain) and not find_things(plain):
        return [Guess("app.open", 0.8), *(g for g in guesses if g.name != "app.open")]
    doubtful = guesses[0].confidence < _EVEN or guesses[0].name == "list.manage"
    if _REMINDS.match(plain) and doubtful:
        return [Guess("alarm.manage", 0.6), *(g for g in guesses if g.name != "alarm.manage")]
    for pattern, name in _FORCED_COMPILED:
        if pattern.search(plain):
            return [Guess(name, 0.95), *(g for g in guesses if g.name != name)]
    return []


def _limited(plain: str, guesses: Sequence[Guess]) -> list[Guess]:
    kept = [g for g in guesses if _is_possible(plain, g)] or [Guess(NONE, 0.9)]
    if _LIKES.match(plain) and not _OF_SOUND.search(plain) and kept[0].confidence < _SURE:
        kept = [g for g in kept if g.name != "media.library_edit"] or [Guess(NONE, 0.9)]
    if _DELETES_ROWS.search(plain):
        kept = [g for g in kept if g.name not in _NOT_DELETED] or [Guess(NONE, 0.9)]
    if _TRANSLATES.search(plain):
        return [g for g in kept if g.name.startswith(("info", "app", NONE))] or [Guess(NONE, 0.9)]
    for pattern, only, unless in _COMPILED:
        if pattern.search(plain) and not unless.search(plain):
            kept = [g for g in kept if g.name.startswith(only)]
            if not any(g.name.startswith(only[0]) for g in kept):
                kept.append(Guess(only[0] + ".set", 0.5))
    if _ALL.search(plain) and not _OUTSIDE.search(plain) and not _on_outside(plain):
        kept = _inside_lights(plain, kept)
    if not _AT_HOME.search(plain) and not (
        guesses[0].name.startswith("home.") and guesses[0].confidence >= _SURE
    ):
        kept = [g for g in kept if not g.name.startswith("home.")] or [Guess(NONE, 0.9)]
    total = sum(g.confidence for g in kept)
    if len(kept) == len(guesses) or not total:
        return kept or list(guesses)
    unnamed = _is_unnamed(plain, guesses[0]) and not any(g.name in _THINGS for g in kept)
    if unnamed and total < _LEFT_OVER:
        return [Guess(NONE, 0.9)]
    scale = 1.0 if unnamed and total < _ENOUGH else min(1.0, max(total, 0.6)) / total
    return sorted(
        (Guess(g.name, min(1.0, g.confidence * scale)) for g in kept), key=lambda g: -g.confidence
    )


def _is_possible(plain: str, guess: Guess) -> bool:
    """Whether the words that a function needs stand there, or it is no part of the car and the
    model is sure."""
    sure = guess.confidence >= _SURE and guess.name in _SURE_WITHOUT
    return sure or not _is_unnamed(plain, guess)


_SURE = 0.9
_SURE_WITHOUT = frozenset(
    {"device.set_setting", "alarm.manage", "media.library_edit", "memory.save"}
)
_THINGS = frozenset({"window.set", "roof.set", "trunk.set", "door.lock"})
"""Where one of these is left, its own word stands in the clause."""
_LEFT_OVER, _ENOUGH = 0.1, 0.55
"""What is left beside a likely function that the words do not name: never likely itself below the
first share, and no likelier than it was below the second."""


def _is_unnamed(plain: str, guess: Guess) -> bool:
    return guess.name in _EVIDENCE and not _EVIDENCE[guess.name].search(plain)


def _on_outside(plain: str) -> bool:
    """车灯 and "car lights" mean the headlights when they shall shine, never when they shall not."""
    return _OF_CAR.search(plain) is not None and read_polarity(plain).on is True


def _inside_lights(plain: str, kept: list[Guess]) -> list[Guess]:
    """Rule 3: lights that are not named as outside ones are inside; nothing outside is left."""
    lamps = [g for g in kept if g.name.startswith("light.")]
    others = [g for g in kept if not g.name.startswith("light.") and g.name != "device.set_setting"]
    if _AT_HOME.search(plain) or _ELSEWHERE.search(plain) or (not lamps and kept[0].name == NONE):
        return others + [g for g in lamps if g.name == "light.interior.set"] or kept
    share = max(sum(g.confidence for g in lamps), 0.6)
    if kept[0].name.startswith(("light.", "device.set_setting", "dialog.", "gui.")):
        share = max(share, kept[0].confidence)
    return sorted(
        [Guess("light.interior.set", min(1.0, share)), *others], key=lambda g: -g.confidence
    )
