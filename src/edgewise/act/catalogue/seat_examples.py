"""What people say to the seats, with the arguments it must be understood as.

A seat's position is 0 % in front and 100 % at the back, its backrest 0 % upright and 100 % flat;
"a bit" is 10 %.
"""

from edgewise.act.catalogue.words import example as e

HEAT_VENT_EN = (
    e("turn on the seat heating", mode="heat"),
    e("turn off the seat heater", mode="heat", level=0),
    e("heat my seat", mode="heat"),
    e("seat heating on level three please", mode="heat", level=3),
    e("ventilate the driver's seat", mode="vent", seat="driver"),
    e("turn the seat ventilation off", mode="vent", level=0),
    e("passenger seat heating to two", mode="heat", level=2, seat="passenger"),
    e("cool the passenger seat", mode="vent", seat="passenger"),
    e("stop heating the rear seats", mode="heat", level=0, seat="rear"),
    e("rear left seat heater on", mode="heat", seat="row2_left"),
    e("turn up the seat heating", mode="heat", delta=1),
    e("turn the seat heating down a notch", mode="heat", delta=-1),
    e("seat cooling on maximum", mode="vent", level="max"),
    e("heat all the seats", mode="heat", seat="all"),
    e("ventilation level one for the right rear seat", mode="vent", level=1, seat="row2_right"),
    e("more seat ventilation", mode="vent", delta=1),
)
HEAT_VENT_ZH = (
    e("打开座椅加热", mode="heat"),
    e("关闭座椅加热", mode="heat", level=0),
    e("打开座椅通风", mode="vent"),
    e("关闭座椅通风", mode="vent", level=0),
    e("座椅加热开到三挡", mode="heat", level=3),
    e("主驾座椅通风一档", mode="vent", level=1, seat="driver"),
    e("副驾座椅加热调到二挡", mode="heat", level=2, seat="passenger"),
    e("把副驾座椅通风打开", mode="vent", seat="passenger"),
    e("后排座椅加热都关掉", mode="heat", level=0, seat="rear"),
    e("左后座椅加热打开", mode="heat", seat="row2_left"),
    e("右后座椅通风关了", mode="vent", level=0, seat="row2_right"),
    e("座椅加热大一点", mode="heat", delta=1),
    e("座椅加热小一挡", mode="heat", delta=-1),
    e("座椅通风开到最大", mode="vent", level="max"),
    e("全车座椅加热打开", mode="heat", seat="all"),
    e("给我的座椅热一热", mode="heat"),
)
MASSAGE_EN = (
    e("turn on the seat massage"),
    e("stop the massage", level=0),
    e("give me a massage"),
    e("massage at level three", level=3),
    e("wave massage please", mode="WAVE"),
    e("shoulder massage for the passenger", mode="SHOULDER", seat="passenger"),
    e("make the massage stronger", delta=1),
    e("softer massage", delta=-1),
    e("turn off the massage in the back", level=0, seat="rear"),
    e("start the driver's seat massage on one", level=1, seat="driver"),
    e("massage my lower back", mode="LUMBAR"),
)
MASSAGE_ZH = (
    e("打开座椅按摩"),
    e("关闭座椅按摩", level=0),
    e("给我按按摩"),
    e("按摩开到三挡", level=3),
    e("按摩改成波浪模式", mode="WAVE"),
    e("副驾按摩肩部", mode="SHOULDER", seat="passenger"),
    e("按摩力度大一点", delta=1),
    e("按摩轻一点", delta=-1),
    e("后排座椅按摩关掉", level=0, seat="rear"),
    e("主驾座椅按摩一挡", level=1, seat="driver"),
    e("腰部按摩打开", mode="LUMBAR"),
)
MOVE_EN = (
    e("move my seat back a bit", axis="position", delta=10),
    e("move my seat forward a little", axis="position", delta=-10),
    e("raise the seat a bit", axis="height", delta=10),
    e("lower my seat", axis="height", delta=-10),
    e("recline the seat a bit", axis="backrest", delta=10),
    e("put the backrest more upright", axis="backrest", delta=-10),
    e("lay the passenger seat flat", axis="backrest", value=100, seat="passenger"),
    e("set the driver's backrest upright", axis="backrest", value=0, seat="driver"),
    e("passenger seat all the way back", axis="position", value=100, seat="passenger"),
    e("slide the passenger seat all the way forward", axis="position", value=0, seat="passenger"),
    e("more lumbar support", axis="lumbar", delta=10),
    e("less lumbar support please", axis="lumbar", delta=-10),
    e("set my seat height to 60 percent", axis="height", value=60),
)
MOVE_ZH = (
    e("座椅往后一点", axis="position", delta=10),
    e("座椅往前挪一点", axis="position", delta=-10),
    e("座椅升高一点", axis="height", delta=10),
    e("座椅调低一点", axis="height", delta=-10),
    e("靠背往后躺一点", axis="backrest", delta=10),
    e("靠背直一点", axis="backrest", delta=-10),
    e("把副驾座椅放平", axis="backrest", value=100, seat="passenger"),
    e("主驾靠背调直", axis="backrest", value=0, seat="driver"),
    e("副驾座椅移到最后面", axis="position", value=100, seat="passenger"),
    e("副驾座椅调到最靠前", axis="position", value=0, seat="passenger"),
    e("腰托往外顶一点", axis="lumbar", delta=10),
    e("腰托收一点", axis="lumbar", delta=-10),
    e("座椅高度调到百分之六十", axis="height", value=60),
)
