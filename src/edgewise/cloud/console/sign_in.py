"""Signing in and out of the console: by password, or by another service (`oidc.py`).

A wrong password, an unknown address and a disabled account are one answer that takes as long. Two
passwords are looked at at a time and some wait; more are told to come back, so a flood takes
neither the memory nor the threads that the platform needs.
"""

import asyncio
import math
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud import password as passwords
from edgewise.cloud.accounts import own_account, set_password, sign_in
from edgewise.cloud.answers import answer
from edgewise.cloud.config import OidcConfig
from edgewise.cloud.console.attempts import Attempts
from edgewise.cloud.console.doors import body_of, in_thread, signed_in, signed_out, token_in
from edgewise.cloud.console.identity import account_of
from edgewise.cloud.console.sessions import NewSession, begin_session, end_session, end_sessions
from edgewise.cloud.doors import header
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.core.clock import Clock
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.cloud.console.oidc import Oidc

MOST_WAITING = 20

Text = Annotated[str, Meta(min_length=1, max_length=512)]


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """An address and its password."""

    email: Text
    password: Text


class Return(Struct, frozen=True, forbid_unknown_fields=True):
    """What the page brings back from the service, with the secret it kept."""

    code: Annotated[str, Meta(min_length=1, max_length=4096)]
    state: Text
    secret: Text


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """The password in force and the one to come."""

    old: Text
    new: Text


class SignIn:
    """The routes of signing in, and what they remember between requests."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._attempts = Attempts(cloud.clock)
        self._turn = asyncio.Semaphore(passwords.AT_ONCE)
        self._waiting = 0
        self._oidc = _oidc(cloud.config.oidc, cloud.clock)

    def routes(self) -> list[BaseRoute]:
        """Their places below /console/api."""
        return [
            Route("/sign-in", self.ways, methods=["GET"]),
            Route("/sign-in", self.by_password, methods=["POST"]),
            Route("/sign-in/oidc", self.begin, methods=["POST"]),
            Route("/sign-in/oidc/finish", self.finish, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/me/password", self.change_password, methods=["POST"]),
            Route("/me/sessions", self.end_all, methods=["DELETE"]),
        ]

    async def ways(self, request: Request) -> Response:
        """How one can sign in here."""
        oidc = self._cloud.config.oidc
        return answer(request, {"password": True, "oidc": oidc.name if oidc else None})

    async def by_password(self, request: Request) -> Response:
        """A session for an address and its password."""
        given = await body_of(request, Credentials)
        account = await self.checked(request, given.email, given.password)
        return answer(request, await self._begin(account))

    async def begin(self, request: Request) -> Response:
        """Where the page goes to sign in by the service."""
        return answer(request, await self.service().begin(self.page(request)))

    async def finish(self, request: Request) -> Response:
        """A session for what the page brings back from the service."""
        given = await body_of(request, Return)
        identity = await self.service().finish(given.code, given.state, given.secret)

        def find() -> str:
            with self._cloud.database.begin() as connection:
                return account_of(connection, identity).id

        return answer(request, await self._begin(await in_thread(find)))

    async def sign_out(self, request: Request) -> Response:
        """End this session."""
        token = token_in(request)
        await signed_in(request, lambda c, _: end_session(c, token), changes=True)
        return answer(request, {"ended": 1})

    async def end_all(self, request: Request) -> Response:
        """End all sessions of this account, this one too."""
        return answer(request, {"ended": await signed_in(request, end_sessions, changes=True)})

    async def change_password(self, request: Request) -> Response:
        """Another password for who knows the one in force; a new session in place of all."""
        given = await body_of(request, NewPassword)
        own = await signed_in(request, own_account)
        if own is None:
            raise signed_out()
        await self.checked(request, own.email, given.old)

        def change(connection: Connection, account: str) -> NewSession:
            set_password(connection, account, given.new)
            return begin_session(connection, account, now_s=self._cloud.clock.now())

        async with self._one_of_few():
            made = await signed_in(request, change, changes=True)
        return answer(request, made)

    async def checked(self, request: Request, email: str, password: str) -> str:
        """The account of an address and its password, which is an attempt. Raises Refused: 401,
        429."""
        address = request.client.host if request.client else ""
        named = email.strip().lower()
        wait_s = self._attempts.take(address, named)
        if wait_s:
            raise _too_often(math.ceil(wait_s))
        async with self._one_of_few():
            found = await in_thread(lambda: sign_in(self._cloud.database, email, password))
        if found is None:
            said = (
                "the address or the password is wrong; ask your administrator for another, or set"
                " one on the platform's machine: edgewise cloud password"
            )
            raise Refused(401, "wrong_password", said)
        self._attempts.succeed(address, named)
        return found.id

    @asynccontextmanager
    async def _one_of_few(self) -> AsyncGenerator[None, None]:
        if self._waiting >= MOST_WAITING:
            raise _too_often(2)
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1

    async def _begin(self, account: str) -> NewSession:
        def begin() -> NewSession:
            with self._cloud.database.begin() as connection:
                return begin_session(connection, account, now_s=self._cloud.clock.now())

        return await in_thread(begin)

    def service(self) -> "Oidc":
        """The sign-in service. Raises Refused (404) when none is set up."""
        if self._oidc is None:
            said = "no sign-in service is set up; add [oidc] to cloud.toml, or use a password"
            raise Refused(404, "no_oidc", said)
        return self._oidc

    def page(self, request: Request) -> str:
        """The page's own address, which the service must know: set it there to the letter."""
        base = self._cloud.config.public_url or f"http://{header(request.scope, b'host')}"
        return base.rstrip("/") + "/console/"


def _too_often(wait_s: int) -> Refused:
    said = f"too many sign-ins were tried; try again in {wait_s} s"
    return Refused(429, "too_many_sign_ins", said, headers={"Retry-After": str(wait_s)})


def _oidc(config: OidcConfig | None, clock: Clock) -> "Oidc | None":
    if config is None:
        return None
    from edgewise.cloud.console.oidc import Oidc, oidc_client  # loaded where it is used alone

    return Oidc(config, _client_secret(config), clock, oidc_client)


def _client_secret(config: OidcConfig) -> str:
    if not config.client_secret_env:
        return ""
    secret = os.environ.get(config.client_secret_env, "")
    if not secret:
        raise UserError(
            f"[oidc]: the environment variable {config.client_secret_env} is not set",
            code="bad_config",
        )
    return secret
