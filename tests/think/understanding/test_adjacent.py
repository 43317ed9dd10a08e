from edgewise.think.understanding.adjacent import adjacent_orders
from edgewise.think.understanding.clauses import split_clauses
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row


@each_row(
    ("text", "clauses"),
    [
        ("空调温度最低风速最大", ["空调温度最低", "风速最大"]),
        ("打开空调温度调到二十四度风量两挡", ["打开空调", "温度调到二十四度", "风量两挡"]),
        ("温度开到二十二点五度关闭香氛", ["温度开到二十二点五度", "关闭香氛"]),
        ("打开前排车窗座椅加热调到一挡", ["打开前排车窗", "座椅加热调到一挡"]),
        ("全部关闭车窗空调开一挡", ["全部关闭车窗", "空调开一挡"]),
        ("关闭所有车窗快速制冷", ["关闭所有车窗", "快速制冷"]),
        ("打开座椅按摩座椅通风", ["打开座椅按摩", "打开座椅通风"]),
    ],
)
def test_an_order_ends_where_the_next_thing_begins(text: str, clauses: list[str]):
    assert [clause.plain for clause in split_clauses(normalise(text))] == clauses


@each_row(
    "text",
    ["打开空调温度", "把主驾温度调到二十度", "空调调到二十度", "主驾和副驾的座椅加热调到二挡",
     "车窗打开一半", "把空调风量调到最大", "座椅加热"],
)  # fmt: skip
def test_one_order_stays_one(text: str):
    assert adjacent_orders(text) == []
