"""A sensitive question that goes to no cloud says so, and names what would let it."""

from msgspec.structs import replace

from edgewise.core.endpoint import Condition, Consent
from edgewise.core.label import Sensitivity
from edgewise.core.place import Mode, Way
from edgewise.route.kept_back import kept_back
from edgewise.route.question import Need
from edgewise.route.route import decide
from tests.route.questions import NEAR, POLICY, question

BARE = replace(NEAR, assessment="")
ENGLISH = Condition(online=True, model="small", languages=("en",), context_tokens=4096)
SENSITIVE = question(
    sensitivity=Sensitivity.SENSITIVE,
    endpoints=(BARE,),
    consents=(Consent("c", BARE.name, "assist", 0.0),),
    mode=Mode.PREFER_DEVICE,
    condition=ENGLISH,
    need=Need("zh"),
)


def test_the_consent_and_the_assessment_that_lack_are_named():
    told = kept_back(SENSITIVE)
    assert told is not None
    for words in (told.en, told.zh):
        assert f"edgewise consent grant {BARE.name} --sensitive" in words
        assert "assessment" in words
    assert ("sensitive" in told.en, "敏感" in told.zh) == (True, True)


def test_only_what_lacks_is_named():
    given = Consent("c", BARE.name, "assist", 0.0, sensitive=True)
    told = kept_back(replace(SENSITIVE, consents=(given,)))
    assert told is not None
    assert "--sensitive" not in told.en
    told = kept_back(replace(SENSITIVE, endpoints=(replace(BARE, assessment="a1"),)))
    assert told is not None
    assert "config.toml" not in told.zh


def test_nothing_is_told_where_another_reason_keeps_it_here():
    assert kept_back(replace(SENSITIVE, sensitivity=Sensitivity.PLAIN)) is None
    assert kept_back(replace(SENSITIVE, mode=Mode.DEVICE_ONLY)) is None
    assert kept_back(replace(SENSITIVE, endpoints=())) is None
    assert kept_back(replace(SENSITIVE, endpoints=(replace(BARE, region="XX"),))) is None


def test_the_refusal_says_so_and_blames_no_model():
    routing = decide(SENSITIVE, POLICY)
    assert routing.way is Way.REFUSE
    last = routing.stages[-1].words
    assert ("--sensitive" in last.en, "--sensitive" in last.zh) == (True, True)
    assert "small" not in last.zh
