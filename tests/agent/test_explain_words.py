"""Where words were sought is told in lines that a person can read, in both languages."""

import pytest

from edgewise.agent.explain_words import left_lines, word_lines
from edgewise.agent.fates import Fate
from edgewise.core.event import Attempt, Came, Checked, Delegated, Kept, Left, Weighed
from edgewise.core.place import Routing, Stage, Way
from edgewise.core.words import Language, Words

HEAD = {"seq": 1, "at": 0.0, "turn": "t"}
STAGE = Stage(
    "score",
    Words("score: likely too hard", "评分：可能太难"),
    {"wrong": 0.9, "last": ""},
    0.6,
    settled=True,
    otherwise=Words("the device below 0.60", "若低于 0.60 则由本机回答"),
)
ROUTING = Routing(
    Way.CLOUD, "step", "step-3.7", (STAGE,), runner_up="device", margin=0.3, policy="1 abc"
)
WEIGHED = Weighed(question={}, routing=ROUTING, took_ms=1.0, **HEAD)
LEFT = Left(
    endpoint="step", region="CN", purpose="assist", digest="ab" * 32, size_bytes=120,
    replaced={"phone": 2}, **HEAD,
)  # fmt: skip
CAME = Came(
    endpoint="step", attempts=(Attempt("step", 0.0, 1.5),), input_tokens=10, output_tokens=20,
    cost=0.0012, took_ms=1500.0, **HEAD,
)  # fmt: skip


@pytest.mark.parametrize("language", Language)
def test_a_decision_tells_its_stages_their_values_and_what_would_have_changed_it(
    language: Language,
):
    told = "\n".join(word_lines(WEIGHED, language))
    for part in ("step", "0.3", "wrong=0.9", "0.6", "0.60", "1 abc"):
        assert part in told
    assert "last=" not in told


@pytest.mark.parametrize("language", Language)
def test_a_check_tells_its_last_stage_alone(language: Language):
    first = Stage("rules", Words("RULES", "RULES"))
    routing = Routing(Way.DEVICE, model="small", stages=(first, STAGE))
    told = "\n".join(
        word_lines(Checked(score={}, question={}, routing=routing, took_ms=1.0, **HEAD), language)
    )
    assert "0.60" in told
    assert "RULES" not in told


@pytest.mark.parametrize("language", Language)
def test_what_left_and_what_came_is_told_in_figures(language: Language):
    left = "\n".join(left_lines(LEFT, Fate.LEFT, language))
    for part in ("step", "CN", "assist", "120", "phone 2", "abababababab"):
        assert part in left
    came = "\n".join(word_lines(CAME, language))
    for part in ("step", "10 + 20", "0.001200", "1.50 s: ok"):
        assert part in came


@pytest.mark.parametrize("seam", [False, True])
@pytest.mark.parametrize("language", Language)
def test_a_cloud_that_failed_is_told_with_its_code(language: Language, seam: bool):
    event = Came(endpoint="step", failed="cloud_away", seam=seam, **HEAD)
    (line,) = word_lines(event, language)
    assert "cloud_away" in line
    assert "step" in line


@pytest.mark.parametrize("language", Language)
def test_what_waits_is_told_with_its_end(language: Language):
    event = Kept(
        endpoint="step",
        region="CN",
        purpose="assist",
        digest="cd" * 32,
        size_bytes=77,
        until=86_400.0 * 365,
        **HEAD,
    )
    told = "\n".join(word_lines(event, language))
    for part in ("step", "CN", "assist", "77", "1971-01-01", "cdcdcdcdcdcd"):
        assert part in told


@pytest.mark.parametrize("language", Language)
def test_a_hedge_is_told_and_who_was_first(language: Language):
    ended = Came(endpoint="step", failed="ended", cost=0.5, hedged=True, **HEAD)
    (line,) = word_lines(ended, language)
    alone = Came(endpoint="step", failed="ended", cost=0.5, **HEAD)
    assert "0.500000" in line
    assert len(line) > len(next(word_lines(alone, language)))
    assert next(word_lines(Came(endpoint="step", hedged=True, **HEAD), language)) != next(
        word_lines(Came(endpoint="step", **HEAD), language)
    )


@pytest.mark.parametrize("language", Language)
def test_a_delegation_tells_how_much_of_the_document_left(language: Language):
    event = Delegated(
        endpoint="step", rounds=2, jobs=3, pieces=4, document_bytes=10_000, left_bytes=250,
        sent_bytes=900, allowed=0.18, failed="no_answer", **HEAD,
    )  # fmt: skip
    (line,) = word_lines(event, language)
    for part in ("step", "250", "10000", "2.5%", "18%", "no_answer"):
        assert part in line
