from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.spans import find_spans, make_templates
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}


@each_row(
    ("capability", "text", "spans"),
    [
        ("message.send", "text Priya that the train is delayed",
         {"recipient": "Priya", "body": "the train is delayed"}),
        ("message.send", "告诉李娜我晚点到", {"recipient": "李娜", "body": "我晚点到"}),
        ("message.send", "message Emma happy birthday",
         {"recipient": "Emma", "body": "happy birthday"}),
        ("call.dial", "打电话给欧阳娜娜", {"contact": "欧阳娜娜"}),
        ("nav.set_destination", "navigate to 42 Baker Street", {"place": "42 Baker Street"}),
        ("nav.search_place", "找一下虹桥火车站附近的停车场",
         {"query": "停车场", "near": "虹桥火车站"}),
        ("list.manage", "add oat milk to the shopping list",
         {"item": "oat milk", "list": "shopping"}),
    ],
)  # fmt: skip
def test_free_text_is_cut_out_as_it_was_said(capability: str, text: str, spans: dict[str, str]):
    templates = make_templates(CAPABILITIES[capability])
    assert find_spans(templates, normalise(text), ()) == spans


def test_a_known_name_decides_where_a_name_ends():
    templates = make_templates(CAPABILITIES["message.send"])
    found = find_spans(templates, normalise("text mary ann hello there"), ("Mary Ann",))
    assert found == {"recipient": "mary ann", "body": "hello there"}


def test_a_clause_without_a_template_gives_nothing():
    assert (
        find_spans(make_templates(CAPABILITIES["call.dial"]), normalise("今天天气不错"), ()) == {}
    )
