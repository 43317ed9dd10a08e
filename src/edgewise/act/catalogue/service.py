"""Booking, ordering and paying: declared; the services behind them come with the cloud."""

from edgewise.act.catalogue.rows import unavailable
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk, Sink
from edgewise.core.label import OriginKind
from edgewise.core.words import Words

BOOK = Capability(
    "service.book",
    Words("book a table, room, taxi or ticket", "预订"),
    Risk.IRREVERSIBLE,
    (
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            choices=(
                Choice("book", Words("book", "预订")),
                Choice("query", Words("ask about", "询问")),
                Choice("change", Words("change", "更改")),
                Choice("cancel", Words("cancel", "取消")),
            ),
            default="book",
        ),
        Argument(
            "kind",
            Kind.CHOICE,
            Words("what", "类型"),
            True,
            (
                Choice("restaurant", Words("restaurant", "餐厅"), ("table", "restaurant"),
                       ("餐厅", "位子", "餐位", "饭店")),
                Choice("hotel", Words("hotel", "酒店"), ("hotel", "room"), ("酒店", "房间")),
                Choice("taxi", Words("taxi", "出租车"), ("taxi", "cab", "ride"),
                       ("出租车", "打车", "网约车")),
                Choice("train", Words("train", "火车"), ("train",), ("火车", "高铁")),
                Choice("flight", Words("flight", "机票"), ("flight",), ("机票", "航班")),
                Choice("service", Words("car service", "保养"), ("service", "maintenance"),
                       ("保养", "维修")),
            ),
        ),
        Argument("details", Kind.TEXT, Words("details", "详情"), private=True),
        Argument("time", Kind.MOMENT, Words("time", "时间")),
        Argument("people", Kind.INTEGER, Words("people", "人数"), minimum=1, maximum=50),
    ),
    sinks=(Sink("details", "service"),),
    rules=(31, 33),
    private=True,
    available=False,
    unavailable=Words(
        "No booking service is connected to this device yet.", "这台设备还没有接入预订服务。"
    ),
    done=Words("Booked: {kind}.", "已预订{kind}。"),
    en=(
        Example("book a table for two tomorrow at 7 pm",
                {"kind": "restaurant", "people": 2, "time": "2026-11-24T19:00"}),
        Example("book me a taxi to the airport", {"kind": "taxi", "details": "to the airport"}),
        Example("reserve a hotel room in Hangzhou", {"kind": "hotel", "details": "in Hangzhou"}),
        Example("get me a train ticket to Beijing", {"kind": "train", "details": "to Beijing"}),
        Example("book a flight to Shenzhen", {"kind": "flight", "details": "to Shenzhen"}),
        Example("make an appointment for car maintenance", {"kind": "service"}),
    ),
    zh=(
        Example("订一个明天晚上七点两个人的餐位",
                {"kind": "restaurant", "people": 2, "time": "2026-11-24T19:00"}),
        Example("帮我打车去机场", {"kind": "taxi", "details": "去机场"}),
        Example("预订杭州的酒店", {"kind": "hotel", "details": "杭州"}),
        Example("订一张去北京的高铁票", {"kind": "train", "details": "去北京"}),
        Example("买一张去深圳的机票", {"kind": "flight", "details": "去深圳"}),
        Example("预约汽车保养", {"kind": "service"}),
    ),
)  # fmt: skip

