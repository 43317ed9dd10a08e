"""`edgewise doctor`: what is installed, what is missing, and how to get it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.cloud_database import Folder, held_of
from edgewise.cli.language import Tongue
from edgewise.cli.lists import AsRows
from edgewise.core.words import Language, Words
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.core.finding import Finding

_STATES = {
    "ok": Words("ok", "正常"),
    "missing": Words("missing", "缺少"),
    "broken": Words("broken", "异常"),
}
_KINDS = {
    "processor": Words("processor", "处理器"),
    "extra": Words("extra", "组件"),
    "model": Words("model", "模型"),
    "data folder": Words("data folder", "数据文件夹"),
    "privacy": Words("privacy", "隐私"),
    "port": Words("port", "端口"),
    "stores": Words("stores", "数据存储"),
    "sense hear": Words("sense hear", "听觉"),
    "sense speak": Words("sense speak", "发声"),
    "sense see": Words("sense see", "视觉"),
    "screen": Words("screen", "屏幕"),
    "voice": Words("voice", "语音"),
    "satellite": Words("satellite", "卫星设备"),
    "cloud": Words("cloud", "云端"),
    "platform": Words("platform", "云平台"),
    "database": Words("database", "数据库"),
    "disk room": Words("disk room", "磁盘空间"),
    "backend": Words("backend", "后端"),
    "voice devices": Words("voice devices", "语音设备"),
    "voice opus": Words("voice opus", "语音编码"),
    "voice hear": Words("voice hear", "语音识别"),
    "voice speak": Words("voice speak", "语音合成"),
    "voice address": Words("voice address", "语音地址"),
}
CLOUD_LIBRARIES = ("alembic", "httpx", "opuslib_next", "sqlalchemy", "starlette", "uvicorn")
"""Of the extra that a platform needs, what its checks and its start load first."""
_STYLES = {"ok": "green", "missing": "yellow", "broken": "red"}


def doctor(folder: Folder = None, language: Tongue = None, as_json: AsRows = False) -> None:
    """Check this installation and its platform, if any. Ends with 1 when something that either
    needs is not well."""
    import msgspec

    from edgewise.core.finding import is_fit

    findings, tongue = _of_device(language)
    findings = (*findings, *_of_platform(folder))
    if as_json:
        for finding in findings:
            print(msgspec.json.encode(finding).decode())
    else:
        Console().print(table_of(findings, tongue))
    raise typer.Exit(0 if is_fit(findings) else 1)


def _of_device(language: Language | None) -> "tuple[tuple[Finding, ...], Language]":
    """What was found of the device, and the language to say it in."""
    from edgewise.core.finding import Finding, State
    from edgewise.device.config import data_folder, load_config
    from edgewise.device.doctor import examine
    from edgewise.device.parts import examine_parts

    folder = data_folder()
    tongue = language or Language.ENGLISH
    try:
        config = load_config(folder)
        tongue = language or config.spoken
        findings = (*examine(folder, (config.port,)), *examine_parts(folder, config))
    except UserError as error:
        told = Words(str(error), f"配置文件有误：{error}")
        findings = (*examine(folder), Finding("config.toml", State.BROKEN, told))
    return findings, tongue


def _of_platform(named: Path | None) -> "tuple[Finding, ...]":
    """What was found of the platform in the folder that was named, or in the usual one; nothing
    where nobody named one and there is none."""
    from msgspec.structs import replace

    from edgewise.cloud.config import CONFIG, DATABASE
    from edgewise.core.finding import State
    from edgewise.device.doctor import check_extras

    folder = held_of(named)
    if named is None and not any((folder / one).is_file() for one in (CONFIG, DATABASE)):
        return ()
    (extra,) = check_extras({"cloud": CLOUD_LIBRARIES})
    if extra.state is not State.OK:
        return (replace(extra, optional=False),)
    from edgewise.cloud.doctor import examine

    return (extra, *examine(folder))


def table_of(findings: "Iterable[Finding]", language: Language) -> Table:
    """One row a finding, and one for its remedy; names in brackets stay as they are."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        style = "dim" if finding.optional and finding.state != "ok" else _STYLES[finding.state]
        state = _STATES[finding.state].said_in(language)
        found = escape(finding.found.said_in(language))
        table.add_row(f"[{style}]{state}[/]", escape(_named(finding.name, language)), found)
        if finding.remedy is not None:
            table.add_row("", "", f"[dim]{escape(finding.remedy.said_in(language))}[/]")
    return table


def _named(name: str, language: Language) -> str:
    """The name of a check: a word of ours, or one with what it is about behind it."""
    if name in _KINDS:
        return _KINDS[name].said_in(language)
    kind, _, rest = name.partition(" ")
    return f"{_KINDS[kind].said_in(language)} {rest}" if rest and kind in _KINDS else name
