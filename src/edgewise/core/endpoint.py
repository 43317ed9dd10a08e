"""A cloud as a device knows it: where it is, what the owner agreed to, how it does."""

from enum import StrEnum

from msgspec import Struct


class Service(StrEnum):
    """What answers there: an Edgewise platform, or anything else that speaks the OpenAI API."""

    PLATFORM = "platform"
    OPENAI = "openai"


class Endpoint(Struct, frozen=True):
    """A cloud that may be asked. `address` ends in `/v1`; `region` is where it keeps data ("CN").

    Prices are units of currency a million tokens. `crossing` is the id of the mechanism under which
    data may leave the device's region for it (PIPL Art. 38, GDPR 44 to 49), `exemption:` and an id
    where it is exempt, which never covers the sensitive class; `assessment` is the id of the impact
    assessment (PIPL Art. 55, GDPR 35); empty: there is none.
    """

    name: str
    address: str
    model: str
    region: str
    service: Service = Service.OPENAI
    key_env: str = ""
    languages: tuple[str, ...] = ("en", "zh")
    context_tokens: int = 32_768
    tools: bool = True
    images: bool = False
    input_price: float = 0.0
    output_price: float = 0.0
    crossing: str = ""
    assessment: str = ""

    @property
    def recipient(self) -> str:
        """Who gets what goes there: one that has moved is another."""
        return f"{self.name} {self.address}"


class Consent(Struct, frozen=True):
    """A person's yes to giving data of some kind to one recipient for one purpose; wall seconds.

    `sensitive` is the separate consent that the sensitive class needs (PIPL Art. 29), `crossing`
    that for another region (Art. 39). `drive` ends it with the drive in which it was given.
    `address` and `region` are the recipient's when it was given: one that has moved since is
    another (empty: not noted). `method` and `categories` say how what is given is handled and
    what it is (Art. 23). `once` is the digest of the only payload that it is for: it counts for no
    other.
    """

    id: str
    recipient: str
    purpose: str
    granted_at: float
    sensitive: bool = False
    crossing: bool = False
    expires_at: float | None = None
    revoked_at: float | None = None
    drive: str = ""
    address: str = ""
    region: str = ""
    method: str = ""
    categories: tuple[str, ...] = ()
    once: str = ""

    def holds(self, now: float, drive: str = "") -> bool:
        """Whether it is in force."""
        if self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= now):
            return False
        return self.granted_at <= now and self.drive in ("", drive)

    def names(self, endpoint: Endpoint) -> bool:
        """Whether it was given for this cloud, where it is now."""
        return (
            self.recipient == endpoint.name
            and self.address in ("", endpoint.address)
            and self.region in ("", endpoint.region)
        )


NO_KEY = "no_key"
"""Why a cloud can not be asked whose key is not there or can not be used."""


class Health(Struct, frozen=True):
    """What is known of an endpoint now. `open` is a breaker that lets nothing through; times are of
    whole answers that it gave lately, seconds, 0 when there is none. `begins_p95_s` is within what
    time nearly all of them had begun. `why` is what opened it last, until it answers: a
    `Trouble`, or `NO_KEY`."""

    endpoint: str
    open: bool = False
    round_trip_s: float = 0.0
    p50_s: float = 0.0
    p95_s: float = 0.0
    begins_p95_s: float = 0.0
    why: str = ""


class Condition(Struct, frozen=True):
    """How the device itself is: whether it has a network, what its model can do, what it spares.

    `model` is the language model's name, empty without one; `battery` is a share from 0 to 1 and
    `None` on the mains or unknown, `queue` how many answers wait for the model already. `p50_s` and
    `p95_s` are what whole answers of it took lately, seconds, 0 when there were none.
    """

    online: bool = False
    model: str = ""
    languages: tuple[str, ...] = ()
    context_tokens: int = 0
    tokens_a_second: float = 0.0
    battery: float | None = None
    temperature_c: float | None = None
    queue: int = 0
    p50_s: float = 0.0
    p95_s: float = 0.0


class Allowance(Struct, frozen=True):
    """What may still be spent today: money in units of currency, and bytes; `None` is no bound.
    `lost`: what was spent can not be read or kept, so that nothing more may be."""

    money: float | None = None
    size_bytes: int | None = None
    lost: bool = False
