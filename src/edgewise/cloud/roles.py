"""What a member of an organisation may do: pure functions of the role.

Each role may all that the one below it may.
"""

from enum import StrEnum

from edgewise.errors import UserError


class Role(StrEnum):
    """A person's place in an organisation."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Action(StrEnum):
    """What is asked for."""

    READ = "read"
    MANAGE_OWN_KEYS = "manage own keys"
    MANAGE_KEYS = "manage keys"
    MANAGE_PROJECTS = "manage projects and devices"
    MANAGE_BUDGETS = "manage budgets"
    MANAGE_MEMBERS = "manage members"
    MANAGE_OWNERS = "manage owners"
    MANAGE_ORGANISATION = "manage the organisation"


_MEMBER = frozenset({Action.READ, Action.MANAGE_OWN_KEYS})
_ADMIN = _MEMBER | {
    Action.MANAGE_KEYS,
    Action.MANAGE_PROJECTS,
    Action.MANAGE_BUDGETS,
    Action.MANAGE_MEMBERS,
}
_ALLOWED = {Role.MEMBER: _MEMBER, Role.ADMIN: _ADMIN, Role.OWNER: frozenset(Action)}


def may(role: Role | None, action: Action) -> bool:
    """Whether the role allows it; None, who is no member, may nothing."""
    return role is not None and action in _ALLOWED[role]


def check_role(role: Role | None, action: Action) -> None:
    """Raises UserError `forbidden` when the role does not allow it."""
    if not may(role, action):
        able = [other.value for other in Role if may(other, action)]
        raise UserError(
            f"{role.value if role else 'no member'} may not {action.value};"
            f" ask one who may: {', '.join(able)}",
            code="forbidden",
        )


def giving(role: Role) -> Action:
    """What it takes to give a role to a member, or to take it away."""
    return Action.MANAGE_OWNERS if role is Role.OWNER else Action.MANAGE_MEMBERS
