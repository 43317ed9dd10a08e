"""Who can answer at all, now: the device's model, and each cloud; with the reason where not.

Capability (language, length, tools, pictures), and health (network, breaker, time, battery, heat,
queue, what may be spent). Pure. What it tells of a cloud is told of the question as it is given:
`ways.as_sent` takes off what would stay here.
"""

from edgewise.core.endpoint import NO_KEY, Endpoint, Health, Service
from edgewise.core.words import Words
from edgewise.route.policy import RoutePolicy
from edgewise.route.question import Question

BYTES_A_TOKEN = 4
REFUSED = "account"
"""`Trouble.ACCOUNT` of `think/breaker.py`: the key, the money there or the model."""


def device_lacks(question: Question) -> Words | None:
    """Why the device can never answer such a question; `None` when it can."""
    need, condition = question.need, question.condition
    if need.tools:
        return Words("its own understanding made no calls of it", "本机的理解没能把它变成操作")
    if (lacks := device_can_not_read(question)) is not None:
        return lacks
    read_whole = need.input_tokens - (need.document_tokens if need.stays else 0)
    if read_whole + need.output_tokens > condition.context_tokens > 0:
        return Words(
            f"it is longer than the {condition.context_tokens} tokens its model holds",
            f"内容超过本机模型的 {condition.context_tokens} 个词元",
        )
    return None


def device_can_not_read(question: Question) -> Words | None:
    """Why its model can read no such text at all, however short; `None` when it can. Passages of a
    document that stays are found without a model, in any language; so is what was read on a
    picture."""
    need, condition = question.need, question.condition
    if (need.stays and not need.images) or (need.images and need.read):
        return None
    if question.unanswered:
        return Words("its model was asked and has no answer", "本机模型已试过，没有答案")
    if not condition.model:
        return Words("no language model is installed", "没有安装语言模型")
    if need.language not in condition.languages:
        known = ", ".join(condition.languages)
        return Words(
            f"{condition.model} knows {known}, not {need.language}",
            f"{condition.model} 只懂 {known}，不懂 {need.language}",
        )
    if need.images:
        return Words("its model sees no pictures", "本机模型看不了图片")
    return None


def device_is_strained(question: Question, policy: RoutePolicy) -> Words | None:
    """Why the device had better not answer now, though it can; `None` when nothing is wrong."""
    condition = question.condition
    if condition.battery is not None and condition.battery < policy.least_battery:
        share = f"{condition.battery:.0%}"
        return Words(f"the battery is at {share}", f"电量只剩 {share}")
    if (heat := condition.temperature_c) is not None and heat > policy.most_temperature_c:
        return Words(f"the device is {heat:.0f} °C hot", f"设备温度已达 {heat:.0f} °C")
    if condition.queue >= policy.most_queue:
        return Words(
            f"{condition.queue} questions wait for its model already",
            f"已有 {condition.queue} 个问题在等待本机模型",
        )
    if (takes_s := device_takes_s(question)) > question.deadline_s:
        return Words(
            f"its model takes about {takes_s:.0f} s, {question.deadline_s:.1f} s are left",
            f"本机模型约需 {takes_s:.0f} 秒，只剩 {question.deadline_s:.1f} 秒",
        )
    return None


def device_takes_s(question: Question) -> float:
    """How long its model writes at an answer, seconds: as measured, or else as reckoned from its
    speed; 0 when that is not known."""
    if (measured_s := question.condition.p50_s) > 0:
        return measured_s
    speed = question.condition.tokens_a_second
    return question.need.output_tokens / speed if speed > 0 else 0.0


def cloud_lacks(question: Question, endpoint: Endpoint) -> Words | None:
    """Why that cloud can never answer such a question; `None` when it can."""
    need = question.need
    if need.language not in endpoint.languages:
        return Words(
            f"{endpoint.name} does not know {need.language}",
            f"{endpoint.name} 不懂 {need.language}",
        )
    if need.images and not endpoint.images:
        return Words(f"{endpoint.name} sees no pictures", f"{endpoint.name} 看不了图片")
    if need.tools and not (endpoint.tools and endpoint.service is Service.PLATFORM):
        return Words(f"{endpoint.name} proposes no calls", f"{endpoint.name} 不会调用工具")
    if need.input_tokens + need.output_tokens > endpoint.context_tokens:
        return Words(
            f"it is longer than the {endpoint.context_tokens} tokens {endpoint.name} holds",
            f"内容超过 {endpoint.name} 的 {endpoint.context_tokens} 个词元",
        )
    return None


def cloud_is_away(question: Question, endpoint: Endpoint) -> Words | None:
    """Why that cloud can not answer now; `None` when it can."""
    if not question.condition.online:
        return Words("there is no network", "没有网络")
    health = health_of(question, endpoint)
    if health.open and health.why == NO_KEY:
        return Words(
            f"the key of {endpoint.name} can not be used; see `edgewise clouds`",
            f"{endpoint.name} 的密钥不可用，见 edgewise clouds",
        )
    if health.open and health.why == REFUSED:
        return Words(
            f"{endpoint.name} refused the key or the model and is left alone for a while; check"
            " both",
            f"{endpoint.name} 拒绝了密钥或模型，暂不使用；请检查二者",
        )
    if health.open:
        return Words(
            f"{endpoint.name} failed lately and is left alone for a while",
            f"{endpoint.name} 刚刚出错，暂不使用",
        )
    if question.deadline_s <= 0 or health.p50_s > question.deadline_s:
        return Words(
            f"{endpoint.name} takes {health.p50_s:.1f} s, {question.deadline_s:.1f} s are left",
            f"{endpoint.name} 需要 {health.p50_s:.1f} 秒，只剩 {question.deadline_s:.1f} 秒",
        )
    return _too_dear(question, endpoint)


def _too_dear(question: Question, endpoint: Endpoint) -> Words | None:
    allowance = question.allowance
    if allowance.lost:
        return NOT_COUNTED
    if allowance.money is not None and price_of(question, endpoint) > allowance.money:
        return Words(
            f"it would cost more than the {allowance.money:.2f} that are left today",
            f"费用会超过今天剩下的 {allowance.money:.2f}",
        )
    if allowance.size_bytes is not None and size_of(question) > allowance.size_bytes:
        return Words(
            f"it is more than the {allowance.size_bytes} bytes that are left today",
            f"流量会超过今天剩下的 {allowance.size_bytes} 字节",
        )
    return None


def health_of(question: Question, endpoint: Endpoint) -> Health:
    """What is known of that cloud now."""
    known = (health for health in question.health if health.endpoint == endpoint.name)
    return next(known, Health(endpoint.name))


def price_of(question: Question, endpoint: Endpoint) -> float:
    """What the answer would cost there at most, in units of currency."""
    need = question.need
    cost = need.input_tokens * endpoint.input_price + need.output_tokens * endpoint.output_price
    return cost / 1_000_000


def size_of(question: Question) -> int:
    """What would leave, in bytes, about."""
    return question.need.input_tokens * BYTES_A_TOKEN


NOT_COUNTED = Words(
    "what clouds cost today can not be read or written (spending.json), so nothing may be spent",
    "无法读写今天的云端费用记录（spending.json），因此不得再产生费用",
)
