"""The table holds all 44 rules once, and each policy belongs to one of them."""

from edgewise.act.policy import builtin_policy
from edgewise.act.rules import Where, rules_of


def test_the_table_has_each_number_once_in_order():
    assert [rule.number for rule in rules_of(builtin_policy())] == list(range(1, 45))


def test_a_rule_is_in_the_policy_exactly_if_the_table_says_so():
    for rule in rules_of(builtin_policy()):
        assert bool(rule.policies) == (Where.POLICY in rule.enforced_in), rule.number


def test_every_rule_has_a_decision_and_a_source():
    for rule in rules_of(builtin_policy()):
        assert rule.policies or rule.decision, rule.number
        assert rule.sources, rule.number


def test_every_policy_belongs_to_a_rule_or_to_the_general_gates():
    numbers = {rule.number for rule in rules_of(builtin_policy())}
    assert {cedar.number for cedar in builtin_policy().rules} <= numbers | {0}
