"""A plan in tables for a person at a terminal, 80 columns wide."""

from collections.abc import Sequence

from edgewise.cli.plan_columns import NONE, count, print_table, say, scaled, tell, three_digits
from edgewise.core.words import Language, Words
from edgewise.plan.chip import Kind
from edgewise.plan.report import Disaggregated, ModelPlan, OnChip, Report
from edgewise.plan.report_edge import OnDevice


def show_report(found: Report, tongue: Language) -> None:
    """Print every model's plan, and a comparison where there are several."""
    for number, model in enumerate(found.models):
        if number:
            print()
        _show_model(found, model, tongue)
    if len(found.models) > 1:
        _show_comparison(found, tongue)


def _show_model(found: Report, model: ModelPlan, tongue: Language) -> None:
    head = _HEAD.filled(
        model=model.model,
        total=count(model.parameters),
        active=count(model.active_parameters),
        context=found.context,
    ).said_in(tongue)
    if found.context == model.max_context:
        head += _LONGEST.said_in(tongue)
    if any(each.kind is Kind.ACCELERATOR for each in model.chips):
        weights = scaled(model.weights_bytes, "B")
        head += _WEIGHTS_IN.filled(format=model.weights_format, weights=weights).said_in(tongue)
    tell(head)
    print()
    token = model.token
    counts = [
        (_KV, scaled(token.kv_bytes, "B")),
        (_CORE, scaled(token.attention_core_flops, "FLOP")),
        (_LINEAR, scaled(token.attention_linear_flops, "FLOP")),
        (_FFN, scaled(token.ffn_flops, "FLOP")),
        (_INTENSITY, f"{token.intensity_flops_per_byte:.1f} FLOP/B"),
    ]
    if model.is_moe:
        counts.append((_ACTING, f"{100 * token.acting:.1f} %"))
    print_table(
        (_A_TOKEN, Words("", "")), [(w.said_in(tongue), told) for w, told in counts], tongue
    )
    print()
    _show_costs(model, tongue)
    _show_serving(found, model, tongue)
    _show_devices(found, model.devices, tongue)
    _show_missing(model.chips, tongue)
    if model.note is not None:
        say(Words(model.model, model.model), model.note, tongue)


def _show_devices(found: Report, devices: Sequence[OnDevice], tongue: Language) -> None:
    """One sequence on a device: what fits, how fast, and from where on a cloud has to go on."""
    if not devices:
        return
    print()
    print(_ONE_SEQUENCE.filled(wanted=_wanted(1e3 / found.slo_ms)).said_in(tongue))
    rows = [
        (
            each.chip,
            each.format,
            scaled(each.weights_bytes, "B"),
            _fits(each, tongue),
            _speed(each.decode_tokens_s),
            _speed(each.prefill_tokens_s),
            NONE if each.joules is None else f"{three_digits(each.joules)} J",
            _cloud(each, tongue),
        )
        for each in devices
    ]
    columns = (_CHIP, _FORMAT, _WEIGHTS, _FITS, _DECODE, _PREFILL, _ENERGY, _CLOUD)
    print_table(columns, rows, tongue, left=2)
    for source in dict.fromkeys(each.rates for each in devices if each.rates):
        chips = ", ".join(dict.fromkeys(each.chip for each in devices if each.rates == source))
        say(Words(chips, chips), _RATES.filled(source=source), tongue)


def _wanted(tokens_s: float) -> str:
    return f"{tokens_s:.1f}".removesuffix(".0") if tokens_s >= 10 else f"{tokens_s:.3g}"


def _fits(each: OnDevice, tongue: Language) -> str:
    return {True: _YES, False: _NO, None: _UNKNOWN}[each.fits].said_in(tongue)


def _speed(tokens_s: float | None) -> str:
    return NONE if tokens_s is None else three_digits(tokens_s)


def _cloud(each: OnDevice, tongue: Language) -> str:
    """From which context on, and why; a word where it is everywhere, nowhere or not known."""
    if each.cloud_because is None:
        return NONE
    if each.cloud_from is None:
        return _NOWHERE.said_in(tongue)
    why = _BECAUSE.get(each.cloud_because, Words(each.cloud_because, each.cloud_because))
    start = _ALWAYS.said_in(tongue) if each.cloud_from <= 1 else str(each.cloud_from)
    return f"{start} ({why.said_in(tongue)})"


