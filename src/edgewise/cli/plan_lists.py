"""`edgewise plan models` and `edgewise plan chips`: what the planner knows by name."""

from collections.abc import Iterable

from edgewise.cli.plan_columns import NONE, count, print_table, scaled
from edgewise.core.words import Language, Words
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip, Kind
from edgewise.plan.weights import parameters


def show_models(models: Iterable[Architecture], tongue: Language) -> None:
    """Print the models that are known by name."""
    rows = [
        (model.name, count(held.total), count(held.active), str(model.max_context or NONE))
        for model in models
        for held in (parameters(model),)
    ]
    print_table((_MODEL, _PARAMETERS, _ACTIVE, _LONGEST), rows, tongue)
    print(_OTHER_MODELS.said_in(tongue))


def show_chips(chips: Iterable[Chip], tongue: Language) -> None:
    """Print the chips that are known by name."""
    rows = [
        (
            chip.name,
            _KINDS[chip.kind].said_in(tongue),
            scaled(chip.memory_bytes, "B"),
            scaled(chip.bandwidth_bytes_s, "B/s"),
            scaled(max(chip.peak_flops.values(), default=None), "FLOP/s"),
            NONE if chip.price_usd_per_hour is None else f"{chip.price_usd_per_hour:.2f}",
        )
        for chip in chips
    ]
    print_table((_CHIP, _KIND, _MEMORY, _BANDWIDTH, _PEAK, _PRICE), rows, tongue, left=2)
    print(_OTHER_CHIPS.said_in(tongue))


_MODEL, _CHIP, _KIND = Words("model", "模型"), Words("chip", "芯片"), Words("kind", "类型")
_PARAMETERS, _ACTIVE = Words("parameters", "参数"), Words("active", "激活参数")
_LONGEST, _MEMORY = Words("longest context", "最长上下文"), Words("memory", "内存")
_BANDWIDTH, _PEAK = Words("bandwidth", "带宽"), Words("peak", "峰值")
_PRICE = Words("USD/h", "美元/时")
_KINDS = {
    Kind.ACCELERATOR: Words("accelerator", "加速卡"),
    Kind.DESKTOP: Words("desktop", "桌面"),
    Kind.EDGE: Words("edge", "边缘"),
    Kind.PHONE: Words("phone", "手机"),
}
_OTHER_MODELS = Words(
    "A config.json or a GGUF file is taken too: edgewise plan FILE --chip H800",
    "也接受 config.json 或 GGUF 文件：edgewise plan 文件 --chip H800",
)
_OTHER_CHIPS = Words(
    "`this-machine` is measured. A chip of your own: --chips FILE, a TOML like\n"
    "edgewise/plan/chips.toml.",
    "`this-machine` 为实测本机。自己的芯片：--chips 文件，\n格式同 edgewise/plan/chips.toml。",
)
