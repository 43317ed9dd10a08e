"""Somebody at the console of a running platform: signed in, in one organisation."""

import time
from typing import Any

import httpx

from edgewise.cloud.accounts import add_member, create_account, create_organisation
from edgewise.cloud.console.sessions import begin_session
from edgewise.cloud.roles import Role
from tests.cloud.running import Running


class Visitor:
    """A client of the management API; paths are within the organisation."""

    def __init__(self, running: Running, account: str, organisation: str) -> None:
        self.account = account
        self.organisation = organisation
        with running.cloud.database.begin() as connection:
            self.token = begin_session(connection, account, now_s=time.time()).token
        headers = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.AsyncClient(
            base_url=running.address + "/console/api", headers=headers, timeout=20, trust_env=False
        )

    async def ask(self, method: str, path: str, body: Any = None, **given: Any) -> httpx.Response:
        """A request within the organisation."""
        address = f"/organisations/{self.organisation}{path}"
        return await self.client.request(method, address, json=body, **given)

    async def got(self, path: str, **given: Any) -> Any:
        """The JSON of a path, which must be there."""
        reply = await self.ask("GET", path, **given)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def made(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a change, which must be done."""
        reply = await self.ask(method, path, body)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of a request that must be refused."""
        reply = await self.ask(method, path, body)
        assert reply.status_code >= 400, reply.text
        return reply.status_code, reply.json()["error"]["code"]


def owner_of(running: Running) -> Visitor:
    """The administrator of the first start."""
    made = running.cloud.first_start
    assert made is not None
    return Visitor(running, made.account.id, made.organisation.id)


def member_of(running: Running, role: Role, email: str = "") -> Visitor:
    """A further member of the first organisation."""
    made = running.cloud.first_start
    assert made is not None
    address = email or f"{role.value}@example.org"
    with running.cloud.database.begin() as connection:
        account = create_account(connection, address, role.value, now_s=time.time())
        add_member(connection, made.organisation.id, account.id, role)
    return Visitor(running, account.id, made.organisation.id)


def stranger_to(running: Running, email: str = "other@example.org") -> Visitor:
    """The owner of another organisation."""
    with running.cloud.database.begin() as connection:
        account = create_account(connection, email, "Other", now_s=time.time())
        made = create_organisation(connection, "Other", owner=account.id, now_s=time.time())
    return Visitor(running, account.id, made.id)


def first_project(running: Running) -> str:
    """The project of the first start."""
    made = running.cloud.first_start
    assert made is not None
    return made.project.id
