"""What stands on the made screens of `screens.py`: words, names and sentences, English and Chinese.

They were written for this set; nobody's data is among them.
"""

SETTINGS = (
    "Wi-Fi", "Bluetooth", "Mobile network", "Airplane mode", "Display & brightness", "Sound",
    "Battery", "Storage", "Privacy", "Location services", "About phone", "Software update",
    "Dark theme", "Do not disturb", "Night light", "Auto-rotate screen", "Hotspot & tethering",
    "Screen timeout", "Face unlock", "App permissions", "Default apps", "Developer options",
    "无线网络", "蓝牙", "移动网络", "飞行模式", "显示与亮度", "声音与振动", "电池", "存储空间",
    "隐私保护", "位置信息", "关于手机", "系统更新", "深色模式", "勿扰模式", "护眼模式", "自动旋转",
    "个人热点", "息屏时间", "人脸识别", "应用权限", "默认应用", "开发者选项", "电池健康", "语言和输入法",
)  # fmt: skip
VALUES = (
    "On", "Off", "Connected", "Not connected", "87%", "128 GB", "3 networks", "30 seconds",
    "2 minutes", "Version 14.2.1", "Home-5G", "已连接", "未连接", "已开启", "已关闭", "30秒", "2分钟",
    "剩余 42.6 GB", "版本 5.0.3", "省电模式", "从不", "仅使用期间", "每天 22:00", "Always",
)  # fmt: skip
MESSAGES = (
    "Are you coming tonight?", "I'll be there at 7:30.", "Can you pick up some milk?",
    "The meeting moved to room 302.", "See you at the station", "Happy birthday!",
    "Did you get the photos I sent?", "Train G1203 leaves at 18:45", "Your code is 482913",
    "Call me when you land", "It costs $24.99 in total", "OK, sounds good", "Running 10 min late",
    "Please bring your ID card", "The door code is 4417#",
    "今晚一起吃饭吗？", "我七点半到。", "帮我买点牛奶", "会议改到302室", "车站见", "生日快乐！",
    "照片收到了吗？", "G1203次列车18:45发车", "验证码482913，请勿泄露", "落地给我打电话",
    "一共￥128.50", "好的，没问题", "路上堵车，晚到十分钟", "记得带身份证", "周末去爬山吧",
    "快递放在门口了", "明天有雨，记得带伞", "合同已经发到你邮箱", "孩子放学我来接",
)  # fmt: skip
PEOPLE = (
    "Anna Lind", "Tom Becker", "Maria Rossi", "David Okafor", "Mum", "Office",
    "王芳", "李建国", "张伟", "刘洋", "陈静", "赵磊", "妈妈", "项目群", "物业服务",
)  # fmt: skip
PLACES = (
    "Central Station", "City Hall", "Riverside Mall", "North Gate", "Airport T2", "Museum of Art",
    "Harbour Street", "Oak Avenue", "Charging Station", "Parking P3",
    "人民广场", "虹桥火车站", "中山公园", "浦东机场", "世纪大道", "南京东路", "充电站", "停车场",
    "图书馆", "第一医院", "滨江大道", "解放路", "科技园", "体育中心",
)  # fmt: skip
TURNS = (
    "Turn left in 300 m", "Keep right", "Exit 12 toward Airport", "In 1.2 km, turn right",
    "Roundabout, 2nd exit", "前方300米左转", "靠右行驶", "前方1.2公里右转", "从12号出口驶出",
    "环岛第二出口", "沿当前道路行驶", "前方测速60",
)  # fmt: skip
WARNINGS = (
    "CHECK ENGINE", "Low tyre pressure", "Door open", "Fasten seat belt", "Oil pressure low",
    "Battery low", "Service due in 500 km", "发动机故障", "胎压过低", "车门未关", "请系安全带",
    "机油压力过低", "动力电池电量低", "保养剩余500公里", "冷却液温度过高", "制动液不足",
)  # fmt: skip
GAUGES = (
    ("Range", "412 km"), ("Trip A", "86.4 km"), ("ODO", "23581 km"), ("Outside", "23°C"),
    ("Average", "15.2 kWh/100km"), ("Power", "45 kW"), ("Speed limit", "80"), ("AC", "22.5°C"),
    ("续航", "412公里"), ("总里程", "23581 km"), ("车外温度", "23°C"), ("平均能耗", "15.2 kWh/100km"),
    ("限速", "80"), ("空调", "22.5°C"), ("胎压", "2.4 bar"), ("电量", "76%"),
)  # fmt: skip
SONGS = (
    ("Blue Lanterns", "The Harbour Band"), ("Paper Boats", "Ida Moen"), ("Nightdrive", "Kaskad"),
    ("Slow River", "North & South"), ("晚风", "林小满"), ("山海之间", "北岸乐队"),
    ("旧时光", "苏禾"), ("城南花开", "江晚"),
)  # fmt: skip
NOTICES = (
    ("Calendar", "Dentist at 10:30, Oak Avenue 14"), ("Mail", "Invoice 2026-114 is due on Friday"),
    ("Weather", "Rain expected after 16:00"), ("Bank", "Payment of $56.20 received"),
    ("日历", "10:30 看牙医，解放路14号"), ("邮件", "您的发票将于周五到期"),
    ("天气", "今天16:00后有雨"), ("快递", "包裹已放入3号柜，取件码8-2-6617"),
    ("银行", "您尾号3321的卡收入500.00元"),
)  # fmt: skip
BUTTONS = (
    "Cancel",
    "OK",
    "Allow",
    "Send",
    "Retry",
    "取消",
    "确定",
    "允许",
    "发送",
    "重试",
    "下一步",
)
TABS = ("Home", "Search", "Messages", "Me", "首页", "发现", "消息", "我的", "通讯录", "购物车")
