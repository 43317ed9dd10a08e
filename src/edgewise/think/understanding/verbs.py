"""Words with which an order begins, as alternatives of a regular expression."""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

VERB_ZH = (
    "打开|开启|关闭|关掉|关上|启动|启用|停止|暂停|播放|调高|调低|调大|调小|调到|调成|设置|设为|设成|切换|升高|降低|增大|减小|"
    "锁上|解锁|导航|取消|把|将|发送|拨打|放一首|放首|来一首|来首|查一下|查询|提醒我|升起|降下|折叠(?!着|的)|展开(?!着|的)|静音|"
    "退出|加热|温度调|音量调|风量调|风速调"
)
VERB_EN = (
    "turn|switch|set|open|close|shut|lock|unlock|play|pause|stop|start|call|dial|text|send|navigate|take me|"
    "drive me|raise|lower|increase|decrease|roll (?:up|down)|put|make|mute|unmute|skip|add|remove|delete|cancel|remind|wake|"
    "show|read|tell|check|find|search|fold|unfold|dim|brighten|enable|disable|activate|deactivate|heat|cool|"
    "warm|crank|give|create|schedule|book|order|what|what's|how|when|where|who|is|are|do i|defrost|pop|"
    "take|let|keep|leave|record|remember|forget|save|answer|hang up|recline|move|change|adjust|bring|kill|pull|say|recirculate|defog|demist|ring|head (?:home|to|back)"
)
