"""What a browser tells of a page becomes elements: from columns and trees, without a browser."""

import time
from collections.abc import Sequence

import pytest

from edgewise.act.screen import Role
from edgewise.device.screen.page_elements import LONGEST_TEXT, MOST_FOUND, Box, Found, elements_of
from edgewise.device.screen.page_snapshot import (
    STYLES,
    AxNode,
    AxProperty,
    AxValue,
    Document,
    Layout,
    Nodes,
    RareIndex,
    Snapshot,
)
from edgewise.errors import DeviceError
from tests.each_row import each_row

SCREEN: Box = (0, 0, 400, 800)
BODY = ("BODY", 0, (0, 0, 400, 2000))
Row = tuple[str, int, Sequence[float]]
"""Name ("#words" is a text), the parent's row, and the bounds. Row 0 is the document."""


def document(
    strings: list[str],
    rows: Sequence[Row],
    *,
    attributes: dict[int, dict[str, str]] | None = None,
    clickable: Sequence[int] = (),
    frames: dict[int, int] | None = None,
    styles: dict[int, dict[str, str]] | None = None,
    scrolled: tuple[float, float] = (0, 0),
) -> Document:
    def number(text: str) -> int:
        if text not in strings:
            strings.append(text)
        return strings.index(text)

    rows = [("#document", -1, (0, 0, 400, 2000)), *rows]
    given, inner = attributes or {}, frames or {}
    defaults = {"display": "block", "-webkit-text-security": "none", "opacity": "1"}
    told = [{**defaults, **(styles or {}).get(n, {})} for n in range(len(rows))]
    nodes = Nodes(
        [parent for _, parent, _ in rows],
        [3 if name.startswith("#") and name != "#document" else 1 for name, _, _ in rows],
        [number("#text" if name.startswith("#") else name) for name, _, _ in rows],
        [len(strings) * 1000 + n if frames is None and scrolled != (0, 0) else n + 1
         for n in range(len(rows))],
        [[number(w) for pair in given.get(n, {}).items() for w in pair] for n in range(len(rows))],
        RareIndex(list(inner), list(inner.values())),
        RareIndex(list(clickable)),
    )  # fmt: skip
    layout = Layout(
        list(range(len(rows))),
        [[number(one.get(name, "0px")) for name in STYLES] for one in told],
        [list(bounds) for _, _, bounds in rows],
        [number(name[1:]) if name.startswith("#") and name != "#document" else -1
         for name, _, _ in rows],
    )  # fmt: skip
    return Document(nodes, layout, *scrolled)


def named(row: int, role: str, name: str = "", **states: object) -> AxNode:
    properties = [AxProperty(key, AxValue(value)) for key, value in states.items()]
    return AxNode(False, AxValue(role), AxValue(name), None, properties, row + 1)


def found(rows: Sequence[Row], nodes: Sequence[AxNode] = (), **more: object) -> list[Found]:
    strings: list[str] = []
    made = document(strings, rows, **more)  # pyright: ignore[reportArgumentType]
    return elements_of(Snapshot([made], strings), nodes, SCREEN)


def test_what_a_page_calls_a_heading_is_told_as_one_whatever_is_in_it():
    rows = [
        BODY,
        ("H2", 1, (0, 0, 100, 40)),
        ("SPAN", 2, (0, 0, 50, 40)),
        ("#Chat", 3, (0, 0, 50, 40)),
        ("A", 2, (50, 0, 50, 40)),
        ("#Mika", 5, (50, 0, 50, 40)),
        ("#Hello", 1, (0, 40, 100, 40)),
    ]
    told = found(rows, [named(2, "heading", "Chat Mika"), named(5, "link", "Mika")])
    assert [(one.text, one.heading) for one in told] == [
        ("Chat", True),
        ("Mika", True),
        ("Hello", False),
    ]


def test_a_control_is_told_by_its_name_and_what_is_in_it_belongs_to_it():
    rows = [BODY, ("BUTTON", 1, (10, 20, 100, 40)), ("#Go", 2, (20, 30, 20, 20))]
    (one,) = found(rows, [named(2, "button", "Go", focused=True)])
    assert (one.text, one.box, one.role) == ("Go", (10, 20, 110, 60), Role.BUTTON)
    assert one.focused
    assert one.nodes == {3, 4}


