"""Chinese addresses with the towns before and the door after."""

from edgewise.route.recognise.address_chinese import find_chinese_addresses
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "address",
    ["北京市海淀区中关村大街27号3单元501室", "人民南路四段12号", "上海市徐汇区漕溪北路88号",
     "阳光小区3栋2单元501", "长安街1号", "翠苑一区12幢303室"],
)  # fmt: skip
def test_an_address_is_covered_from_its_town_to_its_door(address: str):
    assert read(find_chinese_addresses, f"我家住在{address}，谢谢") == [("ADDRESS", address)]


@each_row(
    "text", ["去人民路怎么走", "第3单元讲什么", "打开2号车窗", "地铁10号线", "G7次列车3车12A座"]
)
def test_a_road_without_a_door_is_left(text: str):
    assert read(find_chinese_addresses, text) == []
