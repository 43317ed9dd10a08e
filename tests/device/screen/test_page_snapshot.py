"""A document of a browser's snapshot, by node."""

from edgewise.device.screen.page_snapshot import Document, Layout, Nodes, RareIndex, Tree

STRINGS = ["#document", "BODY", "BUTTON", "#text", "Go", "Type", "submit", "block"]


def tree() -> Tree:
    nodes = Nodes(
        [-1, 0, 1, 2], [9, 1, 1, 3], [0, 1, 2, 3], [11, 12, 13, 14], [[], [], [5, 6]],
        is_clickable=RareIndex([2]),
    )  # fmt: skip
    layout = Layout([1, 2, 3], [[7], [], []], [[0, 0, 9, 9]] * 3, [-1, -1, 4])
    return Tree(Document(nodes, layout), STRINGS)


def test_columns_become_nodes_with_names_words_and_parents():
    made = tree()
    assert [made.name(node) for node in range(3)] == ["#DOCUMENT", "BODY", "BUTTON"]
    assert list(made.below(1)) == [1, 2, 3]
    assert made.text[3] == "Go"
    assert made.is_text(3)
    assert made.identity(2) == 13
    assert made.parent == [-1, 0, 1, 2]
    assert made.clickable == {2}
    assert made.styles[1]["display"] == "block"


def test_attributes_are_found_whatever_their_case_and_missing_ones_are_empty():
    made = tree()
    assert made.attribute(2, "type") == "submit"
    assert made.attribute(2, "alt") == ""
    assert made.attribute(3, "type") == ""


def test_a_number_that_names_no_string_is_no_word():
    assert tree().said(-1) == ""
    assert tree().said(99) == ""
