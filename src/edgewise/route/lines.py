"""What the stages of a routing decision say to a person, in each language.

No words of theirs stand in any of it (rule P11): names of clouds, rules, numbers.
"""

from collections.abc import Sequence

from edgewise.core.place import Stage, Way
from edgewise.core.words import Words


def lines_of(stages: Sequence[Stage]) -> tuple[Words, ...]:
    """The stages as lines that a person reads."""
    return tuple(stage.words for stage in stages)


def filled(words: Words, inner: Words | None = None, **given: str) -> Words:
    """As `Words.filled`, and `{why}` by `inner`, each language by its own."""
    why = inner or Words("", "")
    return Words(
        words.en.format(why=why.en, **given),
        words.zh.format(why=why.zh, **given),
    )


def below(threshold: float) -> Words:
    """What a score at or past `threshold` would have had to be for the device."""
    return Words(
        f"it would have been the device below {threshold:g}",
        f"若低于 {threshold:g}，则由本机回答",
    )


def from_on(threshold: float, way: Way) -> Words:
    """What a score below `threshold` would have had to be for `way`."""
    if way is Way.ASK:
        return Words(
            f"I would have asked for a cloud from {threshold:g} on",
            f"若达到 {threshold:g}，则会先询问能否交给云端",
        )
    return Words(
        f"it would have been the cloud from {threshold:g} on",
        f"若达到 {threshold:g}，则交给云端",
    )


def without_sample(device: bool) -> Words:
    """The way that a turn would have taken had it not been drawn as a sample."""
    if device:
        return Words("without the sample: the device", "若未被抽中，则由本机回答")
    return Words("without the sample: the cloud", "若未被抽中，则交给云端")


def believed_from(likeness: float) -> Words:
    """From which likeness on the score would have been believed."""
    return Words(
        f"the score would have counted from a likeness of {likeness:g} on",
        f"若相似度达到 {likeness:g}，则会采用评分",
    )


DEVICE_ONLY = Words("rules: device only, nothing leaves", "规则：仅本机，任何内容都不离开设备")
ANOTHER_MODE = Words(
    "another mode would let it (`edgewise mode`)", "换一种模式即可（edgewise mode）"
)
NO_CLOUD = Words(
    "rules: no cloud is set up, nothing leaves", "规则：没有配置云端，任何内容都不离开设备"
)
A_CLOUD = Words("a [[cloud]] in config.toml", "在 config.toml 中配置 [[cloud]]")
ALL_FORBIDDEN = Words(
    "rules: it may go to no cloud: {why} ({rule})", "规则：不能交给任何云端：{why}（{rule}）"
)
A_CONSENT = Words(
    "a consent (`edgewise consent grant {name} --purpose {purpose}`)",
    "给出同意（edgewise consent grant {name} --purpose {purpose}）",
)
MAY_GO = Words("rules: it may go to {names}", "规则：可以交给 {names}")
ONLY_DEVICE = Words("ability: only the device can answer", "能力：只有本机能回答")
STRAINED = Words(
    "ability: only the device can answer, though {why}", "能力：只有本机能回答，尽管{why}"
)
LATER = Words("ability: kept for later: {why}", "能力：留待以后发送：{why}")
YES_LACKS = Words(
    "ability: not the device: {why}; a cloud could, with a yes",
    "能力：本机不合适：{why}；征得同意后可以交给云端",
)
NOBODY = Words("ability: nobody can answer: {why}", "能力：无法回答：{why}")
ONLY_CLOUD = Words("ability: not the device: {why}", "能力：本机不合适：{why}")
MODE_FORBIDS = Words("the mode is cloud only", "当前模式为仅云端")
CLOUD_PREFERRED = Words("ability: the cloud is preferred and there", "能力：优先云端，且云端可用")
SAID_YES = Words("asked: you said yes to {names}", "询问：您同意发给 {names}")
SAID_NO = Words("asked: you said no, the device answers", "询问：您没有同意，由本机回答")
SAID_NO_ALONE = Words(
    "asked: nobody can answer: you said no to sending it, and {why}",
    "询问：无法回答：您没有同意发送，且{why}",
)
BOTH = Words("ability: device and cloud can both answer", "能力：本机和云端都能回答")
UNKNOWN = Words(
    "score: nothing like it is known; the device answers and is checked",
    "评分：没有见过类似的问题，由本机回答并检查",
)
UNKNOWN_HURRIED = Words(
    "score: nothing like it is known, and there is no time to check the device's answer",
    "评分：没有见过类似的问题，且来不及检查本机的回答",
)
EASY = Words("score: the device is good enough", "评分：本机足以回答")
TOO_HARD = Words("score: likely too hard for the device", "评分：对本机来说可能太难")
HURRIED = Words(
    "score: in doubt, and there is no time to check the device's answer",
    "评分：没有把握，且来不及检查本机的回答",
)
SHARE_GOES = Words(
    "score: among the hardest of this device's questions, of which a share was asked for",
    "评分：属于本机近期最难的问题，按设定比例交给云端",
)
SHARE_STAYS = Words(
    "score: not among the hardest of this device's questions, of which a share was asked for",
    "评分：不属于本机近期最难的问题，不在设定的云端比例之内",
)
SAMPLED = Words("score: a sample, to learn from the other way", "评分：抽样走另一条路，以便学习")
ANSWER_HOLDS = Words("answer: the device's answer holds", "检查：本机的回答可信")
ANSWER_DOUBTED = Words("answer: the device's answer is in doubt", "检查：本机的回答存疑")
DOUBTED_ALONE = Words(
    "answer: the device's answer is in doubt, and no cloud can be asked",
    "检查：本机的回答存疑，但没有云端可用",
)
