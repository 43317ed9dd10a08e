"""A policy is refused, with the name of its file, unless every rule of it is whole."""

import pytest

from edgewise.act.cedar import load_policy
from edgewise.act.policy import builtin_policy, builtin_texts
from edgewise.errors import TrustError

NOTES = '@id("{id}") @rule("{rule}") @source("test") @says("words") @says_zh("话") '


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"x.cedar": "permit (principal, action, resource)"}, "x.cedar does not parse"),
        ({"x.cedar": "permit (principal, action, resource);"}, "lacks @id"),
        (
            {"x.cedar": NOTES.format(id="R99-a", rule="98")
             + "permit (principal, action, resource);"},
            "must start with R",
        ),
        (
            {"x.cedar": NOTES.format(id="R98-a", rule="x") + "permit (principal,action,resource);"},
            "must start with R",
        ),
        (
            {"x.cedar": NOTES.format(id="R02-darken-driving", rule="2")
             + "permit (principal, action, resource);"},
            "is also in",
        ),
        (
            {"x.cedar": NOTES.format(id="R99-a", rule="99")
             + "permit (principal, action, resource) when { context.speeed > 1 };"},
            "does not fit the schema",
        ),
        (
            {"x.cedar": NOTES.format(id="R99-a", rule="99")
             + "permit (principal, action, resource) when { context.roof_after > 1 };"},
            "does not fit the schema",
        ),
        (
            {"x.cedar": NOTES.format(id="R99-a", rule="99")
             + "permit (principal == ?principal, action, resource);"},
            "template",
        ),
        ({"x.txt": ""}, "x.txt is neither"),
        ({"y.cedarschema": "entity A;"}, "exactly one"),
        ({"policy.cedarschema": "entity"}, "policy.cedarschema does not parse"),
    ],
)  # fmt: skip
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
