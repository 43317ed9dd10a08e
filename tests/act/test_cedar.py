"""A policy is refused, with the name of its file, unless every rule of it is whole."""

import pytest

from edgewise.act.cedar import load_policy
from edgewise.act.policy import builtin_policy, builtin_texts
from edgewise.errors import TrustError
from tests.act.written import written

PERMIT = "permit (principal, action, resource)"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"x.cedar": PERMIT}, "x.cedar does not parse"),
        ({"x.cedar": PERMIT + ";"}, "lacks @id"),
        ({"x.cedar": written(PERMIT + ";", number="98")}, "must start with R"),
        ({"x.cedar": written(PERMIT + ";", number="x")}, "must start with R"),
        ({"x.cedar": written(PERMIT + ";", name="R02-darken-driving", number="2")}, "is also in"),
        (
            {"x.cedar": written(PERMIT + " when { context.speeed > 1 };")},
            "does not fit the schema",
        ),
        (
            {"x.cedar": written(PERMIT + " when { context.roof_after > 1 };")},
            "does not fit the schema",
        ),
        ({"x.cedar": written("permit (principal == ?principal, action, resource);")}, "template"),
        ({"x.txt": ""}, "x.txt is neither"),
        ({"y.cedarschema": "entity A;"}, "exactly one"),
        ({"policy.cedarschema": "entity"}, "policy.cedarschema does not parse"),
    ],
)
def test_a_broken_policy_is_refused_with_the_name_of_its_file(
    files: dict[str, str], complaint: str
):
    with pytest.raises(TrustError, match=complaint):
        load_policy({**builtin_texts(), **files})


def test_a_policy_without_rules_or_schema_is_refused():
    texts = builtin_texts()
    schema = {name: text for name, text in texts.items() if name.endswith(".cedarschema")}
    with pytest.raises(TrustError, match="holds no rule"):
        load_policy(schema)
    with pytest.raises(TrustError, match="exactly one"):
        load_policy({name: text for name, text in texts.items() if name not in schema})


def test_the_hash_changes_with_any_text_and_not_with_their_order():
    texts = builtin_texts()
    same = load_policy(dict(reversed(texts.items())))
    other = load_policy({**texts, "gates.cedar": texts["gates.cedar"] + "\n// one more line\n"})
    assert same.hash == builtin_policy().hash
    assert other.hash != builtin_policy().hash


def test_each_action_knows_its_groups_and_theirs():
    groups = builtin_policy().groups
    assert groups["disruptive"] == {"disruptive", "weighty", "change", "ordinary"}
    assert groups["protect"] == {"protect"}


def test_a_rule_that_may_look_at_the_yes_is_not_firm():
    asks = [
        "unless { context.confirmed };",
        'when { context.driving == "moving" || !context.confirmed };',
        "when { {a: context}.a.inferred };",
    ]
    for asking in asks:
        texts = builtin_texts() | {
            "x.cedar": written(f"forbid (principal, action, resource) {asking}")
        }
        assert "R99-test" not in load_policy(texts).firm
    firm = written("forbid (principal, action, resource) when { context.inferred };")
    assert "R99-test" in load_policy({**builtin_texts(), "x.cedar": firm}).firm
