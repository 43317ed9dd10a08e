"""Units of measure and their exact factors, by English and Chinese names.

Factors are exact by definition (international yard and pound of 1959; SI; the market units of
China). Currencies are no units: their rates change and need a service.
"""

from decimal import Decimal, localcontext
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: what it measures, its size and zero point in the base unit, and its symbol."""

    measures: str
    factor: Decimal
    symbol: str
    offset: Decimal = Decimal(0)


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """`value` in `unit` as a value in `to`. Raises ValueError naming the unknown or unlike unit."""
    first, second = unit_named(unit), unit_named(to)
    if first.measures != second.measures:
        raise ValueError(f"{unit} measures {first.measures}, {to} measures {second.measures}")
    with localcontext(prec=34):
        return (value * first.factor + first.offset - second.offset) / second.factor


def unit_named(name: str) -> Unit:
    """The unit of this name, symbol or plural. Raises ValueError naming it if there is none."""
    key = name.strip().casefold().replace(" ", "")
    for text in (key, key.removesuffix("s"), key.removesuffix("es")):
        if text in _BY_NAME:
            return _BY_NAME[text]
    raise ValueError(f"{name!r} is no unit I know")


_TABLE = """
length      1              m     metre meter m 米 公尺
length      1000           km    kilometre kilometer km 公里 千米
length      0.01           cm    centimetre centimeter cm 厘米 公分
length      0.001          mm    millimetre millimeter mm 毫米
length      0.0254         in    inch inche in 英寸 寸英
length      0.3048         ft    foot feet ft 英尺
length      0.9144         yd    yard yd 码
length      1609.344       mi    mile mi 英里
length      1852           nmi   nauticalmile nmi 海里
length      500            里    里 华里
mass        1              kg    kilogram kilo kg 公斤 千克
mass        0.001          g     gram g 克
mass        1000           t     tonne ton t 吨
mass        0.45359237     lb    pound lb 磅
mass        0.028349523125 oz    ounce oz 盎司
mass        0.5            斤    斤 市斤
mass        0.05           两    两
volume      1              L     litre liter l 升 公升
volume      0.001          mL    millilitre milliliter ml 毫升
volume      3.785411784    gal   gallon gal usgallon 加仑
volume      0.473176473    pt    pint pt 品脱
volume      0.2365882365   cup   cup 杯
speed       1              m/s   m/s metrespersecond 米每秒
speed       0.44704        mph   mph milesperhour mileperhour 英里每小时
area        1              m²    m2 squaremetre squaremeter 平方米 平米
area        1000000        km²   km2 squarekilometre squarekilometer 平方公里
area        10000          ha    hectare ha 公顷
area        4046.8564224   acre  acre 英亩
time        1              s     second sec s 秒
time        60             min   minute min 分钟 分
time        3600           h     hour h 小时 钟头
time        86400          d     day d 天 日
time        604800         weeks week 周 星期
pressure    1              Pa    pascal pa 帕
pressure    1000           kPa   kilopascal kpa 千帕
pressure    100000         bar   bar 巴
energy      1              J     joule j 焦耳
energy      3600000        kWh   kilowatthour kwh 度电 千瓦时
energy      4184           kcal  kilocalorie kcal calorie 千卡 大卡
power       1000           kW    kilowatt kw 千瓦
power       735.49875      PS    metrichorsepower horsepower hp ps 马力
data        1              B     byte b 字节
data        1000000        MB    megabyte mb 兆
data        1000000000     GB    gigabyte gb
data        1000000000000  TB    terabyte tb
"""


def _read() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        measures, factor, symbol, *names = line.split()
        unit = Unit(measures, Decimal(factor), symbol)
        units |= {name: unit for name in (*names, symbol.casefold())}
    with localcontext(prec=34):
        kmh = Unit("speed", Decimal(1000) / 3600, "km/h")
        psi = Unit("pressure", Decimal("4.4482216152605") / Decimal("0.00064516"), "psi")
        fahrenheit = Unit("temperature", Decimal(5) / 9, "°F", Decimal("273.15") - Decimal(160) / 9)
    celsius = Unit("temperature", Decimal(1), "°C", Decimal("273.15"))
    kelvin = Unit("temperature", Decimal(1), "K")
    named = (
        (kmh, "km/h kmh kph kilometresperhour kilometersperhour 公里每小时 千米每小时 迈"),
        (psi, "psi"),
        (fahrenheit, "fahrenheit f °f degreesfahrenheit degreefahrenheit 华氏度 华氏"),
        (celsius, "celsius c °c degreescelsius degreecelsius centigrade 摄氏度 摄氏"),
        (kelvin, "kelvin k 开尔文"),
    )
    return units | {name: unit for unit, names in named for name in names.split()}


_BY_NAME = _read()
