"""Sign-in by another service: OpenID Connect, authorization code with PKCE, state and nonce.

The page begins a flow, keeps its secret, goes to the service and comes back with a code; only the
page that holds the secret can finish it, so nobody can be signed in as somebody else by a link.
A flow takes no memory until it is finished: its state says until when and where to, and secret,
nonce and verifier are made of that by a key of this process, so that nobody who begins flows can
push out another's; verifier and nonce never leave the process. What is checked of the ID token is
OpenID Connect Core 1.0, section 3.1.3.7: signature by the service's published keys, issuer,
audience, expiry, nonce. It does not know which account is meant: `identity.py`.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # pyright: ignore
from authlib.oidc.core import CodeIDToken  # pyright: ignore
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from edgewise.cloud.config import OidcConfig
from edgewise.cloud.console.identity import Identity
from edgewise.cloud.refusal import Refused
from edgewise.core.clock import Clock
from edgewise.errors import UserError

FLOW_S = 600.0
MOST_USED = 10_000
"""Flows that are kept as used. A flow that fell out could be used again, but its code can not."""
KEPT_S = 3600.0
LEEWAY_S = 60
ANSWER_S = 10.0
ANSWER_BYTES = 256 * 1024
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "RS512", "ES384")  # none, and no shared secret


class Begun(Struct, frozen=True):
    """Where the page goes, and what it keeps to finish: `state` comes back, `secret` does not."""

    address: str
    state: str
    secret: str

    def __repr__(self) -> str:
        return "Begun(...)"


class _Service(Struct, frozen=True):
    """What the service publishes of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _State(Struct, frozen=True, array_like=True):
    """What the state of a flow says, for anybody to read."""

    until: float
    redirect_uri: str
    salt: str
    whose: str = ""


