"""A small real OpenID provider on loopback: authorization code with PKCE, signed ID tokens.

It signs in whoever asks as `email`. `claims` changes what its tokens say, `sign` how they are
signed, so that a test can make it lie.
"""

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.on_loopback import on_loopback

CLIENT = "edgewise-console"


class Provider:
    """What it knows; `address` is its issuer."""

    def __init__(self) -> None:
        self.address = ""
        self.email = "bo@example.org"
        self.verified: Any = True
        self.subject = "subject-1"
        self.keys = [self.new_key()]
        self.claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.codes: dict[str, dict[str, str]] = {}

    def new_key(self) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "alg": "ES256"})

    def signed(self, claims: dict[str, Any], key: ECKey | None = None) -> str:
        key = key or self.keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    async def configuration(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
            }
        )

    async def published(self, _: Request) -> Response:
        return JSONResponse(KeySet(self.keys).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"]
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def token(self, request: Request) -> Response:
        form = dict(await request.form())
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = str(form.get("code_verifier", ""))
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or digest != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
            or form.get("client_id") != CLIENT
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            "email": self.email,
            "email_verified": self.verified,
        }
        token = self.sign(self.claims(claims))
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})


@asynccontextmanager
async def started_provider() -> AsyncGenerator[Provider]:
    """A provider that is served until the block ends."""
    provider = Provider()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.configuration),
            Route("/keys", provider.published),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
        ]
    )
    config = uvicorn.Config(app, log_level="error", lifespan="off")
    async with on_loopback(config) as provider.address:
        yield provider
