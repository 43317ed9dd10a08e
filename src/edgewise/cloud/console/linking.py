"""Linking a sign-in service's identity to one's own account, and taking it off again.

Both are for who is signed in and says the account's password once more, so neither a session that
was stolen nor the service alone can make itself a way in. The flow that is begun is bound to the
account; what it brings back is linked to no other, and signs nobody in. Taking an identity off ends
all sessions, since any of them may have begun by it.
"""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.accounts import Account, own_account
from edgewise.cloud.answers import answer
from edgewise.cloud.console.doors import body_of, signed_in, signed_out
from edgewise.cloud.console.identity import WaysIn, link, unlink, ways_in
from edgewise.cloud.console.sessions import NewSession, begin_session, end_sessions
from edgewise.cloud.console.sign_in import Return, SignIn
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud


class Again(Struct, frozen=True, forbid_unknown_fields=True):
    """The password of one's own account, said once more."""

    password: Annotated[str, Meta(min_length=1, max_length=512)]


class Linking:
    """The routes; passwords are looked at as by `sign_in`, with its bounds."""

    def __init__(self, cloud: Cloud, sign_in: SignIn) -> None:
        self._cloud = cloud
        self._sign_in = sign_in

    def routes(self) -> list[BaseRoute]:
        """Their places below /console/api."""
        return [
            Route("/me/identity", self.begin, methods=["POST"]),
            Route("/me/identity/finish", self.finish, methods=["POST"]),
            Route("/me/identity/unlink", self.unlink, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Where the page goes to link an identity."""
        account = await self._known_again(request)
        service = self._sign_in.service()
        return answer(request, await service.begin(self._sign_in.page(request), account))

    async def finish(self, request: Request) -> Response:
        """Link what the page brings back from the service."""
        given = await body_of(request, Return)
        account = await signed_in(request, lambda _, account: account)
        service = self._sign_in.service()
        identity = await service.finish(given.code, given.state, given.secret, account)

        def do(connection: Connection, account: str) -> WaysIn:
            link(connection, account, identity)
            return ways_in(connection, account)

        return answer(request, await signed_in(request, do, changes=True))

    async def unlink(self, request: Request) -> Response:
        """Take the identity off; a new session in place of all."""
        await self._known_again(request)

        def do(connection: Connection, account: str) -> NewSession:
            unlink(connection, account)
            end_sessions(connection, account)
            return begin_session(connection, account, now_s=self._cloud.clock.now())

        return answer(request, await signed_in(request, do, changes=True))

    async def _known_again(self, request: Request) -> str:
        """The account of who is signed in and has said its password. Raises Refused: 401, 409 for
        an account without a password, 429."""
        given = await body_of(request, Again)

        def find(connection: Connection, account: str) -> tuple[Account | None, WaysIn]:
            return own_account(connection, account), ways_in(connection, account)

        own, ways = await signed_in(request, find)
        if own is None:
            raise signed_out()
        if not ways.password:
            said = (
                "this account has no password to confirm it by; the platform's operator sets one:"
                " `edgewise cloud password --email` and the address"
            )
            raise Refused(409, "no_password", said)
        return await self._sign_in.checked(request, own.email, given.password)