def _show_costs(model: ModelPlan, tongue: Language) -> None:
    """Against each chip's roofline, and in money where there is a price."""
    limits = {
        None: NONE,
        "memory": _BY_MEMORY.said_in(tongue),
        "compute": _BY_FLOPS.said_in(tongue),
    }
    rows = [
        (
            each.chip,
            NONE if each.roofline_flops_per_byte is None else f"{each.roofline_flops_per_byte:.0f}",
            limits[each.limited_by],
            *(
                _usd(usd, each, tongue)
                for usd in (each.attention_usd, each.ffn_usd, each.total_usd)
            ),
            NONE if each.acting_floor is None else f"{100 * each.acting_floor:.1f} %",
        )
        for each in model.chips
    ]
    columns = (_CHIP, _ROOFLINE, _LIMITED, _ATTENTION_USD, _FFN_USD, _BOTH_USD, _FLOOR)
    shown = 7 if any(each.kind is Kind.ACCELERATOR for each in model.chips) else 3
    print_table(columns[:shown], [row[:shown] for row in rows], tongue)
    if model.split is not None:
        told = _SPLIT.filled(
            usd=f"{model.split.total_usd:.3f}",
            attention=model.split.attention_chip,
            ffn=model.split.ffn_chip,
        )
        tell(told.said_in(tongue))


def _show_serving(found: Report, model: ModelPlan, tongue: Language) -> None:
    """How many cards it takes within the latency, both ways."""
    servers = [each for each in model.chips if each.kind is Kind.ACCELERATOR]
    if not servers:
        return
    print()
    print(_WITHIN.filled(slo=f"{found.slo_ms:g}").said_in(tongue))
    rows = [
        (
            each.chip,
            str(serving.cards),
            f"TP{serving.tensor_parallel} DP{serving.data_parallel}",
            scaled(serving.weights_bytes, "B"),
            scaled(serving.cache_bytes, "B"),
            scaled(serving.room_bytes, "B"),
            str(serving.batch),
            f"{serving.token_s * 1e3:.1f}",
            count(serving.tokens_s, 0),
            NONE if serving.total_usd is None else f"{serving.total_usd:.3f}",
        )
        for each in servers
        if (serving := each.serving) is not None
    ]
    if rows:
        columns = (_CHIP, _CARDS, _SPLIT_AS, _WEIGHTS, _CACHE, _ROOM, _BATCH, _MS, _SPEED, _USD)
        print_table(columns, rows, tongue)
    for each in servers:
        if each.problem is not None:
            say(Words(each.chip, each.chip), each.problem, tongue)
    if model.deployment is not None:
        _show_deployment(model.deployment, tongue)


def _show_deployment(found: Disaggregated, tongue: Language) -> None:
    chips = {"attention": found.attention_chip, "ffn": found.ffn_chip}
    if found.name is None:
        say(_APART.filled(**chips), found.problem or _FIGURES_MISSING, tongue)
        return
    told = _DEPLOYED.filled(
        name=found.name,
        attention_cards=found.attention_cards,
        ffn_cards=found.ffn_cards,
        batch=found.batch,
        speed=f"{found.tokens_s:.0f}",
        each=f"{found.tokens_s_per_card:.0f}",
        usd=_NO_PRICE.said_in(tongue) if found.total_usd is None else f"{found.total_usd:.3f} $/M",
    )
    say(_APART.filled(**chips), told, tongue)


def _show_missing(chips: Sequence[OnChip], tongue: Language) -> None:
    lacking = [each for each in chips if each.missing]
    for each in lacking:
        told = _MISSING.filled(figures=", ".join(each.missing))
        say(Words(each.chip, each.chip), told, tongue)
    if lacking:
        print(_WRITE_CHIP.said_in(tongue))
    if any("memory" in each.missing for each in lacking):
        print(_GIVE_MEMORY.said_in(tongue))


def _show_comparison(found: Report, tongue: Language) -> None:
    """Of all models: what servers cost, and on each device the usual format, which is the last."""
    if any(each.kind is Kind.ACCELERATOR for each in found.models[0].chips):
        print()
        _compare_on_servers(found, tongue)
    if found.models[0].devices:
        print()
        _compare_on_devices(found, tongue)


def _compare_on_devices(found: Report, tongue: Language) -> None:
    usual = [
        (model.model, each)
        for model in found.models
        for each in {device.chip: device for device in model.devices}.values()
    ]
    rows = [
        (
            name,
            each.chip,
            each.format,
            scaled(each.weights_bytes, "B"),
            _fits(each, tongue),
            _speed(each.decode_tokens_s),
            _cloud(each, tongue),
        )
        for name, each in usual
    ]
    columns = (_MODEL, _CHIP, _FORMAT, _WEIGHTS, _FITS, _DECODE, _CLOUD)
    print_table(columns, rows, tongue, left=3)


def _compare_on_servers(found: Report, tongue: Language) -> None:
    rows = [
        (
            model.model,
            scaled(model.token.kv_bytes, "B"),
            f"{model.token.intensity_flops_per_byte:.1f}",
            f"{split.total_usd:.3f}" if (split := model.split) else NONE,
            f"{split.attention_chip} + {split.ffn_chip}" if split else NONE,
            (model.deployment and model.deployment.name) or NONE,
        )
        for model in found.models
    ]
    print_table((_MODEL, _KV, _INTENSITY_SHORT, _BOTH_USD, _CHIPS, _SIZE), rows, tongue)


