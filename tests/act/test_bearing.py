"""A rule is left out only where Cedar itself would not let it match."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.bearing import demanded_by, read_by, traits_of
from edgewise.act.cedar import Policy, load_policy
from edgewise.act.decide import decide, decide_plainly
from edgewise.act.policy import builtin_policy
from tests.act.written import written
from tests.each_row import each_row

SCHEMA = """
type Facts = {
  confirmed: Bool, program: Bool, exposed: Bool, effects: Set<String>, shows: Set<String>,
  proactive?: Bool, count?: Long,
};
entity Person;
entity Capability;
action do appliesTo { principal: Person, resource: Capability, context: Facts };
"""
ATOMS = [
    "context.program", "context.exposed", "context has proactive",
    "(context has proactive && context.proactive)", "(context has count && context.count > 2)",
    'context.effects.contains("a")', 'context.effects.containsAny(["a", "b"])',
    'context.effects.containsAll(["a", "b"])', "context.shows.isEmpty()",
    '["a"].containsAll(context.effects)', 'principal == Person::"driver"',
]  # fmt: skip
YES = "{ context.confirmed }"
KINDS = [("permit", ""), ("permit", f"when {YES}"), ("forbid", ""), ("forbid", f"unless {YES}")]
tests = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({' '.join(t)})"),
        inner.map(lambda test: f"!({test})"),
    ),
    max_leaves=5,
)
conditions = st.lists(
    st.tuples(st.sampled_from(["when", "unless"]), tests).map(lambda t: f"{t[0]} {{ {t[1]} }}"),
    min_size=1,
    max_size=2,
).map(" ".join)
names = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=2)
calls = st.fixed_dictionaries(
    {
        "action": st.just("do"),
        "capability": st.just("x"),
        "speaker_zone": st.sampled_from(["driver", "unknown"]),
        "program": st.booleans(),
        "exposed": st.booleans(),
        "effects": names,
        "shows": names,
    },
    optional={"proactive": st.booleans(), "count": st.integers(0, 5)},
)


def policy_of(*rules: str) -> Policy:
    texts = [written(rule, name=f"R99-{n}") for n, rule in enumerate(rules)]
    return load_policy({"policy.cedarschema": SCHEMA, "rules.cedar": "\n".join(texts)})


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), conditions), min_size=1, max_size=3),
    st.lists(calls, min_size=4, max_size=8),
)
def test_leaving_rules_out_never_changes_the_answer(
    rules: list[tuple[tuple[str, str], str]], asked: list[dict[str, Any]]
):
    policy = policy_of(
        "permit (principal, action, resource);",
        *(f"{force} (principal, action, resource) {test} {yes};" for (force, yes), test in rules),
    )
    for facts in asked:
        for confirmed in (False, True):
            plain = decide_plainly(policy, facts, confirmed=confirmed)
            assert decide(policy, facts, confirmed=confirmed) == plain


@each_row(
    ("rule", "demands"),
    [
        ("when { context.program && context.exposed }", {"program"}),
        ("unless { context.program || context.exposed }", {"!program"}),
        ("when { !context.exposed || context.program }", {"!exposed", "program"}),
        ("when { !context.shows.isEmpty() }", {"shows+"}),
        ('when { context.effects.containsAny(["a", "b"]) }', {"effects:a", "effects:b"}),
        ("when { context has proactive }", {"proactive?"}),
        ("when { !(context has proactive) }", set[str]()),
        ("unless { context.confirmed }", set[str]()),
        ("when { context.shows.isEmpty() }", set[str]()),
        ('when { context.program || principal == Person::"driver" }', set[str]()),
        ("", set[str]()),
    ],
)
def test_the_first_test_tells_what_a_rule_demands(rule: str, demands: set[str]):
    only = policy_of(f"forbid (principal, action, resource) {rule};").rules[0]
    assert only.demands == demands
    assert demanded_by(only.document["conditions"]) == demands


def test_traits_are_what_a_first_test_can_demand():
    facts: Mapping[str, Any] = {"program": True, "exposed": False, "effects": ["a"], "shows": []}
    assert traits_of(facts) == {
        "program", "program?", "!exposed", "exposed?", "effects+", "effects?", "effects:a",
        "shows?",
    }  # fmt: skip


def test_a_rule_reads_the_facts_that_it_names_or_all():
    rule = policy_of("forbid (principal, action, resource) unless { context.program };").rules[0]
    assert rule.reads == {"program"}
    assert read_by({"==": {"left": {"Var": "context"}, "right": {"Var": "context"}}}) is None


def test_most_of_the_shipped_rules_demand_something():
    rules = builtin_policy().rules
    assert sum(bool(rule.demands) for rule in rules) > len(rules) / 2
