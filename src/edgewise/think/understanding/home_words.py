"""The words of a home, as data: things, doings, places, states; English, Mandarin, Cantonese.

Kind -> meaning -> how it is said. A thing's meaning is `domain` or `domain/device_class` (names of
Home Assistant, see `core/home.py`). Chinese stands in simplified characters: text is folded to them
before it is compared (`home_names.py`). A word may stand in several kinds; the reader chooses.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

Table = dict[str, str]

THINGS: Table = {
    "light": "light|lights|lamp|lamps|lighting|lightings|light bulb|light bulbs|bulb|bulbs|灯|灯光|照明|电灯|台灯|灯具|光管",
    "fan": "fan|fans|ventilator|风扇|电扇|吊扇|电风扇|风机|抽风机",
    "switch": "switch|switches|开关|开关制|制|电掣",
    "switch/outlet": "outlet|outlets|socket|sockets|plug|plugs|power strip|插座|插头",
    "lock": "lock|locks|door lock|door locks|锁|门锁|锁头",
    "valve": "valve|valves|阀门|阀|活门|水阀",
    "cover/blind": "blind|blinds|roller blind|roller blinds|百叶窗|百叶帘|卷帘",
    "cover/curtain": "curtain|curtains|drape|drapes|窗帘|帘子|帘",
    "cover/shade": "shade|shades|遮阳帘|遮光帘",
    "cover/shutter": "shutter|shutters|roller shutter|roller shutters|卷闸|卷帘门",
    "cover/awning": "awning|awnings|遮阳篷|雨篷",
    "cover/garage": "garage door|garage doors|garage|车库门|车房门|车库的门|车房的门|车库大门",
    "cover/gate": "gate|gates|闸门|闸",
    "cover/window": "window|windows|窗户|窗|窗子|窗口|玻璃窗",
    "cover/damper": "damper|dampers|风门",
    "door": "door|doors|门|房门|道门",
    "climate": "thermostat|thermostats|heating|heater|heaters|radiator|radiators|air conditioner|air conditioners|air conditioning|ac|恒温器|温控器|空调|冷气|暖气|冷气机",
    "humidifier": "humidifier|humidifiers|dehumidifier|加湿器|除湿机|抽湿机",
    "media_player": "media player|media players|speaker|speakers|stereo|播放器|音箱|音响|喇叭",
    "media_player/tv": "tv|tvs|television|televisions|telly|电视|电视机",
    "vacuum": "vacuum|vacuums|vacuum cleaner|robot vacuum|vacuum robot|扫地机|扫地机器人|吸尘机|吸尘器",
    "scene": "scene|scenes|场景|情景",
    "script": "script|scripts|脚本",
    "automation": "automation|automations|自动化",
}

DOINGS: Table = {
    "on": "turn on|switch on|activate|enable|power on|power up|put on|bring on|打开|开启|启用|开|启动|激活|着|亮起|点亮|著|开着",
    "off": "turn off|kill|cut|switch off|deactivate|disable|power off|power down|shut off|shut down|turn out|bring off|关闭|关掉|关上|关|关了|关咗|熄|熄咗|熄灭|熄掉|关熄|闩|闩埋|闩上",
    "open": "open|open up|raise|roll up|pull up|lift|拉开|打开|开大|升起",
    "close": "close|shut|close up|lower|roll down|pull down|拉上|拉埋|放下|降下|拉下",
    "lock": "lock|lock up|锁|锁上|上锁|锁好|锁住|锁埋|锁起来",
    "unlock": "unlock|解锁|开锁|解开",
    "start": "start|run|begin|execute|launch|开始|运行|执行|启动|运转",
    "stop": "stop|停止|停",
    "turn": "turn|switch|bring|put|flip|get",
    "set": "set|change|adjust|make|put|turn|heat|cool|设置|设定|设为|设成|设|调|调节|调整|调到|调成|调为|调节为|调整成|调整为|设定成|设定为|设置为|调教|校|校到|变成|变为|改成|改为|转成",
    "go": "change|change to|transition|transition to|switch to|go to|go into|转换到|切换到|转到|切换|进入|转换",
    "amount": "increase|decrease|raise|lower|turn up|turn down|bring up|bring down|reduce|调高|调低|调大|调小|提高|降低|较高|较低|关小|升高",
    "dim": "dim|brighten|调暗|调亮|校暗|校光",
    "light": "light up|illuminate|照亮",
    "clean": "clean|clean up|vacuum|sweep|mop|hoover|打扫|清扫|清洁|扫|吸尘|拖",
    "dock": "return|return to|send|dock|go back to|go to|bring back to|返回|返去|返|回到|回去|送回",
    "want": "make sure|ensure|i want|i need|i would like|i d like|we want|keep|have|let|确保|我想|我要",
}
PARTICLES: Table = {"on": "on", "off": "off|out", "up": "up", "down": "down"}
BASES: Table = {
    "base": "base|its base|dock|home base|charging station|charger|station|基地|基座|充电座|充电桩|充电站|底座|充电|家"
}

PLACES: Table = {
    "here": "here|in here|over here|this room|the room|my room|our room|this space|this area|this place|in the room|这里|呢度|这个房间|这间房|呢间房|这边|呢边|房间",
    "everywhere": "everywhere|all over",
    "house": "house|home|apartment|flat|entire home|whole house|whole place|rooms|areas|every room|each room|every single room|every area|each area|all rooms|all areas|全屋|全家|整个家|家里|屋企|所有房间|每个房间|全部房间|整间屋|成间屋|屋里|家中|整个屋子|整个房子",
}
ROOMS = "kitchen|bedroom|living room|bathroom|dining room|hallway|hall|garage|office|study|attic|cellar|basement|garden|balcony|guest room|nursery|laundry room|laundry|utility room|conservatory|porch|patio|terrace|pantry|toilet|lounge|den|playroom|workshop|corridor|entrance|backyard|yard|kids room|closet|loft|first floor|second floor|third floor|ground floor|top floor|upstairs|downstairs|厨房|卧室|主卧|次卧|客厅|浴室|卫生间|厕所|洗手间|餐厅|走廊|车库|车房|书房|办公室|阁楼|地下室|花园|阳台|客房|睡房|儿童房|婴儿房|储物室|玄关|衣帽间|洗衣房|一楼|二楼|三楼|楼上|楼下|饭厅|露台|后院|院子"
"""Rooms and floors as houses have them; one that this home does not have is asked for."""

ALL: Table = {
    "all": "all|all of|every|each|each and every|every single|both|both of|所有|全部|全部的|每个|每盏|每把|所有嘅|一切|哂|晒"
}
COLORS: Table = {
    "red": "red|红色|红",
    "green": "green|绿色|绿",
    "blue": "blue|蓝色|蓝",
    "yellow": "yellow|黄色|黄",
    "orange": "orange|橙色|橘色|橙",
    "purple": "purple|violet|紫色|紫",
    "pink": "pink|粉红色|粉色|粉红",
    "white": "white|白色|白",
    "cyan": "cyan|青色",
    "turquoise": "turquoise|teal|绿松色",
    "brown": "brown|棕色|咖啡色|啡色",
    "black": "black|黑色",
    "gold": "gold|golden|金色",
    "magenta": "magenta|洋红色",
    "lavender": "lavender|薰衣草色",
    "warm white": "warm white|暖白|暖白色",
    "cool white": "cool white|cold white|冷白|冷白色",
    "lime": "lime",
    "indigo": "indigo|靛蓝色",
    "gray": "gray|grey|灰色",
}
EXTREMES: Table = {
    "100": "max|maximum|highest|brightest|full|fullest|maximal|最亮|最大|最高|最光",
    "50": "halfway|half way|half|一半|半开",
    "1": "min|minimum|lowest|dimmest|darkest|minimal|最暗|最低|最小|最细|最黑",
}
PROPERTIES: Table = {
    "brightness": "brightness|brightness level|brightness levels|亮度|光度|光暗",
    "color": "color|colour|colors|colours|颜色|色",
    "temperature": "temperature|temperatures|temp|temps|温度|气温|室温",
    "volume": "volume|sound volume|音量|声量|声音",
    "position": "position|位置",
    "speed": "speed|fan speed|风速|转速",
}
UNITS: Table = {
    "percent": "percent|per cent|%|巴仙",
    "degree": "degree|degrees|celsius|fahrenheit|°|c|f|度",
}

FILL = (
    "the|a|an|my|our|your|please|to|of|in|at|for|from|me|it|s|can|could|would|you|will|now|just|some|that|this|those|these|"
    "inside|across|throughout|through|around|whole|entire|single|with|within|on the|kindly|up|level|levels|set|and|its|"
    "的|嘅|把|将|请|帮我|帮|麻烦|一下|都|了|咗|着|著|吧|给|为|到|成|至|里|里面|上|面|去|与|和|个|嗰个|那个|这个|嗰|这|那|些|我|我的|我嘅|谢谢|唔该|麻烦你|张|埋|啦|来|返|入面|间|道|扇|盏|在|，"
)
"""Words that an order may hold without meaning more by them. 张 stands for 将, which sounds the
same in Cantonese and is written so."""

STATES: Table = {
    "on": "on|turned on|switched on|powered on|active|lit|打开|开|开着|开咗|开了|打开着|开启|开着咗|开咗著|亮着|着咗",
    "off": "off|turned off|switched off|powered off|inactive|关|关着|关咗|关了|关上|关闭|关掉|熄咗|熄|熄了|熄着|关著",
    "open": "open|opened",
    "closed": "closed|shut",
    "locked": "locked|锁|锁着|锁咗|锁了|上锁|锁上|锁住|锁好|上咗锁|已锁",
    "unlocked": "unlocked|无锁|没锁|冇锁|没有锁|未锁|没上锁|无上锁|冇上锁|解锁",
}
ASKING = (
    "is|are|was|were|do|does|did|has|have|had|any|there|which|what|whats|how many|how much|how|who|where|when|will be|s|"
    "tell me|tell me if|check if|let me know if|tell me whether|if|whether|i|be|state|status|value|current|currently|right now|at the moment|"
    "securely|still|already|next|anything|anyone|everyone|anybody|somebody|someone|everybody|people|things|thing|devices|device|indicated by|measured by|reported by|in|left|it|"
    "amount|level|levels|reading|concentration|total|index|"
    "吗|嘛|么|呢|呀|是|系|系唔系|是不是|有|无|冇|没|没有|有没有|有冇|有无|任何|哪|哪个|哪些|哪一|边|边个|边一|边啲|几|几多|多少|几个|多|一|个|只|现在|而家|依家|目前|状态|状况|都|正在|正|中|的|怎样|点样|点|是否|还|仲|数值|读数|被|有任何|任何一|把|部|台|其|侦测|道|扇|盏|度|?"
)
"""Words that a question holds besides what it asks about."""
WEATHER = "weather|the weather|weather like|forecast|weather forecast|like|today|天气|天气怎样|天气点|天气点样|咩天气|天气如何|天气怎么样|天气预报|今日|今天|乜天气"
"""How the weather is asked for."""
ASKS = (
    "is|are|was|were|do|does|did|has|have|any|which|what|whats|how many|how much|how|who|where|when|tell me|check if|let me know if|status of|state of|"
    "吗|嘛|未|咗未|了没|了没有|系唔系|是不是|有没有|有冇|有无|哪|哪个|哪些|哪一|边个|边一|边啲|几多|多少|几个|几|是否|状态|状况|有任何|多"
)
"""Words that make a question of what holds them; in English where they begin it."""
MEDIA = "tv show|tv shows|tv series|television show"
NEVER_MIND = "never mind|nevermind|never mind that|forget it|forget about it|no never mind|算数|无事|没事|没事了|没关系|冇事|冇嘢|算了|算啦|不用了"
"""Whole sentences that call off what was begun."""
PEOPLE = "anyone|everyone|anybody|everybody|somebody|someone|people|who|有人|人|谁|边个"
NEGATIONS = "don t|do not|never|not|doesn t|didn t|no|without|dont|won t|isn t|别|不要|唔好|唔使|不用|不必|勿|不许|莫|唔准|不"
