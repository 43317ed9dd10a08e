"""What was read as text."""

from edgewise.perceive.see import Box, Line, Read


def test_the_text_of_a_reading_is_its_lines():
    box = Box(0, 0, 1, 1)
    assert Read((Line("STOP", box, 1.0), Line("停", box, 1.0))).text == "STOP\n停"
    assert Read(()).text == ""
