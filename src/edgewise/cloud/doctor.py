"""Looks whether the platform of a folder has what it needs, for `edgewise doctor`.

It only looks, as the device's doctor does: nothing is made, migrated or repaired, and what goes
wrong is a finding. Optional findings leave the platform able to start, with less; what is broken is
never optional. It does not know
the environment of a platform that runs as a service.
"""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from edgewise.cloud.config import (
    CONFIG,
    DATABASE,
    BackendConfig,
    Config,
    doubtful,
    load_config,
    secret_of,
)
from edgewise.cloud.database_look import looked_into, told_name
from edgewise.cloud.migrations import is_current, is_known
from edgewise.cloud.step3 import check_folder
from edgewise.cloud.xiaozhi.doctor import examine_voice
from edgewise.core.finding import Finding, State
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError, UserError
from edgewise.think import models

ANSWER_S = 1.0
LEAST_BYTES = 100_000_000
"""Without this much room the ledger's journal fills the disk soon."""


def is_platform(folder: Path) -> bool:
    """Whether there is a platform in a folder."""
    return (folder / CONFIG).is_file() or (folder / DATABASE).is_file()


def examine(folder: Path) -> tuple[Finding, ...]:
    """All checks of the platform of a folder. Takes some seconds at most."""
    if not is_platform(folder):
        started = f"edgewise serve cloud --folder {folder}"
        nothing = Words(f"there is no platform in {folder}", f"{folder} 中没有云平台")
        return (Finding("platform", State.MISSING, nothing, _same(started)),)
    runs = is_running(folder)
    try:
        config = load_config(folder / CONFIG)
    except UserError as error:
        return (_standing(folder, runs), _broken_settings(error))
    database, is_readable = check_database(config, folder)
    return (
        _standing(folder, runs),
        *_check_settings(config, folder / CONFIG),
        database,
        check_room(folder, config.disk_reserve_bytes),
        *(check_backend(one, folder, runs=runs) for one in config.backend),
        *examine_voice(config, folder, database_of(config, folder) if is_readable else "", runs),
    )


def is_running(folder: Path) -> bool:
    """Whether a platform runs from a folder now."""
    try:
        with (folder / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def database_of(config: Config, folder: Path) -> str:
    """The URL of a platform's database."""
    return config.database or f"sqlite:///{folder / DATABASE}"


def check_database(config: Config, folder: Path) -> tuple[Finding, bool]:
    """Whether the database can be read and this version knows its tables; and whether those are of
    this version."""
    name, url = "database", database_of(config, folder)
    if not config.database and not (folder / DATABASE).exists():
        told = Words("not there yet; the first start makes it", "尚未创建；首次启动时创建")
        return Finding(name, State.OK, told), False
    try:
        with looked_into(url) as connection:
            is_whole, known = is_current(connection), is_known(connection)
        place = told_name(url)
    except EdgewiseError as error:
        told = Words(str(error), f"数据库无法使用：{error}")
        return Finding(name, State.BROKEN, told, _DATABASE_REMEDY), False
    if is_whole:
        return Finding(name, State.OK, _same(place)), True
    if known:
        older = Words(
            f"{place}: of an earlier version; the next start brings it up to date",
            f"{place}：来自较早版本，下次启动时自动更新",
        )
        return Finding(name, State.OK, older), False
    newer = Words(
        f"{place}: written by a later version of Edgewise", f"{place}：由更新版本的 Edgewise 写入"
    )
    return Finding(name, State.BROKEN, newer, _VERSION_REMEDY), False


def check_room(folder: Path, reserve_bytes: int) -> Finding:
    """Whether the disk has the room that uploads must leave free, and enough to go on at all."""
    free = shutil.disk_usage(folder).free
    told = Words(f"{free / 1e9:.1f} GB free", f"剩余 {free / 1e9:.1f} GB")
    if free >= reserve_bytes:
        return Finding("disk room", State.OK, told)
    kept = f"{reserve_bytes / 1e9:.1f} GB"
    remedy = Words(
        f"Uploads are refused below {kept} (disk_reserve_bytes in cloud.toml): make room.",
        f"低于 {kept} 时拒绝上传（cloud.toml 的 disk_reserve_bytes）：请腾出空间。",
    )
    if free >= LEAST_BYTES:
        return Finding("disk room", State.MISSING, told, remedy, optional=True)
    return Finding("disk room", State.BROKEN, told, remedy)


def check_backend(backend: BackendConfig, folder: Path, *, runs: bool) -> Finding:
    """Whether a backend has its key and something listens at its address; of this machine's,
    whether the language model is there."""
    name = f"backend {backend.name}"
    if backend.embedded:
        return _check_embedded(name, folder / "models")
    if backend.step3:
        return _check_step3(name, backend)
    try:
        secret_of(backend)
    except UserError:
        if not runs:  # else it was there at the start
            return Finding(name, State.MISSING, *_no_key(backend.key_env), optional=True)
    parts = urlsplit(backend.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), ANSWER_S).close()
    except (OSError, UnicodeError) as error:
        told = Words(f"{backend.url}: {error}", f"{backend.url}：{error}")
        return Finding(name, State.MISSING, told, _BACKEND_REMEDY, optional=True)
    return Finding(name, State.OK, _same(backend.url), optional=True)


