"""Sign-in by a real OpenID provider on loopback, honest and lying."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from edgewise.cloud.config import OidcConfig
from edgewise.cloud.console.identity import Identity
from edgewise.cloud.console.oidc import FLOW_S, Begun, Oidc, oidc_client
from edgewise.cloud.refusal import Refused
from edgewise.errors import UserError
from edgewise.testing.clock import ManualClock
from tests.cloud.console.oidc_provider import CLIENT, Provider, started_provider

pytestmark = pytest.mark.slow

PAGE = "http://127.0.0.1:8475/console/"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with started_provider() as started:
        yield started


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(wall=time.time())


@pytest.fixture
def oidc(provider: Provider, clock: ManualClock) -> Oidc:
    return Oidc(OidcConfig(provider.address, CLIENT), "", clock, oidc_client)


async def code_for(begun: Begun) -> str:
    """What the browser does: it goes to the service and comes back with a code."""
    async with oidc_client() as browser:
        reply = await browser.get(begun.address)
    assert reply.status_code == 302
    back = urlsplit(reply.headers["location"])
    assert reply.headers["location"].startswith(PAGE)
    given = parse_qs(back.query)
    assert given["state"] == [begun.state]
    return given["code"][0]


async def sign_in(oidc: Oidc) -> Identity:
    begun = await oidc.begin(PAGE)
    return await oidc.finish(await code_for(begun), begun.state, begun.secret)


async def refused(oidc: Oidc, code: str = "sign_in_refused") -> str:
    with pytest.raises(Refused) as caught:
        await sign_in(oidc)
    assert caught.value.problem.code == code
    return str(caught.value)


async def test_a_good_token_tells_who_it_is(oidc: Oidc, provider: Provider):
    assert await sign_in(oidc) == Identity(provider.address, "subject-1", "bo@example.org")


async def test_an_address_that_is_not_verified_is_left_out(oidc: Oidc, provider: Provider):
    for verified in (False, None, "true", 1):
        provider.verified = verified
        assert (await sign_in(oidc)).email == ""


Change = Callable[[dict[str, Any]], dict[str, Any]]

LIES: dict[str, Change] = {
    "wrong nonce": lambda claims: {**claims, "nonce": "another"},
    "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "wrong audience": lambda claims: {**claims, "aud": "another-client"},
    "wrong audience by our request": lambda claims: {**claims, "aud": "other", "azp": CLIENT},
    "audience of several for another": lambda claims: {
        **claims,
        "aud": [CLIENT, "another"],
        "azp": "another",
    },
    "wrong issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "expired": lambda claims: {**claims, "exp": int(time.time()) - 3600},
    "no expiry": lambda claims: {k: v for k, v in claims.items() if k != "exp"},
    "no subject": lambda claims: {k: v for k, v in claims.items() if k != "sub"},
    "empty subject": lambda claims: {**claims, "sub": ""},
    "made in the future": lambda claims: {**claims, "iat": int(time.time()) + 3600},
}


@pytest.mark.parametrize("lie", list(LIES))
async def test_a_token_that_does_not_hold_is_refused(oidc: Oidc, provider: Provider, lie: str):
    provider.claims = LIES[lie]
    await refused(oidc)


async def test_an_unsigned_token_is_refused(oidc: Oidc, provider: Provider):
    def unsigned(claims: dict[str, Any]) -> str:
        parts = (msgspec.json.encode({"alg": "none"}), msgspec.json.encode(claims))
        return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."

    provider.sign = unsigned
    assert "signature" in await refused(oidc)


async def test_a_token_signed_by_another_key_is_refused(oidc: Oidc, provider: Provider):
    stranger = provider.new_key()
    stranger_with_known_id = type(stranger).import_key(
        {**stranger.as_dict(private=True), "kid": provider.keys[0].kid}
    )
    provider.sign = lambda claims: provider.signed(claims, stranger_with_known_id)
    assert "signature" in await refused(oidc)


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    oidc: Oidc, provider: Provider
):
    public = OctKey.import_key(msgspec.json.encode(provider.keys[0].as_dict(private=False)))
    provider.sign = lambda claims: jwt.encode(
        {"alg": "HS256", "kid": provider.keys[0].kid}, claims, public
    )
    assert "signature" in await refused(oidc)


async def test_something_that_is_no_token_is_refused(oidc: Oidc, provider: Provider):
    for text in ("", "a", "a.b.c", "…"):
        provider.sign = lambda _, text=text: text
        await refused(oidc)


async def test_a_new_key_of_the_service_is_taken_up(
    oidc: Oidc, provider: Provider, clock: ManualClock
):
    await sign_in(oidc)
    provider.keys.append(provider.new_key())
    clock.advance(61)
    assert (await sign_in(oidc)).subject == "subject-1"


async def test_only_who_began_can_finish_and_only_once(oidc: Oidc):
    begun = await oidc.begin(PAGE)
    code = await code_for(begun)
    for state, secret in ((begun.state, "guessed"), ("guessed", begun.secret)):
        with pytest.raises(Refused, match="begun elsewhere"):
            await oidc.finish(code, state, secret)
    await oidc.finish(code, begun.state, begun.secret)
    with pytest.raises(Refused, match="used before"):
        await oidc.finish(code, begun.state, begun.secret)


@pytest.mark.parametrize(
    ("began", "ended"), [("acc_mine", "acc_other"), ("acc_mine", ""), ("", "acc_mine")]
)
async def test_a_flow_that_links_fits_its_own_account_alone(oidc: Oidc, began: str, ended: str):
    """Neither a sign-in nor another account; and a sign-in links nothing."""
    begun = await oidc.begin(PAGE, began)
    code = await code_for(begun)
    with pytest.raises(Refused, match="begun elsewhere"):
        await oidc.finish(code, begun.state, begun.secret, ended)


async def test_the_state_of_a_flow_does_not_tell_the_account(oidc: Oidc):
    begun = await oidc.begin(PAGE, "acc_mine")
    assert b"acc_mine" not in urlsafe_b64decode(begun.state + "==")
    assert (await oidc.finish(await code_for(begun), begun.state, begun.secret, "acc_mine")).email


async def test_flows_that_others_begin_do_not_push_mine_out(oidc: Oidc):
    begun = await oidc.begin(PAGE)
    code = await code_for(begun)
    for _ in range(10_001):
        await oidc.begin(PAGE)
    assert (await oidc.finish(code, begun.state, begun.secret)).subject == "subject-1"


async def test_a_flow_of_another_process_is_stale(
    oidc: Oidc, provider: Provider, clock: ManualClock
):
    begun = await oidc.begin(PAGE)
    another = Oidc(OidcConfig(provider.address, CLIENT), "", clock, oidc_client)
    with pytest.raises(Refused, match="begun elsewhere"):
        await another.finish(await code_for(begun), begun.state, begun.secret)


async def test_a_code_of_another_flow_does_not_fit(oidc: Oidc):
    mine, other = await oidc.begin(PAGE), await oidc.begin(PAGE)
    with pytest.raises(Refused, match="does not know this sign-in"):
        await oidc.finish(await code_for(other), mine.state, mine.secret)


async def test_a_flow_is_over_after_ten_minutes(oidc: Oidc, clock: ManualClock):
    begun = await oidc.begin(PAGE)
    code = await code_for(begun)
    clock.advance(FLOW_S + 1)
    with pytest.raises(Refused, match="over"):
        await oidc.finish(code, begun.state, begun.secret)


async def test_a_service_that_is_away_is_told_as_that(clock: ManualClock):
    oidc = Oidc(OidcConfig("http://127.0.0.1:9", CLIENT), "", clock, oidc_client)
    with pytest.raises(Refused) as caught:
        await oidc.begin(PAGE)
    assert caught.value.status == 502


async def test_a_service_that_is_not_the_one_named_is_not_used(
    provider: Provider, clock: ManualClock
):
    oidc = Oidc(OidcConfig(provider.address + "/", CLIENT), "", clock, oidc_client)
    with pytest.raises(Refused, match="another name"):
        await oidc.begin(PAGE)


async def test_a_service_over_plain_http_elsewhere_is_refused(clock: ManualClock):
    def fail() -> httpx.AsyncClient:
        raise AssertionError("nothing may be asked")

    oidc = Oidc(OidcConfig("http://id.example.org", CLIENT), "", clock, fail)
    with pytest.raises(UserError, match="https"):
        await oidc.begin(PAGE)
