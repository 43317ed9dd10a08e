"""What is sent to the voice's process and back arrives as it was."""

from edgewise.answer.voice_wire import Clause, Made, clauses, encode, mades
from edgewise.core.words import Language


def test_an_order_and_its_report_arrive_whole():
    order = Clause("好的。\x00🙂", Language.CHINESE, "zf_xiaobei", 1.25, tells=False)
    assert clauses.decode(encode(order)) == order
    made = Made(bytes(range(256)), 24_000, "Мир")
    assert mades.decode(encode(made)) == made
