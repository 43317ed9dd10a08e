"""Budgets over the management API, each with how it stands."""

from decimal import Decimal

import pytest

from edgewise.cloud.console.budgets import nano_of
from edgewise.cloud.refusal import Refused
from edgewise.cloud.roles import Role
from tests.cloud.console.visitor import Visitor, first_project, member_of
from tests.cloud.running import Running
from tests.each_row import each_row

pytestmark = pytest.mark.slow

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 20}


async def test_a_budget_is_made_counted_raised_and_deleted(running: Running, owner: Visitor):
    body = {"scope_kind": "project", "scope": first_project(running), "period": "day"}
    made = await owner.made("POST", "/budgets", {**body, "limit": "0.5"})
    assert made["limit_nano"] == 500_000_000
    assert await owner.refused("POST", "/budgets", {**body, "limit": "1"}) == (409, "conflict")
    [shown] = (await owner.got("/budgets"))["budgets"]
    assert (shown["spent_nano"], shown["reserved_nano"]) == (0, 0)
    assert (await running.client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    await running.wait_until_idle()
    spent = sum(entry.cost_nano for entry in running.cloud.ledger.recent)
    [shown] = (await owner.got("/budgets"))["budgets"]
    assert shown["spent_nano"] == spent > 0
    place = f"/budgets/{made['id']}"
    assert (await owner.made("PATCH", place, {"limit": "2.25"}))["limit_nano"] == 2_250_000_000
    await owner.made("DELETE", place)
    assert (await owner.got("/budgets"))["budgets"] == []


async def test_members_see_budgets_and_do_not_change_them(running: Running, owner: Visitor):
    member = member_of(running, Role.MEMBER)
    body = {"scope_kind": "organisation", "scope": owner.organisation, "period": "month"}
    made = await owner.made("POST", "/budgets", {**body, "limit": "1"})
    assert len((await member.got("/budgets"))["budgets"]) == 1
    place = f"/budgets/{made['id']}"
    assert await member.refused("PATCH", place, {"limit": "9"}) == (403, "forbidden")
    assert await member.refused("DELETE", place) == (403, "forbidden")


@each_row("limit", ["-1", "0.0000000001", "NaN", "Infinity", "1e300"])
def test_a_limit_that_cannot_be_kept_is_refused(limit: str):
    with pytest.raises(Refused, match="limit"):
        nano_of(Decimal(limit))


def test_a_limit_is_exact():
    assert nano_of(Decimal("0.000000001")) == 1
    assert nano_of(Decimal("123456789.123456789")) == 123_456_789_123_456_789
    with pytest.raises(Refused):
        nano_of(Decimal("1.0000000001"))
