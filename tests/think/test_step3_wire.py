"""What goes over the pipe comes out as it was."""

from edgewise.think.step3_wire import Ask, Wrote, asks, encode, wrotes


def test_an_order_and_a_report_come_out_as_they_went_in():
    ask = Ask([{"role": "user", "content": [{"type": "image"}]}], [b"\x89PNG"], 5, 0.5, 0.9, 7)
    assert asks.decode(encode(ask)) == ask
    wrote = Wrote("é", 3, 2, "stop")
    assert wrotes.decode(encode(wrote)) == wrote
