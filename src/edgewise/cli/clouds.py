"""`edgewise clouds`: the clouds that are set up, how they do, what still keeps everything from
them, and what they have cost today.

A device that runs is asked, since it knows how its clouds do; without one the files are read.
"""

import asyncio
import sys
from collections.abc import Iterator

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.words import Language, Words
from edgewise.device.cloud_told import CloudRow, Clouds
from edgewise.device.config import data_folder, load_config


def clouds(language: Tongue = None, as_json: AsRows = False) -> None:
    """List the clouds, how they do, and what today cost."""
    from edgewise.cli.remote import running_device

    tongue, device = spoken(language), running_device()
    told = asyncio.run(device.clouds()) if device is not None else _from_files()
    is_old = device is not None and not _is_as_in_file(told)
    if as_json:
        print(msgspec.json.encode(told).decode())
        if is_old:
            sys.stderr.write(f"edgewise: {_START_AGAIN.said_in(tongue)}\n")
        return
    for line in _head(told, tongue):
        print(line)
    if told.clouds:
        Console().print(_table(told, tongue))
        for one in told.clouds:
            for words in one.lacking:
                print(_LACKS.said_in(tongue).format(name=one.name, why=words.said_in(tongue)))
    elif not is_old:
        print(_NONE.said_in(tongue))
    if is_old:
        print(_START_AGAIN.said_in(tongue))


def _from_files() -> Clouds:
    from edgewise.core.clock import SystemClock
    from edgewise.device.cloud_desk import CloudDesk

    folder = data_folder()
    return CloudDesk(folder, load_config(folder), SystemClock()).told()


def _is_as_in_file(told: Clouds) -> bool:
    """Whether a device that runs was started with what `config.toml` says of clouds now."""
    config = load_config(data_folder())
    runs = [(one.name, one.region, one.model, one.address) for one in told.clouds]
    file = [(one.name, one.region, one.model, one.address) for one in config.cloud]
    limits = (told.today.money_limit, told.today.bytes_limit)
    return (runs, limits) == (file, (config.money_a_day, config.bytes_a_day))


def _head(told: Clouds, tongue: Language) -> Iterator[str]:
    network = _ONLINE if told.online else _TUNNEL
    yield _MODE.said_in(tongue).format(mode=told.mode.value, network=network.said_in(tongue))
    yield _TODAY.said_in(tongue).format(today=told.today)
    if told.waiting:
        yield _WAITING.said_in(tongue).format(count=told.waiting)


def _table(told: Clouds, tongue: Language) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in _COLUMNS:
        table.add_column(heading.said_in(tongue), overflow="fold")
    for one in told.clouds:
        table.add_row(
            escape(f"{one.name} ({one.region})"),
            escape(f"{one.model}\n{one.address}"),
            escape(_state(one, tongue)),
        )
    return table


def _state(one: CloudRow, tongue: Language) -> str:
    state = _STATES[one.state].said_in(tongue)
    return state if one.why is None else f"{state}\n{one.why.said_in(tongue)}"


_COLUMNS = (
    Words("cloud", "云端"),
    Words("model and address", "模型与地址"),
    Words("now", "现在"),
)
_LACKS = Words("nothing goes to {name}: {why}", "不向 {name} 发送：{why}")
_STATES = {
    "ready": Words("ready", "就绪"),
    "resting": Words("resting", "暂停使用"),
    "away": Words("away", "不可用"),
}
_ONLINE = Words("no tunnel", "不在隧道中")
_TUNNEL = Words("in a tunnel: nothing leaves (edgewise tunnel off)", "在隧道中，不发送任何内容（edgewise tunnel off）")  # fmt: skip  # noqa: E501
_MODE = Words("mode {mode}; {network}", "模式 {mode}；{network}")
_TODAY = Words(
    "today: {today.turns} turn(s) sent {today.bytes} of at most {today.bytes_limit} bytes, cost"
    " {today.money:.4f} of {today.money_limit:g}",
    "今天：{today.turns} 个回合发送了 {today.bytes} 字节（上限 {today.bytes_limit}），"
    "费用 {today.money:.4f}（上限 {today.money_limit:g}）",
)
_WAITING = Words("{count} question(s) wait for a network", "{count} 个问题正等待网络")
_START_AGAIN = Words(
    "config.toml has changed since the device was started, and what it says of clouds counts once"
    " you start it again: end `edgewise run` and run it anew.",
    "设备启动后 config.toml 已更改，其中的云端设置在重新启动后生效："
    "请结束 edgewise run 并重新运行。",
)
_NONE = Words(
    "No cloud is set up: add a [[cloud]] to config.toml. Until then nothing leaves this device.",
    "没有配置云端：请在 config.toml 中添加 [[cloud]]。在此之前任何内容都不离开本机。",
)