def test_what_is_written_on_a_control_stands_beside_a_name_that_says_otherwise():
    rows = [BODY, ("BUTTON", 1, (0, 0, 90, 40)), ("#Pay 5", 2, (0, 0, 20, 20))]
    (one,) = found(rows, [named(2, "button", "Cancel")])
    assert one.text == "Cancel (Pay 5)"


def test_texts_of_one_block_are_one_and_their_box_is_around_them():
    rows = [
        BODY, ("H1", 1, (0, 0, 400, 40)), ("#Welcome to", 2, (0, 0, 50, 20)),
        ("B", 2, (50, 0, 20, 20)), ("#the", 4, (50, 0, 20, 20)), ("#shop", 2, (70, 0, 30, 20)),
    ]  # fmt: skip
    (one,) = found(rows, styles={4: {"display": "inline"}})
    assert (one.text, one.box, one.role) == ("Welcome to the shop", (0, 0, 100, 20), Role.TEXT)


def test_what_is_off_the_screen_is_left_out_and_what_is_half_on_it_is_cut():
    rows = [
        BODY, ("BUTTON", 1, (0, 900, 90, 40)), ("BUTTON", 1, (0, 780, 90, 40)),
        ("BUTTON", 1, (-90, 0, 90, 40)),
    ]  # fmt: skip
    (one,) = found(rows, [named(n, "button", "x") for n in (2, 3, 4)])
    assert one.box == (0, 780, 90, 800)


@each_row(
    "attributes",
    [
        {"type": "password"}, {"autocomplete": "section-a one-time-code"}, {"id": "login-otp"},
        {"name": "PassWord"}, {"placeholder": "请输入验证码"}, {"name": "cvv2"},
    ],
)  # fmt: skip
def test_a_field_for_a_secret_is_known_by_any_of_its_signs_and_its_value_is_not_told(
    attributes: dict[str, str],
):
    rows = [BODY, ("INPUT", 1, (0, 0, 90, 40)), ("#hunter2", 2, (0, 0, 90, 40))]
    node = AxNode(False, AxValue("textbox"), AxValue("It"), AxValue("hunter2"), [], 3)
    (one,) = found(rows, [node], attributes={2: attributes})
    assert one.secret
    assert one.text == "It"


def test_a_plain_field_tells_what_it_holds():
    node = AxNode(False, AxValue("searchbox"), AxValue("Search"), AxValue("tea"), [], 3)
    (one,) = found([BODY, ("INPUT", 1, (0, 0, 90, 40))], [node], attributes={2: {"name": "pint"}})
    assert (one.text, one.secret) == ("Search: tea", False)
    masked = {2: {"-webkit-text-security": "disc"}}
    (one,) = found([BODY, ("INPUT", 1, (0, 0, 90, 40))], [node], styles=masked)
    assert one.secret


def test_a_switch_tells_how_it_stands():
    rows = [BODY, ("INPUT", 1, (0, 0, 20, 20)), ("INPUT", 1, (0, 30, 20, 20))]
    on, off = found(rows, [named(2, "checkbox", "A", checked="true"), named(3, "switch", "B")])
    assert (on.text, off.text) == ("A: on", "B: off")


def test_a_surface_that_takes_taps_is_a_button_unless_it_is_ground_or_holds_others():
    rows = [
        BODY, ("DIV", 1, (0, 0, 200, 40)), ("#Buy", 2, (0, 0, 40, 20)),
        ("DIV", 1, (0, 100, 400, 700)), ("#Ground", 4, (0, 100, 40, 20)),
        ("DIV", 1, (0, 50, 200, 40)), ("BUTTON", 6, (0, 50, 50, 40)),
    ]  # fmt: skip
    seen = found(rows, [named(7, "button", "Inner")], clickable=[1, 2, 4, 6])
    assert [(e.text, e.role) for e in seen] == [
        ("Buy", Role.BUTTON), ("Ground", Role.TEXT), ("Inner", Role.BUTTON),
    ]  # fmt: skip


