"""The hard rules: which clouds may have a message at all. No learning, no exceptions, fail closed.

P1 is also `payload.py`'s (only what the purpose needs leaves); P6, P8, P10 and P11 are the
device's; the others are decided here, each by its id. What nobody can mend by a yes comes first,
so that the first that forbids is what a person is told. Articles are reminders for engineers, not
legal advice. Source: reference note on routing, section 4.
"""

from collections.abc import Callable

from msgspec import Struct

from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.route.question import Question

EXEMPTION = "exemption:"
"""How the `crossing` of a cloud begins that is exempt from a mechanism, for what is not sensitive
(PIPL Art. 38 and the rules on cross-border transfers of 2024)."""


class Rule(Struct, frozen=True):
    """One rule: its id, where it comes from, and what a person is told when it forbids."""

    id: str
    source: str
    words: Words


def forbidding(question: Question, endpoint: Endpoint) -> tuple[Rule, ...]:
    """The rules that keep this message from that cloud, in their order; empty: it may go."""
    return tuple(rule for rule, forbids in _RULES if forbids(question, endpoint))


def forbidden(question: Question) -> dict[str, tuple[Rule, ...]]:
    """The rules that keep this message from each cloud, by its name. Of two clouds with one name
    neither may have what either may not: who is told a name could take the wrong one."""
    found: dict[str, dict[Rule, None]] = {}
    for endpoint in question.endpoints:
        found.setdefault(endpoint.name, {}).update(dict.fromkeys(forbidding(question, endpoint)))
    return {name: tuple(rule for rule in RULES if rule in rules) for name, rules in found.items()}


def open_to(question: Question) -> tuple[str, ...]:
    """The clouds that this message may go to as things are (`Endpoint.recipient`), whether they can
    be reached or not: by the mode, the person's word on just it, and the rules."""
    if question.mode is Mode.DEVICE_ONLY or question.declined:
        return ()
    rules = forbidden(question)
    return tuple(
        one.recipient
        for one in question.endpoints
        if not rules[one.name] and (question.mode is not Mode.ASK or _is_agreed(question, one))
    )


def _is_agreed(question: Question, endpoint: Endpoint) -> bool:
    return question.agreed and question.agreed_to in ("", endpoint.name)


def needs_only_a_yes(rules: tuple[Rule, ...]) -> bool:
    """Whether nothing but the lack of a consent stands behind `rules`: the person can be asked."""
    return bool(rules) and {rule.id for rule in rules} <= {"P2", "P3", "P4.consent"}


def consent_for(question: Question, endpoint: Endpoint) -> Consent | None:
    """The consent in force that lacks least of what giving this message to that cloud needs.

    One record must cover all: a yes to sensitive data here and another to any data abroad are no
    yes to sensitive data abroad.
    """
    held = [
        consent
        for consent in question.consents
        if consent.names(endpoint)
        and consent.purpose == question.purpose
        and consent.holds(question.now, question.drive)
    ]
    far, sensitive = not _is_near(question, endpoint), _is_sensitive(question)
    return min(
        held,
        key=lambda one: (sensitive and not one.sensitive) + (far and not one.crossing),
        default=None,
    )


def _stays(question: Question, _: Endpoint) -> bool:
    return question.residency is Residency.DEVICE


def _restricted(question: Question, _: Endpoint) -> bool:
    return question.readers is not None


def _over(question: Question, _: Endpoint) -> bool:
    return question.expires_at is not None and question.expires_at <= question.now


def _secret(question: Question, _: Endpoint) -> bool:
    return question.sensitivity is Sensitivity.SECRET


def _other_purpose(question: Question, _: Endpoint) -> bool:
    return question.purposes is not None and question.purpose not in question.purposes


def _leaves_region(question: Question, endpoint: Endpoint) -> bool:
    return question.residency is Residency.REGION and not _is_near(question, endpoint)


