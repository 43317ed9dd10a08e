import re

from edgewise.think.understanding.verbs import VERB_EN, VERB_ZH


def test_verbs_are_alternatives_that_open_an_order():
    assert re.match(rf"(?:{VERB_EN})\b", "turn it off")
    assert re.match(rf"(?:{VERB_ZH})", "打开空调")
    assert not re.match(rf"(?:{VERB_EN})\b", "turnip soup")
