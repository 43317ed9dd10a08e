"""The numbers that routing goes by: thresholds, weights, bounds. A file of the device, or these.

`pre_threshold` is the probability that the device's answer is wrong from which on it is not even
tried, `post_threshold` that from which on a checked answer is replaced; between `sure` and
`pre_threshold` it is checked. A score that knows nothing like the question (`likeness_floor`) is
not believed: then the device answers and is checked, if it can. The prices of going away shift
`pre_threshold`: by `of_money` for each unit of currency, `of_second` for each second that the cloud
takes longer, `of_megabyte`. A session stays where it was unless the score is `stay` past the
threshold. `cloud_share` asks for a share of the open questions that both could answer, in place of
`pre_threshold`, prices and staying: the threshold then follows this device's own questions, and
what a check sends after an answer counts in the share. Source: reference note on routing, section
6.1.
"""

import hashlib

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from edgewise.errors import UserError


class RoutePolicy(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of it. `sample` is the share of permitted turns that take the other way so that
    the scores can be judged; `retry_share` and `hedge_share` bound what resilience may add.
    `delegate_share` is how much of a long document leaves when it is delegated (MinionS: 1/5.7)."""

    version: str = "1"
    pre_threshold: float = 0.6
    post_threshold: float = 0.5
    sure: float = 0.1
    likeness_floor: float = 0.35
    stay: float = 0.05
    of_money: float = 1.0
    of_second: float = 0.01
    of_megabyte: float = 0.05
    least_battery: float = 0.15
    most_temperature_c: float = 70.0
    most_queue: int = 4
    document_tokens: int = 1_500
    delegate_share: float = 0.18
    sample: float = 0.0
    retry_share: float = 0.1
    hedge_share: float = 0.05
    cloud_share: float | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of its content, twelve digits."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:12]


DEFAULT = RoutePolicy()
SHARES = (
    *("pre_threshold", "post_threshold", "sure", "likeness_floor", "stay", "least_battery"),
    *("delegate_share", "sample", "retry_share", "hedge_share"),
)
PRICES = ("of_money", "of_second", "of_megabyte")
MOST_SAMPLED = 0.05
"""Reference note on routing, section 6.1: 2 to 5% of permitted traffic."""


def policy_from(data: bytes) -> RoutePolicy:
    """The policy in a JSON file's bytes. Raises UserError that names what is wrong with it."""
    try:
        policy = msgspec.json.decode(data, type=RoutePolicy)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(str(error)) from error
    values = asdict(policy)
    for name in SHARES:
        if not 0 <= values[name] <= 1:
            raise _wrong(f"{name} is {values[name]:g}; it is from 0 to 1")
    if policy.cloud_share is not None and not 0 <= policy.cloud_share <= 1:
        raise _wrong(f"cloud_share is {policy.cloud_share:g}; it is from 0 to 1, or null")
    for name in PRICES:
        if values[name] < 0:
            raise _wrong(f"{name} is {values[name]:g}; a price is not below 0")
    if policy.sure > policy.pre_threshold:
        raise _wrong(f"sure is {policy.sure:g}, above pre_threshold {policy.pre_threshold:g}")
    if policy.sample > MOST_SAMPLED:
        raise _wrong(f"sample is {policy.sample:g}; at most {MOST_SAMPLED:g} of turns are samples")
    if policy.most_queue < 1 or policy.document_tokens < 1:
        raise _wrong("most_queue and document_tokens are 1 or more")
    if not policy.version:
        raise _wrong("version is empty; name it, so that records can")
    return policy


def _wrong(what: str) -> UserError:
    return UserError(f"the routing policy does not hold: {what}", code="bad_config")