def _not_in_an_allowed_region(question: Question, endpoint: Endpoint) -> bool:
    if not endpoint.region:
        return True
    listed = question.regions is None or endpoint.region in question.regions
    return not listed and not _is_near(question, endpoint)


def _no_mechanism(question: Question, endpoint: Endpoint) -> bool:
    if _is_near(question, endpoint):
        return False
    exempt = endpoint.crossing.startswith(EXEMPTION)
    return not endpoint.crossing or (exempt and _is_sensitive(question))


def _not_assessed(question: Question, endpoint: Endpoint) -> bool:
    weighty = _is_sensitive(question) or not _is_near(question, endpoint)
    return weighty and not endpoint.assessment


def _sensitive_unasked(question: Question, endpoint: Endpoint) -> bool:
    consent = consent_for(question, endpoint)
    return _is_sensitive(question) and not (consent is not None and consent.sensitive)


def _unasked(question: Question, endpoint: Endpoint) -> bool:
    return consent_for(question, endpoint) is None


def _crossing_unasked(question: Question, endpoint: Endpoint) -> bool:
    consent = consent_for(question, endpoint)
    asked = consent is not None and consent.crossing
    return not _is_near(question, endpoint) and not asked


def _is_near(question: Question, endpoint: Endpoint) -> bool:
    """Whether it keeps data in the device's region; who does not know theirs is nowhere near."""
    return bool(question.region) and endpoint.region == question.region


def _is_sensitive(question: Question) -> bool:
    return question.sensitivity >= Sensitivity.SENSITIVE


_RULES: tuple[tuple[Rule, Callable[[Question, Endpoint], bool]], ...] = (
    (
        Rule("R1", "design: device-only has no fallback route",
             Words("it may not leave this device", "内容不得离开本机")),
        _stays,
    ),
    (
        Rule("R2", "design: labels say who may read",
             Words("only named people may read it", "只有指定的人可以查看这些内容")),
        _restricted,
    ),
    (
        Rule("R3", "design: what expired is not used",
             Words("the time for which it may be used is over", "内容已过使用期限")),
        _over,
    ),
    (
        Rule("R4", "design: secrets leave in no form",
             Words("it holds a secret", "内容包含密码等机密")),
        _secret,
    ),
    (
        Rule("P1", "PIPL Art. 6, GDPR 5(1)(c)",
             Words("it was given for another purpose", "内容是为其他目的提供的")),
        _other_purpose,
    ),
    (
        Rule("P7", "automotive data rules 2021, Art. 3",
             Words("it must stay in its region", "内容不得离开所在地区")),
        _leaves_region,
    ),
    (
        Rule("P9", "GDPR 44 to 49",
             Words("this cloud keeps data in a region that is not allowed or not known",
                   "该云端的数据存放地区未获允许或不明确")),
        _not_in_an_allowed_region,
    ),
    (
        Rule("P4", "PIPL Art. 38, 39",
             Words("the cloud is in another region, without a mechanism for that",
                   "该云端位于其他地区，且没有合规的出境机制")),
        _no_mechanism,
    ),
    (
        Rule("P5", "PIPL Art. 55, GDPR 35",
             Words("there is no impact assessment for it", "尚未做过影响评估")),
        _not_assessed,
    ),
    (
        Rule("P2", "PIPL Art. 28, 29",
             Words("it is sensitive and there is no separate consent",
                   "内容属于敏感信息，且没有取得单独同意")),
        _sensitive_unasked,
    ),
    (
        Rule("P3", "PIPL Art. 23",
             Words("nobody agreed to giving it to this cloud", "没有人同意把内容提供给该云端")),
        _unasked,
    ),
    (
        Rule("P4.consent", "PIPL Art. 39",
             Words("nobody agreed to another region", "没有人同意数据出境")),
        _crossing_unasked,
    ),
)  # fmt: skip
RULES = tuple(rule for rule, _ in _RULES)
