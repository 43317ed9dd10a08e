"""Why a sensitive question goes to no cloud, and what its owner can do so that such a one may.

Told where the device has no answer of its own: else nobody would learn that a consent lacks, and a
model that does not know the language would be blamed. Pure.
"""

from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.core.label import Sensitivity
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.route.question import Question
from edgewise.route.rules import consent_for, forbidding, needs_only_a_yes


def kept_back(question: Question) -> Words | None:
    """The reason with its remedy; `None` where that it is sensitive is not what keeps it here."""
    if question.sensitivity is not Sensitivity.SENSITIVE or question.mode is Mode.DEVICE_ONLY:
        return None
    plain = replace(question, sensitivity=Sensitivity.PERSONAL)
    found: Endpoint | None = None
    for one in question.endpoints:
        if not forbidding(question, one):
            return None
        otherwise = forbidding(plain, one)
        if found is None and (not otherwise or needs_only_a_yes(otherwise)):
            found = one
    if found is None:
        return None
    consent = consent_for(question, found)
    lacks_yes = consent is None or not consent.sensitive
    remedies = [_CONSENT.filled(name=found.name)] if lacks_yes else []
    remedies += [] if found.assessment else [_ASSESSMENT.filled(name=found.name)]
    return Words(
        _SENSITIVE.en + " and ".join(one.en for one in remedies),
        _SENSITIVE.zh + "，并".join(one.zh for one in remedies),
    )


_SENSITIVE = Words(
    "it is sensitive, so it goes to a cloud only with ", "内容属于敏感信息，要发给云端须先"
)
_CONSENT = Words(
    "`edgewise consent grant {name} --sensitive`", "运行 edgewise consent grant {name} --sensitive"
)
_ASSESSMENT = Words(
    "an `assessment` of {name} in config.toml", "在 config.toml 中为 {name} 填写 assessment"
)
