"""A role may all that the one below it may, and no more than its own."""

import pytest

from edgewise.cloud.roles import Action, Role, check_role, giving, may
from edgewise.errors import UserError


def allowed(role: Role | None) -> set[Action]:
    return {action for action in Action if may(role, action)}


def test_each_role_may_more_than_the_one_below_it():
    assert set() == allowed(None) < allowed(Role.MEMBER) < allowed(Role.ADMIN) < allowed(Role.OWNER)


def test_an_owner_may_everything():
    assert allowed(Role.OWNER) == set(Action)


def test_a_member_reads_and_keeps_own_keys_only():
    assert allowed(Role.MEMBER) == {Action.READ, Action.MANAGE_OWN_KEYS}


def test_an_administrator_makes_no_owners():
    assert not may(Role.ADMIN, giving(Role.OWNER))
    assert may(Role.ADMIN, giving(Role.ADMIN))
    assert may(Role.ADMIN, giving(Role.MEMBER))


def test_a_refusal_names_who_may():
    with pytest.raises(
        UserError, match=r"member may not manage budgets; .* owner, admin"
    ) as refused:
        check_role(Role.MEMBER, Action.MANAGE_BUDGETS)
    assert refused.value.code == "forbidden"
