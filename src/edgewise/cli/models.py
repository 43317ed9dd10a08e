"""`edgewise models`: models and recognisers there are; fetching, installing those of packages."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.words import Language, Words
from edgewise.errors import EdgewiseError, ModelError

if TYPE_CHECKING:
    from edgewise.think.download import Download

Name = Annotated[str, typer.Argument(help="A name from `edgewise models`.")]
Names = Annotated[list[str] | None, typer.Argument(help="Models of packages; the default ones.")]
All = Annotated[bool, typer.Option("--all", help="Also those that are not default.")]
Check = Annotated[bool, typer.Option("--check", help="Install nothing, only look.")]
Accept = Annotated[bool, typer.Option("--accept-terms", help="Accept the model's terms of use.")]


def make_models() -> typer.Typer:
    """The group `edgewise models`."""
    group = typer.Typer(help="Models: list, fetch a larger one, install those of packages.")
    group.callback(invoke_without_command=True)(models)
    group.command()(fetch)
    group.command()(install)
    return group


def models(context: typer.Context, language: Tongue = None, as_json: AsRows = False) -> None:
    """List the language models, with licence and size, what those of packages take, and what may
    be named in `[senses]`. As JSON: the language models."""
    if context.invoked_subcommand is not None:
        return
    import msgspec

    from edgewise.device.config import data_folder
    from edgewise.perceive.wake import WAKE_WORDS
    from edgewise.think.models import catalogue, place

    if as_json:
        for model in catalogue():
            print(msgspec.json.encode(model).decode())
        return
    tongue = spoken(language)
    table = Table(box=None, pad_edge=False)
    for heading in (_MODEL, _HERE, _SIZE, _MEMORY, _LANGUAGES, _LICENCE):
        table.add_column(heading.said_in(tongue), overflow="fold")
    for model in catalogue():
        path = place(model, data_folder() / "models")
        table.add_row(
            model.name,
            _YES.said_in(tongue) if path.exists() else "",
            f"{model.size_mb} MB",
            f"{model.memory_mb} MB",
            " ".join(model.languages),
            model.licence,
        )
    Console().print(table)
    print(_FETCH_ONE.said_in(tongue))
    Console().print(packaged(tongue))
    print(_INSTALL_THESE.said_in(tongue))
    Console().print(recognisers(data_folder() / "models", tongue))
    print(_USE_ONE.filled(words=", ".join(WAKE_WORDS)).said_in(tongue))


def packaged(tongue: Language) -> Table:
    """What the default models of packages take, by sense and in all."""
    from edgewise.engine.packages import packages, totals

    table = Table(box=None, pad_edge=False)
    for heading in (_SENSE, _PACKAGED):
        table.add_column(heading.said_in(tongue), overflow="fold")
    for heading in (_DOWNLOAD, _DISK):
        table.add_column(heading.said_in(tongue), justify="right", no_wrap=True)
    found = totals(packages())
    for one in found:
        sizes = (_in_mb(one.download_bytes), _in_mb(one.size_bytes))
        sense = _SENSES[one.sense or "language"].said_in(tongue)
        table.add_row(sense, " ".join(one.names), *sizes)
    download_bytes = sum(one.download_bytes for one in found)
    size_bytes = sum(one.size_bytes for one in found)
    table.add_row(_ALL.said_in(tongue), "", _in_mb(download_bytes), _in_mb(size_bytes))
    return table


def recognisers(hub_folder: Path, tongue: Language) -> Table:
    """Those of speech: which are here, and from where the others come."""
    from edgewise.engine.packages import folder_of, package
    from edgewise.perceive.recognisers import HUB, PACKAGED, missing_files

    table = Table(box=None, pad_edge=False)
    for heading in (_RECOGNISER, _HERE, _LANGUAGES, _FROM):
        name = heading.said_in(tongue)
        table.add_column(name, overflow="fold", no_wrap=heading is _RECOGNISER)
    for name, languages in PACKAGED.items():
        here = _YES.said_in(tongue) if folder_of(package(name)).is_dir() else ""
        table.add_row(name, here, " ".join(languages), _A_PACKAGE.said_in(tongue))
    for one in HUB.values():
        here = "" if missing_files(one, hub_folder) else _YES.said_in(tongue)
        table.add_row(one.name, here, " ".join(one.languages), one.source)
    return table


def _in_mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB"


def fetch(name: Name, accept_terms: Accept = False) -> None:
    """Download a model from its hub, verify it and keep it."""
    from edgewise.device.config import data_folder
    from edgewise.think.models import entry
    from edgewise.think.models import fetch as download

    model = entry(name)
    print(f"{model.title}: {model.licence}, about {model.size_mb} MB, from {model.publisher}")
    with Progress() as progress:
        task = progress.add_task(name, total=None)

        def show(state: "Download") -> None:
            progress.update(task, completed=state.done_bytes, total=state.total_bytes)

        path = download(
            name,
            data_folder() / "models",
            show,
            accepted_terms=accept_terms,
            token=os.environ.get("HF_TOKEN", ""),
        )
    print(f"Verified and kept at {path}")


def install(names: Names = None, everything: All = False, check: Check = False) -> None:
    """Install the models that come in packages, each file verified."""
    from edgewise.engine.install import find_fault
    from edgewise.engine.install import install as put_in_place
    from edgewise.engine.packages import package, packages

    chosen = [package(name) for name in names or ()]
    wrong = False
    for one in chosen or [one for one in packages() if one.default or everything]:
        size = f"{one.size_bytes / 1e6:.0f} MB, {one.licence}"
        if (fault := find_fault(one)) is None:
            print(f"  {one.name}: in place, verified ({size})")
            continue
        try:
            if check:
                raise ModelError(f"{fault}; run `edgewise models install {one.name}`")
            print(f"  {one.name}: {fault}; {size}")
            put_in_place(one, lambda told: print(f"    {told}", flush=True))
            print(f"  {one.name}: installed, verified")
        except EdgewiseError as error:
            print(f"  {one.name}: {error}", file=sys.stderr)
            wrong = wrong or not one.sense or check or bool(names)
    if wrong:
        raise typer.Exit(1)


_MODEL, _HERE, _SIZE = Words("model", "模型"), Words("here", "已有"), Words("size", "大小")
_MEMORY, _LANGUAGES = Words("memory", "内存"), Words("languages", "语言")
_LICENCE, _YES, _ALL = Words("licence", "许可证"), Words("yes", "是"), Words("all", "合计")
_SENSE, _PACKAGED = Words("for", "用途"), Words("models of packages", "随软件包安装的模型")
_DOWNLOAD, _DISK = Words("download", "下载"), Words("disk", "磁盘")
_RECOGNISER, _FROM = Words("recogniser", "识别器"), Words("from", "来源")
_A_PACKAGE = Words("a package, by default", "软件包，默认")
_SENSES = {
    "language": Words("language", "语言"),
    "hear": Words("hear", "听"),
    "speak": Words("speak", "说"),
    "see": Words("see", "看"),
}
_FETCH_ONE = Words(
    'Fetch one: edgewise models fetch NAME; then chat_model = "NAME" in config.toml\n',
    '下载：edgewise models fetch 名称；然后在 config.toml 中写 chat_model = "名称"\n',
)
_INSTALL_THESE = Words(
    "Install these: edgewise models install\n", "安装以上模型：edgewise models install\n"
)
_USE_ONE = Words(
    'To use one: hear = "NAME" under [senses] in config.toml; `edgewise doctor` then\n'
    "says which files it needs, and where.\nWake words: {words}; or any phrase",
    '使用：在 config.toml 的 [senses] 中写 hear = "名称"；\n'
    "随后 edgewise doctor 会说明需要哪些文件、放在哪里。\n唤醒词：{words}；也可以用任意词语",
)