ORDER = Capability(
    "order.place",
    Words("order something", "下单"),
    Risk.IRREVERSIBLE,
    (
        Argument("item", Kind.TEXT, Words("what", "商品"), True, private=True),
        Argument("quantity", Kind.INTEGER, Words("how many", "数量"), minimum=1, maximum=100,
                 default=1),
        Argument("shop", Kind.TEXT, Words("shop", "商家")),
    ),
    sinks=(Sink("item", "shop"),),
    rules=(31, 33),
    private=True,
    available=False,
    unavailable=Words(
        "No shop is connected to this device yet.", "这台设备还没有接入下单服务。"
    ),
    done=Words("Ordered: {item}.", "已下单：{item}。"),
    en=(
        Example("order a pizza", {"item": "pizza"}),
        Example("order two coffees", {"item": "coffees", "quantity": 2}),
        Example("order sushi from Sakura", {"item": "sushi", "shop": "Sakura"}),
        Example("get me a burger delivered", {"item": "burger"}),
        Example("buy a phone charger online", {"item": "phone charger"}),
        Example("order three bottles of water", {"item": "bottles of water", "quantity": 3}),
    ),
    zh=(
        Example("点一份披萨外卖", {"item": "披萨"}),
        Example("点两杯咖啡", {"item": "咖啡", "quantity": 2}),
        Example("在樱花点一份寿司", {"item": "寿司", "shop": "樱花"}),
        Example("帮我叫个汉堡外卖", {"item": "汉堡"}),
        Example("网上买一个手机充电器", {"item": "手机充电器"}),
        Example("下单三瓶水", {"item": "水", "quantity": 3}),
    ),
)  # fmt: skip

QUERY = Capability(
    "order.query",
    Words("ask about an order", "查订单"),
    Risk.READ,
    (Argument("query", Kind.TEXT, Words("which order", "哪个订单"), private=True),),
    private=True,
    content=OriginKind.APP,
    available=False,
    unavailable=Words(
        "No shop is connected to this device, so I cannot see orders.",
        "这台设备还没有接入购物服务，看不到订单。",
    ),
    tells=Words("{said}", "{said}"),
    en=(
        Example("where is my order"),
        Example("when will my package arrive"),
        Example("track my delivery"),
        Example("what is the status of my pizza order", {"query": "pizza"}),
        Example("has my charger order shipped", {"query": "charger"}),
        Example("is my food on the way"),
    ),
    zh=(
        Example("我的订单到哪了"),
        Example("我的快递什么时候到"),
        Example("查一下物流"),
        Example("我点的披萨到哪了", {"query": "披萨"}),
        Example("充电器发货了吗", {"query": "充电器"}),
        Example("外卖送到哪了"),
    ),
)

PAY = Capability(
    "pay.authorize",
    Words("pay", "付款"),
    Risk.IRREVERSIBLE,
    (
        Argument("payee", Kind.TEXT, Words("to whom", "收款方"), True, private=True),
        Argument("amount", Kind.NUMBER, Words("amount", "金额"), minimum=0.01, maximum=1_000_000),
        Argument("currency", Kind.TEXT, Words("currency", "币种")),
    ),
    sinks=(Sink("amount", "payee"),),
    rules=(31, 33),
    private=True,
    available=False,
    unavailable=Words(
        "No way of paying is set up on this device.", "这台设备没有设置支付方式。"
    ),
    done=Words("Paid {amount} to {payee}.", "已向{payee}支付{amount}。"),
    en=(
        Example("pay 50 dollars to John Smith",
                {"payee": "John Smith", "amount": 50, "currency": "dollars"}),
        Example("pay the parking fee", {"payee": "parking fee"}),
        Example("transfer 200 yuan to mom", {"payee": "mom", "amount": 200, "currency": "yuan"}),
        Example("pay the electricity bill", {"payee": "electricity bill"}),
        Example("send Emma 20 euros", {"payee": "Emma", "amount": 20, "currency": "euros"}),
        Example("pay for the charging", {"payee": "charging"}),
    ),
    zh=(
        Example("给张伟转50块钱", {"payee": "张伟", "amount": 50, "currency": "块"}),
        Example("支付停车费", {"payee": "停车费"}),
        Example("给妈妈转账200元", {"payee": "妈妈", "amount": 200, "currency": "元"}),
        Example("交一下电费", {"payee": "电费"}),
        Example("转20欧元给李娜", {"payee": "李娜", "amount": 20, "currency": "欧元"}),
        Example("付充电费", {"payee": "充电费"}),
    ),
)  # fmt: skip

FUNCTIONS = (unavailable(BOOK), unavailable(ORDER), unavailable(QUERY), unavailable(PAY))
