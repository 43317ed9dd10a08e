"""Questions for the router: one that both can answer, and any that there can be."""

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from edgewise.core.endpoint import Allowance, Condition, Consent, Endpoint, Health, Service
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Following, Need, Question, Score

NOW = 1_000.0
NEAR = Endpoint("near", "https://near.example/v1", "big", "CN", assessment="PIA-1")
FAR = Endpoint("far", "https://far.example/v1", "big", "US", crossing="SCC-1", assessment="PIA-2")
YES = Consent("c1", "near", "assist", 1.0, sensitive=True)
YES_FAR = Consent("c2", "far", "assist", 1.0, sensitive=True, crossing=True)
READY = Condition(online=True, model="small", languages=("en", "zh"), context_tokens=4_096)
EASY, MIDDLING, HARD = Score(0.05, 0.1), Score(0.3, 0.1), Score(0.9, 2.0)
POLICY = RoutePolicy()


def question(**changes: Any) -> Question:
    """One that the device and a cloud in its region can both answer, and that may go there."""
    plain = Question(
        "d1",
        Mode.PREFER_DEVICE,
        NOW,
        region="CN",
        endpoints=(NEAR,),
        consents=(YES,),
        condition=READY,
        score=MIDDLING,
    )
    return replace(plain, **changes)


shares = st.floats(0.0, 1.0)
_some = st.floats(0.0, 1e6)
_tokens = st.integers(-10, 100_000)
_regions = st.sampled_from(["", "CN", "US"])
_names = st.sampled_from(["near", "far", "third", "device"])
_languages = st.lists(st.sampled_from(["en", "zh"]), max_size=2).map(tuple)
_purposes = st.sampled_from(["assist", "other"])
_times = st.one_of(st.none(), st.sampled_from([0.0, NOW, NOW + 1]))

endpoints = st.builds(
    Endpoint,
    name=_names,
    address=st.sampled_from(["https://near.example/v1", "https://far.example/v1"]),
    model=st.just("big"),
    region=_regions,
    service=st.sampled_from(list(Service)),
    languages=_languages,
    context_tokens=st.sampled_from([0, 1_000, 200_000]),
    tools=st.booleans(),
    images=st.booleans(),
    input_price=_some,
    output_price=_some,
    crossing=st.sampled_from(["", "SCC-1", "exemption:2024"]),
    assessment=st.sampled_from(["", "PIA-1"]),
)
consents = st.builds(
    Consent,
    id=st.just("c"),
    recipient=_names,
    purpose=_purposes,
    granted_at=st.sampled_from([1.0, NOW + 1]),
    sensitive=st.booleans(),
    crossing=st.booleans(),
    expires_at=_times,
    revoked_at=_times,
    drive=st.sampled_from(["", "d1"]),
    region=_regions,
)
scores = st.builds(
    Score,
    wrong=shares,
    raw=st.floats(-10, 10),
    likeness=st.sampled_from([0.0, 0.3499, 0.35, 0.9, 1.0]),
    features=st.dictionaries(st.sampled_from(["length", "digits"]), st.floats(-5, 5)),
)
needs = st.builds(
    Need,
    language=st.sampled_from(["en", "zh", "fr"]),
    input_tokens=_tokens,
    output_tokens=_tokens,
    tools=st.booleans(),
    images=st.booleans(),
    document_tokens=_tokens,
)
conditions = st.builds(
    Condition,
    online=st.booleans(),
    model=st.sampled_from(["", "small"]),
    languages=_languages,
    context_tokens=st.sampled_from([0, 2_048, 200_000]),
    tokens_a_second=st.sampled_from([0.0, 5.0, 500.0]),
    battery=st.one_of(st.none(), shares),
    temperature_c=st.one_of(st.none(), st.floats(-40, 120)),
    queue=st.integers(0, 9),
)
followings = st.one_of(
    st.none(), st.builds(Following, st.sampled_from([0.3, 0.5]), st.floats(-10, 10), st.just(100))
)
questions = st.builds(
    Question,
    digest=st.just("d1"),
    mode=st.sampled_from(list(Mode)),
    now=st.just(NOW),
    residency=st.sampled_from(list(Residency)),
    sensitivity=st.sampled_from(list(Sensitivity)),
    readers=st.sampled_from([None, None, None, (), ("owner",)]),
    purposes=st.sampled_from([None, None, ("assist",), ()]),
    expires_at=_times,
    purpose=_purposes,
    region=_regions,
    regions=st.sampled_from([None, (), ("US",)]),
    drive=st.sampled_from(["", "d1"]),
    need=needs,
    endpoints=st.lists(endpoints, max_size=3).map(tuple),
    consents=st.lists(consents, max_size=3).map(tuple),
    health=st.lists(
        st.builds(
            Health,
            endpoint=_names,
            open=st.booleans(),
            p50_s=st.sampled_from([0.0, 1.0, 90.0]),
        ),
        max_size=2,
    ).map(tuple),
    condition=conditions,
    allowance=st.builds(
        Allowance,
        money=st.one_of(st.none(), _some),
        size_bytes=st.one_of(st.none(), st.integers(0, 100_000)),
    ),
    score=st.one_of(st.none(), scores),
    last=st.sampled_from(["", "device", "cloud", "delegate", "refuse"]),
    deadline_s=st.sampled_from([-1.0, 0.0, 2.0, 60.0]),
    chance=shares,
    agreed=st.booleans(),
    queueable=st.booleans(),
    following=followings,
)
"""Any question. Most of them nobody can answer: see `open_questions`."""