def test_what_can_show_anything_is_told_as_a_thing_without_words():
    rows = [BODY, ("CANVAS", 1, (0, 0, 100, 100)), ("IMG", 1, (0, 100, 50, 50)),
            ("IMG", 1, (0, 200, 50, 50))]  # fmt: skip
    seen = found(rows, [named(3, "image", "A cat"), named(4, "image", "")])
    assert [(e.text, e.role) for e in seen] == [("", Role.OTHER), ("A cat", Role.IMAGE)]


def test_a_frame_lies_where_it_is_shown_and_is_cut_at_its_edges():
    strings: list[str] = []
    outer = document(
        strings, [BODY, ("IFRAME", 1, (100, 100, 200, 100))], frames={2: 1},
        styles={2: {"border-left-width": "2px", "border-top-width": "2px"}},
    )  # fmt: skip
    rows = [BODY, ("BUTTON", 1, (0, 60, 50, 20)), ("BUTTON", 1, (0, 400, 50, 20))]
    inner = document(strings, rows, scrolled=(0, 50))
    number = inner.nodes.backend_node_id[2]
    node = AxNode(False, AxValue("button"), AxValue("In"), None, [], number)
    (one,) = elements_of(Snapshot([outer, inner], strings), [node], SCREEN)
    assert one.box == (102, 112, 152, 132)


def test_a_page_of_nothing_is_read_and_one_of_too_much_is_refused():
    """What is left out could be the button that pays."""
    assert elements_of(Snapshot([], []), [], SCREEN) == []
    rows: list[Row] = [BODY, *(("P", 1, (0, n, 10, 5)) for n in range(MOST_FOUND))]
    rows += [("#x", n + 2, (0, n, 10, 5)) for n in range(MOST_FOUND)]
    assert len(found(rows)) == MOST_FOUND
    with pytest.raises(DeviceError, match="more than"):
        found([*rows, ("#Pay now", 1, (0, 700, 10, 5))])


def test_a_long_name_does_not_hide_what_is_written_on_a_thing():
    rows = [BODY, ("BUTTON", 1, (0, 0, 90, 40)), ("#Pay now", 2, (0, 0, 20, 20))]
    (one,) = found(rows, [named(2, "button", "Next " * 200)])
    assert one.text.endswith("(Pay now)")
    assert len(one.text) <= LONGEST_TEXT
    rows = [*rows[:2], (f"#{'Next ' * 200}Pay now", 2, (0, 0, 20, 20))]
    (one,) = found(rows, [named(2, "button")])
    assert one.text.endswith("Pay now")


def test_a_name_that_holds_the_letters_of_what_is_written_by_chance_does_not_hide_it():
    rows = [BODY, ("BUTTON", 1, (0, 0, 90, 40)), ("#Pay", 2, (0, 0, 20, 20))]
    (one,) = found(rows, [named(2, "button", "Help ayurveda")])
    assert one.text == "Help ayurveda (Pay)"
    (one,) = found(rows, [named(2, "button", "Pay in full")])
    assert one.text == "Pay in full"


@each_row(
    ("tag", "attributes"),
    [
        ("IMG", {"alt": "Pay"}),
        ("INPUT", {"type": "submit", "value": "Pay"}),
        ("INPUT", {"type": "image", "alt": "Pay"}),
    ],
)
def test_what_a_picture_or_an_input_button_says_counts_beside_its_name(
    tag: str, attributes: dict[str, str]
):
    rows = [BODY, ("A", 1, (0, 0, 90, 40)), (tag, 2, (0, 0, 20, 20))]
    (one,) = found(rows, [named(2, "link", "Next")], attributes={3: attributes})
    assert one.text == "Next (Pay)"


def test_a_field_for_a_code_is_known_in_traditional_characters():
    rows = [BODY, ("INPUT", 1, (0, 0, 90, 40))]
    (one,) = found(rows, [named(2, "textbox", "驗證碼")])
    assert one.secret


def test_things_in_things_in_things_take_no_time_of_the_device():
    """A thousand surfaces in each other, each of which holds the next."""
    depth = 3000
    rows: list[Row] = [BODY, *(("DIV", n + 1, (0, 0, 90, 40)) for n in range(depth))]
    began = time.monotonic()
    found(rows, clickable=range(2, depth + 2))
    assert time.monotonic() - began < 0.5