def _usd(usd: float | None, each: OnChip, tongue: Language) -> str:
    if usd is not None:
        return f"{usd:.3f}"
    return _NO_PRICE.said_in(tongue) if "price" in each.missing else NONE


_MODEL, _CHIP = Words("model", "模型"), Words("chip", "芯片")
_CHIPS, _SIZE = Words("chips", "芯片"), Words("size", "规模")
_HEAD = Words(
    "{model}: {total} parameters, {active} act on a token\ncontext {context}",
    "{model}：{total} 参数，每个 token 激活 {active}\n上下文 {context}",
)
_LONGEST = Words(" (the model's longest)", "（模型的上限）")
_WEIGHTS_IN = Words(
    ", weights on servers in {format}: {weights}", "，服务器权重 {format}：{weights}"
)
_A_TOKEN = Words("a decoded token", "解码一个 token")
_KV = Words("KV and states", "KV 与状态")
_CORE, _LINEAR = Words("attention, core", "注意力核心"), Words("attention, linear", "注意力线性层")
_FFN = Words("feed-forward", "前馈网络")
_INTENSITY = Words("intensity of attention", "注意力算术强度")
_INTENSITY_SHORT = Words("FLOP/B", "FLOP/B")
_ACTING = Words("experts that act", "激活专家比例")
_ROOFLINE, _LIMITED = Words("FLOP/B", "FLOP/B"), Words("limit", "瓶颈")
_BY_MEMORY, _BY_FLOPS = Words("memory", "内存"), Words("compute", "算力")
_ATTENTION_USD, _FFN_USD = Words("attention $/M", "注意力 $/M"), Words("FFN $/M", "前馈 $/M")
_BOTH_USD, _FLOOR = Words("both $/M", "合计 $/M"), Words("min. acting", "最低激活")
_NO_PRICE = Words("no price", "无价格")
_SPLIT = Words(
    "Cheapest: {usd} USD a million tokens, attention on {attention}, feed-forward on {ffn}.",
    "最便宜：每百万 token {usd} 美元，注意力用 {attention}，前馈用 {ffn}。",
)
_WITHIN = Words(
    "Within {slo} ms a token, at half of peak:", "每个 token {slo} 毫秒以内，按峰值一半计："
)
_CARDS, _SPLIT_AS, _WEIGHTS = (
    Words("cards", "卡数"),
    Words("split", "切分"),
    Words("weights", "权重"),
)
_CACHE, _ROOM, _BATCH = Words("cache", "缓存"), Words("room", "可用"), Words("batch", "批")
_MS, _SPEED = Words("ms", "毫秒"), Words("tokens/s", "token/秒")
_USD = Words("$/M", "$/M")
_ONE_SEQUENCE = Words(
    "One sequence on a device, {wanted} tokens/s wanted:",
    "设备上单个序列，期望每秒 {wanted} 个 token：",
)
_RATES = Words("speeds by {source}", "速度依据：{source}")
_FORMAT, _FITS = Words("format", "格式"), Words("fits", "放得下")
_DECODE, _PREFILL = Words("tok/s", "解码/秒"), Words("prompt/s", "预填/秒")
_ENERGY, _CLOUD = Words("token", "每 token"), Words("cloud from", "何时转云")
_YES, _NO, _UNKNOWN = Words("yes", "是"), Words("no", "否"), Words("?", "?")
_NOWHERE, _ALWAYS = Words("nowhere", "不需要"), Words("always", "始终")
_BECAUSE = {"speed": Words("speed", "速度"), "memory": Words("memory", "内存")}
_APART = Words("{attention} + {ffn}", "{attention} + {ffn}")
_DEPLOYED = Words(
    "{name} ({attention_cards} + {ffn_cards} cards), batch {batch},\n"
    "{speed} tokens/s ({each} a card), {usd}",
    "{name}（{attention_cards} + {ffn_cards} 张卡），批 {batch}，\n"
    "每秒 {speed} 个 token（每卡 {each}），{usd}",
)
_FIGURES_MISSING = Words("a figure of a chip is missing", "缺少芯片的某项数据")
_MISSING = Words("its entry has no {figures}", "条目中没有 {figures}")
_GIVE_MEMORY = Words(
    "A memory that is sold in several sizes can be given: --memory 12GB.",
    "内存有多种规格时可直接给出：--memory 12GB。",
)
_WRITE_CHIP = Words(
    "Write such figures into a file of your own: --chips FILE.",
    "可把这些数据写进自己的文件：--chips 文件。",
)