open_questions = st.builds(
    question,
    mode=st.sampled_from([Mode.PREFER_DEVICE, *Mode]),
    sensitivity=st.sampled_from([Sensitivity.PLAIN, Sensitivity.SENSITIVE]),
    need=st.builds(
        Need,
        input_tokens=st.sampled_from([1, 20, 500, 5_000]),
        output_tokens=st.integers(1, 500),
        tools=st.booleans(),
        document_tokens=st.sampled_from([0, 0, 2_000]),
    ),
    endpoints=st.sampled_from(
        [(NEAR,), (FAR, NEAR), (NEAR, replace(NEAR, name="third", service=Service.PLATFORM))]
    ),
    consents=st.sampled_from([(YES,), (YES,), (YES, YES_FAR), ()]),
    health=st.sampled_from([(), (), (Health("near", p50_s=1.0),), (Health("near", open=True),)]),
    condition=st.builds(
        replace,
        st.just(READY),
        online=st.sampled_from([True, True, True, False]),
        model=st.sampled_from(["small", "small", "small", ""]),
        tokens_a_second=st.sampled_from([0.0, 5.0, 500.0]),
        battery=st.sampled_from([None, None, 0.5, 0.05]),
    ),
    score=st.one_of(scores, scores, st.none()),
    last=st.sampled_from(["", "device", "cloud"]),
    deadline_s=st.sampled_from([60.0, 60.0, 10.0, 0.5]),
    chance=st.one_of(st.just(1.0), st.floats(0.0, 0.1)),
    agreed=st.booleans(),
    queueable=st.booleans(),
)
"""A question that a cloud and the device can nearly always both answer."""
anything = st.integers(0, 4).flatmap(lambda drawn: questions if drawn == 4 else open_questions)
contested = st.builds(
    question,
    mode=st.sampled_from([Mode.PREFER_DEVICE, Mode.ASK]),
    need=st.builds(Need, document_tokens=st.sampled_from([0, 2_000])),
    endpoints=st.sampled_from(
        [(NEAR,), (FAR, NEAR), (NEAR, replace(NEAR, name="third", service=Service.PLATFORM))]
    ),
    health=st.sampled_from([(), (Health("near", p50_s=1.0),)]),
    condition=st.builds(replace, st.just(READY), tokens_a_second=st.sampled_from([0.0, 50.0])),
    score=scores,
    last=st.sampled_from(["", "device", "cloud"]),
    deadline_s=st.sampled_from([60.0, 5.5]),
    chance=st.one_of(st.just(1.0), st.floats(0.0, 0.1)),
    agreed=st.booleans(),
    following=followings,
)
"""A question that only scores decide."""
policies = st.builds(
    RoutePolicy,
    pre_threshold=st.floats(0.5, 1.0),
    post_threshold=shares,
    sure=st.floats(0.0, 0.5),
    sample=st.sampled_from([0.0, 0.05, 1.0]),
    document_tokens=st.sampled_from([10, 1_500]),
    cloud_share=st.sampled_from([None, None, 0.3]),
)
