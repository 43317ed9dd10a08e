"""What people ask about the car and say to its charging.

Questions, not commands: "is the light on" reads, "turn the light on" is another capability. Times
are as said at `rows.EXAMPLE_NOW`.
"""

from edgewise.act.catalogue.words import example as e

STATUS_EN = (
    e("how much range is left", topics=["range"]),
    e("how far can I still drive", topics=["range"]),
    e("what's the battery level", topics=["battery"]),
    e("how much charge do we have", topics=["battery"]),
    e("is the car charging", topics=["charging"]),
    e("how long until it's fully charged", topics=["charging"]),
    e("check the tyre pressure", topics=["tyres"]),
    e("are my tires okay", topics=["tyres"]),
    e("are the doors locked", topics=["locks"]),
    e("did I lock the car", topics=["locks"]),
    e("is the rear left door locked", topics=["locks"], zone="row2_left"),
    e("is any door open", topics=["doors"]),
    e("is the driver's window open", topics=["windows"], zone="driver"),
    e("are all the windows closed", topics=["windows"]),
    e("is the sunroof open", topics=["sunroof"]),
    e("is the trunk closed", topics=["trunk"]),
    e("are the headlights on", topics=["lights"]),
    e("are the fog lights on", topics=["lights"]),
    e("is the reading light on", topics=["inside_lights"]),
    e("how fast am I going", topics=["speed"]),
    e("what's the temperature outside", topics=["outside_temperature"]),
    e("how many kilometres has this car done", topics=["odometer"]),
    e("when is the next service due", topics=["service"]),
    e("how much washer fluid is left", topics=["washer"]),
    e("has everyone fastened their seat belt", topics=["belts"]),
    e("tell me the range and the tyre pressure", topics=["range", "tyres"]),
)
STATUS_ZH = (
    e("续航还有多少", topics=["range"]),
    e("还能跑多远", topics=["range"]),
    e("还有多少电", topics=["battery"]),
    e("电量是多少", topics=["battery"]),
    e("在充电吗", topics=["charging"]),
    e("还要多久充满", topics=["charging"]),
    e("胎压正常吗", topics=["tyres"]),
    e("查一下轮胎压力", topics=["tyres"]),
    e("车门锁了吗", topics=["locks"]),
    e("我锁车了没有", topics=["locks"]),
    e("左后车门锁了吗", topics=["locks"], zone="row2_left"),
    e("有车门没关好吗", topics=["doors"]),
    e("主驾车窗开着吗", topics=["windows"], zone="driver"),
    e("车窗都关了吗", topics=["windows"]),
    e("天窗开着吗", topics=["sunroof"]),
    e("后备箱关了吗", topics=["trunk"]),
    e("大灯开着没有", topics=["lights"]),
    e("雾灯开了吗", topics=["lights"]),
    e("阅读灯是开着的吗", topics=["inside_lights"]),
    e("现在车速多少", topics=["speed"]),
    e("外面多少度", topics=["outside_temperature"]),
    e("这车跑了多少公里了", topics=["odometer"]),
    e("什么时候该保养了", topics=["service"]),
    e("玻璃水还有多少", topics=["washer"]),
    e("大家安全带系好了吗", topics=["belts"]),
    e("看看续航和胎压", topics=["range", "tyres"]),
)
CHARGING_EN = (
    e("start charging", op="start"),
    e("stop charging the car", op="stop"),
    e("limit the charge to 80 percent", op="limit", limit=80),
    e("charge it up to 90 percent", op="limit", limit=90),
    e("start charging at 11 pm", op="start_at", time="2026-11-23T23:00:00"),
    e("have it charged by 7 tomorrow morning", op="ready_by", time="2026-11-24T07:00:00"),
    e("cancel the charging timer", op="cancel_timer"),
    e("open the charging port", op="open_port"),
    e("close the charge flap", op="close_port"),
    e("set the charge limit to 100 percent", op="limit", limit=100),
)
CHARGING_ZH = (
    e("开始充电", op="start"),
    e("停止充电", op="stop"),
    e("充电上限设为百分之八十", op="limit", limit=80),
    e("充到百分之九十就行", op="limit", limit=90),
    e("晚上十一点开始充电", op="start_at", time="2026-11-23T23:00:00"),
    e("明早七点前充好电", op="ready_by", time="2026-11-24T07:00:00"),
    e("取消定时充电", op="cancel_timer"),
    e("打开充电口", op="open_port"),
    e("关闭充电口盖", op="close_port"),
    e("充电限制调到百分之百", op="limit", limit=100),
)
EXPLAIN_EN = (
    e("how do I change a tire", topic="change a tire"),
    e("what does this warning light mean", topic="warning light"),
    e("how do I jump start the car", topic="jump start the car"),
    e("explain how one-pedal driving works", topic="one-pedal driving"),
    e("how often should I check the oil", topic="check the oil"),
    e("how does the child lock work", topic="child lock"),
)
EXPLAIN_ZH = (
    e("怎么换轮胎", topic="换轮胎"),
    e("这个故障灯是什么意思", topic="故障灯"),
    e("怎么搭电启动", topic="搭电启动"),
    e("单踏板模式怎么用", topic="单踏板模式"),
    e("多久检查一次机油", topic="检查机油"),
    e("儿童锁怎么用", topic="儿童锁"),
)
