from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.clauses import split_clauses
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.undivided import undivided
from tests.each_row import each_row

KNOWN = Known(builtin_catalogue().capabilities)
KNOWN.warm()


@each_row(
    ("text", "clauses"),
    [
        ("rate Who Goes There? four stars", ["rate who goes there? four stars"]),
        (
            "rate Who Goes There? four stars and then open the window",
            ["rate who goes there? four stars", "open the window"],
        ),
        ("book a table at The Dome, Edinburgh", ["book a table at the dome, edinburgh"]),
        ("open the window, play some jazz", ["open the window", "play some jazz"]),
        ("打开车窗，播放音乐", ["打开车窗", "播放音乐"]),
    ],
)
def test_what_is_one_order_is_read_as_one(text: str, clauses: list[str]):
    whole = normalise(text)
    sight = KNOWN.model.see(whole.plain)
    names = [(mention.start, mention.end) for mention in sight.mentions]
    cut = split_clauses(whole, sight.begins, names)
    assert [clause.plain for clause in undivided(KNOWN, whole, cut)] == clauses
