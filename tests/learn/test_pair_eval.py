"""On a pair, each score gets its ranks with kinds held out, and the policy its shares."""

import pytest

from edgewise.learn.pair_eval import evaluate_pair
from edgewise.route.question import Score
from tests.learn.pair_rows import pair_of


@pytest.mark.slow
def test_tokens_that_tell_right_from_wrong_are_found_on_kinds_never_seen():
    def length_score(text: str) -> Score:
        return Score(0.5, float(len(text)))

    told: list[str] = []
    found = {
        result.metric: result.value
        for result in evaluate_pair(pair_of(), length_score, ("en",), told.append)
    }
    tokens = found["pair | answer check, tokens alone | kinds held out | APGR"]
    assert tokens > found["pair | random | nothing of this pair learnt | APGR"] + 0.1
    assert tokens > found["pair | answer check, text alone | kinds held out | APGR"] + 0.1
    head = "pair | answer check | kinds held out | APGR over answer check, text alone"
    assert 0 < found[f"{head} low"] <= found[head] <= found[f"{head} high"]
    every = "pair | all sent | all questions"
    assert (found[f"{every} | kept local"], found[f"{every} | bytes leaving"]) == (0, 100)
    knows = "pair | best threshold at 95 % kept, who knows which are right | all questions"
    fitted = "pair | best threshold at 95 % kept, check fitted | all questions"
    assert found[f"{knows} | bytes leaving"] <= found[f"{fitted} | bytes leaving"] < 100
    assert found[f"{fitted} | quality kept"] >= 95
    assert told