def _check_embedded(name: str, folder: Path) -> Finding:
    try:
        models.find(models.EMBEDDED, folder, keep=False)
    except EdgewiseError as error:
        told = Words(str(error), f"本机语言模型不可用：{error}")
        return Finding(name, State.MISSING, told, _INSTALL, optional=True)
    return Finding(name, State.OK, Words("models of this machine", "本机模型"), optional=True)


def _check_step3(name: str, backend: BackendConfig) -> Finding:
    try:
        check_folder(backend)
        from edgewise.step3.conversation import check_whole  # loads torch, now known to be there

        check_whole(Path(backend.step3).expanduser())
    except UserError as error:
        told = Words(str(error), f"Step-3 模型不可用：{error}")
        return Finding(name, State.MISSING, told, _STEP3_REMEDY, optional=True)
    return Finding(name, State.OK, _same(backend.step3), optional=True)


def _standing(folder: Path, runs: bool) -> Finding:
    told = (
        Words(f"{folder}: runs", f"{folder}：正在运行")
        if runs
        else Words(f"{folder}: does not run now", f"{folder}：当前未运行")
    )
    return Finding("platform", State.OK, told)


def _check_settings(config: Config, file: Path) -> Iterator[Finding]:
    there = file.is_file() and os.access(file, os.R_OK)
    built_in = Words("built-in settings (no file)", "内置设置（没有文件）")
    yield Finding(CONFIG, State.OK, _same(str(file)) if there else built_in)
    for at, doubt in enumerate(doubtful(config), 1):
        told = Words(doubt, f"可能有误：{doubt}")
        yield Finding(f"{CONFIG} {at}", State.MISSING, told, _DOUBT_REMEDY, optional=True)


def _broken_settings(error: UserError) -> Finding:
    told = Words(str(error), f"配置文件有误：{error}")
    return Finding(CONFIG, State.BROKEN, told, _SETTINGS_REMEDY)


def _no_key(variable: str) -> tuple[Words, Words]:
    return (
        Words(f"its key {variable} is not set here", f"此处未设置其密钥 {variable}"),
        Words(
            f"Set {variable} where the platform is started; without it it does not start.",
            f"请在启动平台的环境中设置 {variable}；否则平台无法启动。",
        ),
    )


def _same(text: str) -> Words:
    return Words(text, text)


_SETTINGS_REMEDY = Words("Correct it; the platform does not start.", "请改正；否则平台无法启动。")
_DOUBT_REMEDY = Words("Correct it, if it is a slip.", "如是笔误，请改正。")
_DATABASE_REMEDY = Words(
    "Start the database or correct `database` in cloud.toml; a damaged file: put a backup back.",
    "请启动数据库，或改正 cloud.toml 中的 database；文件损坏时请恢复备份。",
)
_VERSION_REMEDY = Words(
    "Install that version, or name another database in cloud.toml.",
    "请安装该版本，或在 cloud.toml 中改用其他数据库。",
)
_BACKEND_REMEDY = Words(
    "Start it, or correct its url in cloud.toml; a running platform finds it by itself.",
    "请启动它，或在 cloud.toml 中改正 url；平台运行时会自动重新连接。",
)
_STEP3_REMEDY = Words(
    "Correct `step3` in cloud.toml or install edgewise[step3]; else the platform does not start.",
    "请改正 cloud.toml 中的 step3，或安装 edgewise[step3]；否则平台无法启动。",
)
_INSTALL = _same(f"edgewise models install {models.EMBEDDED}")
