"""Everything that a routing decision looks at; recorded, so that it can be made again.

It holds no words of anybody: lengths, shares, names of labels, digests (rule P11).
"""

from msgspec import Struct
from msgspec.structs import replace

from edgewise.core.endpoint import Allowance, Condition, Consent, Endpoint, Health
from edgewise.core.label import Label, Residency, Sensitivity
from edgewise.core.place import Mode


class Score(Struct, frozen=True):
    """A learnt score and how it came about. `wrong` is the calibrated probability that the device's
    answer is wrong; `likeness` is how near the nearest known question is (0 to 1), `neighbours`
    their ids; `features` the values it was made of; `scorer` names what made `raw`
    (`learnt.scorer_id`), of which alone `raw` can be compared."""

    wrong: float
    raw: float
    likeness: float = 1.0
    neighbours: tuple[str, ...] = ()
    features: dict[str, float] = {}
    calibration: str = ""
    scorer: str = ""


class Following(Struct, frozen=True):
    """From which raw score on `share` of the questions would go, if they are like the `count` last
    ones of this device."""

    share: float
    threshold: float
    count: int = 0


class Need(Struct, frozen=True):
    """What the turn needs of who answers it. Tokens are estimates."""

    language: str = "en"
    input_tokens: int = 0
    output_tokens: int = 256
    tools: bool = False
    images: bool = False
    read: bool = False
    """The device has read what stands on the pictures, which may be all that was asked."""
    document_tokens: int = 0
    """Of a long text that lies on the device, which a cloud need not see whole."""
    stays: bool = False
    """No cloud may have that text whole, however short: the device finds what of it is needed, by
    its words where its model can not read it."""


class Question(Struct, frozen=True):
    """The input of `decide`. `digest` is a keyed digest of the request; `purpose` names what the
    answer is for; `last` is the way that the session's last turn took, `deadline_s` what is left of
    the turn's time, `chance` a number below 1 drawn for permitted samples (1: none was drawn).
    `following` is the threshold by which a share that the policy asks for is met, `None` where it
    asks for none or too little is known yet.

    `region` is where the device is, `regions` which others the owner allows at all (`None`: no list
    was made). `agreed` says that the person said yes to sending just this: that settles mode ASK,
    and is no consent; who asked for one adds it to `consents`. The yes is for the cloud `agreed_to`
    and the payload with the digest `shown` (empty: any). `declined` says that they said no,
    `unanswered` that the device's model was asked and has no answer.
    """

    digest: str
    mode: Mode
    now: float
    residency: Residency = Residency.ANY
    sensitivity: Sensitivity = Sensitivity.PLAIN
    readers: tuple[str, ...] | None = None
    purposes: tuple[str, ...] | None = None
    expires_at: float | None = None
    origins: tuple[str, ...] = ()
    purpose: str = "assist"
    region: str = ""
    regions: tuple[str, ...] | None = None
    drive: str = ""
    need: Need = Need()
    endpoints: tuple[Endpoint, ...] = ()
    consents: tuple[Consent, ...] = ()
    health: tuple[Health, ...] = ()
    condition: Condition = Condition()
    allowance: Allowance = Allowance()
    score: Score | None = None
    last: str = ""
    deadline_s: float = 60.0
    chance: float = 1.0
    agreed: bool = False
    agreed_to: str = ""
    shown: str = ""
    declined: bool = False
    unanswered: bool = False
    queueable: bool = False
    following: Following | None = None


def labelled(question: Question, label: Label) -> Question:
    """The same question about a value with another label."""
    return replace(
        question,
        residency=label.residency,
        sensitivity=label.sensitivity,
        readers=label.readers,
        purposes=label.purposes,
        expires_at=label.expires_at,
    )