class Oidc:
    """One service. A flow lasts ten minutes, and no longer than this process."""

    def __init__(
        self,
        config: OidcConfig,
        client_secret: str,
        clock: Clock,
        client: Callable[[], httpx.AsyncClient],
    ) -> None:
        self._config = config
        self._client_secret = client_secret
        self._clock = clock
        self._client = client
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[str, None] = OrderedDict()
        self._service: tuple[float, _Service, KeySet] | None = None

    async def begin(self, redirect_uri: str, account: str = "") -> Begun:
        """Begin a flow that comes back to `redirect_uri`: a sign-in, or with `account` one that
        links an identity to it, and fits neither a sign-in nor another account. Raises Refused
        (502)."""
        _, service, _ = await self._known()
        until = self._clock.monotonic() + FLOW_S
        salt = secrets.token_urlsafe(32)
        said = msgspec.json.encode(_State(until, redirect_uri, salt, self._whose(account)))
        state = urlsafe_b64encode(said).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._config.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": self._of("nonce", state),
            "code_challenge": cast(str, create_s256_code_challenge(self._of("verifier", state))),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in service.authorization_endpoint else "?"
        address = service.authorization_endpoint + joint + urlencode(asked)
        return Begun(address, state, self._of("secret", state))

    async def finish(self, code: str, state: str, secret: str, account: str = "") -> Identity:
        """Who has signed in; `account` as when it was begun. Raises Refused: 400 for a flow that is
        not this page's, is over or was used; 401 for an ID token that does not hold; 502 when the
        service is away."""
        if not compare_digest(
            self._of("secret", state).encode(), secret.encode("utf-8", "surrogatepass")
        ):
            raise _stale()
        flow = msgspec.json.decode(urlsafe_b64decode(state + "=" * (-len(state) % 4)), type=_State)
        if self._clock.monotonic() > flow.until or state in self._used:
            raise _stale()
        if not compare_digest(flow.whose, self._whose(account)):
            raise _stale()
        self._used[state] = None
        while len(self._used) > MOST_USED:
            self._used.popitem(last=False)
        _, service, _ = await self._known()
        token = await self._exchange(service, code, flow.redirect_uri, self._of("verifier", state))
        claims = await self._claims(token, self._of("nonce", state))
        email = claims.get("email") if claims.get("email_verified") is True else ""
        return Identity(claims["iss"], claims["sub"], email if isinstance(email, str) else "")

    def _whose(self, account: str) -> str:
        """What a state says of its account: nothing that tells the id, which is no public word."""
        return self._of("account", account) if account else ""

    def _of(self, what: str, state: str) -> str:
        """A value of a flow that only this process can make: 256 bits that look random."""
        made = hmac.digest(self._key, f"{what} {state}".encode("utf-8", "surrogatepass"), "sha256")
        return urlsafe_b64encode(made).rstrip(b"=").decode()

    async def _exchange(
        self, service: _Service, code: str, redirect_uri: str, verifier: str
    ) -> str:
        """The ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        auth = None
        if self._client_secret:
            auth = httpx.BasicAuth(self._config.client_id, self._client_secret)
        else:
            form["client_id"] = self._config.client_id
        reply = await self._fetch("POST", service.token_endpoint, data=form, auth=auth)
        token = reply.get("id_token")
        if not isinstance(token, str):
            raise _untrue("it gave no ID token")
        return token

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What a token says, if it holds."""
        keys = (await self._known())[2]
        try:
            found = _decode(token, keys)
        except JoseError:  # perhaps by a new key
            keys = (await self._known(fresh=True))[2]
            try:
                found = _decode(token, keys)
            except JoseError as error:
                raise _untrue(f"its signature does not hold: {error.error}") from error
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self._config.issuer},
            "aud": {"essential": True, "value": self._config.client_id},
            "exp": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": self._config.client_id}
        claims = cast(Any, CodeIDToken(found.claims, found.header, wanted, params))
        try:
            claims.validate(now=int(self._clock.now()), leeway=LEEWAY_S)
        except JoseError as error:
            raise _untrue(f"its ID token does not hold: {error}") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _untrue("its ID token names nobody")
        return dict(claims)

    async def _known(self, *, fresh: bool = False) -> tuple[float, _Service, KeySet]:
        """What the service publishes, read at most once an hour, or a minute when asked anew."""
        now = self._clock.monotonic()
        kept = self._service
        if kept is not None and now - kept[0] < (60.0 if fresh else KEPT_S):
            return kept
        place = self._config.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = await self._fetch("GET", _checked(place))
        try:
            service = msgspec.convert(said, _Service)
            for address in (service.authorization_endpoint, service.token_endpoint):
                _checked(address)
            keys = KeySet.import_key_set(
                cast(Any, await self._fetch("GET", _checked(service.jwks_uri)))
            )
        except (msgspec.ValidationError, UserError, JoseError, ValueError, KeyError) as error:
            raise _away(str(error)) from error
        if service.issuer != self._config.issuer:
            raise _away("it calls itself by another name than 'issuer' in cloud.toml")
        self._service = (now, service, keys)
        return self._service

    async def _fetch(self, method: str, url: str, **given: Any) -> dict[str, Any]:
        try:
            async with self._client() as client:
                reply = await client.request(method, url, timeout=ANSWER_S, **given)
        except httpx.HTTPError as error:
            raise _away(f"{type(error).__name__}") from error
        if method == "POST" and 400 <= reply.status_code < 500:
            raise _untrue("it does not know this sign-in")
        if reply.status_code != 200 or len(reply.content) > ANSWER_BYTES:
            raise _away(f"it answered {reply.status_code}")
        try:
            return msgspec.json.decode(reply.content, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise _away("it did not answer in JSON") from error


def oidc_client() -> httpx.AsyncClient:
    """Asks the service, follows it nowhere else and takes no proxy of the environment."""
    return httpx.AsyncClient(follow_redirects=False, trust_env=False)


def _decode(token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
    except ValueError as error:  # no token at all, or a key of the wrong kind
        raise JoseError(str(error)) from error


def _checked(address: str) -> str:
    """The address, if nobody on the way can read or change what comes from it."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return address
    host = parts.hostname or ""
    try:
        near = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        near = False
    if parts.scheme == "http" and near:
        return address
    raise UserError(f"{address[:200]!r} must begin with https://", code="bad_config")


def _stale() -> Refused:
    said = "this sign-in was begun elsewhere, is over, or was used before; begin it again"
    return Refused(400, "stale_sign_in", said)


def _untrue(why: str) -> Refused:
    said = f"the sign-in service is not believed: {why}; begin again, or ask its operator"
    return Refused(401, "sign_in_refused", said)


def _away(why: str) -> Refused:
    said = f"the sign-in service can not be used now ({why}); try again, or use a password"
    return Refused(502, "sign_in_service_away", said)
