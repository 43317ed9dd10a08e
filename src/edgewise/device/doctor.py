"""Looks whether this machine has what Edgewise needs, and says how to get what it lacks.

It only looks: nothing is made, installed, fetched or repaired. A check never raises; what goes
wrong is its finding. `optional` findings leave the device able to run, with less.
"""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edgewise.core.finding import Finding, State
from edgewise.core.words import Words
from edgewise.device.folder import is_open, open_to_others
from edgewise.device.presence import find
from edgewise.engine.packages import ModelPackage, folder_of, list_path, read_list
from edgewise.errors import EdgewiseError, ModelError
from edgewise.think import models

LEAST_PYTHON = (3, 11)
# One module for each library of an extra: its presence stands for the library's.
EXTRAS = {
    "understand": ("numpy", "onnxruntime"),
    "device": ("fastapi", "httpx", "mcp", "uvicorn"),
    "llama": ("xllamacpp",),
    "desktop": ("dbus_fast",),
    "hear": (
        "ctranslate2",
        "miniaudio",
        "opencc",
        "pymicro_wakeword",
        "soundfile",
        "soxr",
        "tokenizers",
        "wyoming",
    ),
    "speak": ("jieba", "pypinyin"),
    "see": ("ai_edge_litert", "PIL", "rapidocr"),
    "kuksa": ("kuksa_client",),
}
DEFAULT_EXTRAS = ("understand", "device", "llama")
PROGRAMS = {"chromium": "chromium", "chromedriver": "chromium-driver", "dbus-daemon": "dbus"}


def examine(data_folder: Path, ports: Sequence[int] = ()) -> tuple[Finding, ...]:
    """All checks. `ports` are those the device will listen on, on loopback."""
    return (
        check_python(),
        check_processor(),
        *check_extras(),
        *check_model_packages(),
        check_language_model(data_folder / "models"),
        *check_programs(),
        check_data_folder(data_folder),
        *check_privacy(data_folder),
        *(check_port(port, data_folder) for port in ports),
    )


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """The interpreter's version."""
    text = ".".join(map(str, version))
    if version[:2] >= LEAST_PYTHON:
        return _ok("python", text)
    least = ".".join(map(str, LEAST_PYTHON))
    return Finding(
        "python",
        State.BROKEN,
        _same(text),
        Words(
            en=f"Python {least} or newer is needed: make venv PYTHON=python{least}",
            zh=f"需要 Python {least} 或更新版本:make venv PYTHON=python{least}",
        ),
    )


def check_processor(
    machine: str = platform.machine(), cpu_info: Path = Path("/proc/cpuinfo")
) -> Finding:
    """Whether the processor has the instructions the language model's library is built for."""
    name = "processor"
    if machine not in ("x86_64", "AMD64"):
        return _ok(name, machine, optional=True)
    try:
        flags = cpu_info.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _ok(name, f"{machine}, AVX2 ?", optional=True)
    if "avx2" in flags.split():
        return _ok(name, f"{machine}, AVX2", optional=True)
    return Finding(
        name,
        State.MISSING,
        Words(en=f"{machine} without AVX2", zh=f"{machine},没有 AVX2"),
        Words(
            en="Commands work; free text needs another processor, or xllamacpp built from source.",
            zh="指令可用;自由对话需要换处理器,或从源码编译 xllamacpp。",
        ),
        optional=True,
    )


def check_extras(extras: dict[str, tuple[str, ...]] = EXTRAS) -> tuple[Finding, ...]:
    """One finding an extra; those that `make run` installs are needed."""
    return tuple(_check_extra(name, modules) for name, modules in extras.items())


def check_model_packages(pins: Path | None = None) -> tuple[Finding, ...]:
    """The models of packages, by the size of their files; their hashes are compared where they are
    loaded. Without those of a sense the device does without that sense."""
    try:
        packages = read_list(pins or list_path())
    except ModelError as error:
        return (Finding("models.toml", State.BROKEN, _same(str(error)), _REINSTALL),)
    return tuple(_check_package(package) for package in packages if package.default)


def check_language_model(folder: Path, name: str = models.EMBEDDED) -> Finding:
    """Whether a language model's file is there and genuine; without it commands still work."""
    try:
        path = models.find(name, folder, keep=False)
    except EdgewiseError as error:
        state = State.MISSING if isinstance(error, ModelError) else State.BROKEN
        return Finding(name, state, _same(str(error)), _way_to(name), optional=True)
    return _ok(name, str(path), optional=True)


def check_programs(programs: dict[str, str] = PROGRAMS) -> tuple[Finding, ...]:
    """Programs that some tests and the desktop driver use; value: Debian's package."""
    return tuple(
        _ok(name, path, optional=True)
        if (path := shutil.which(name))
        else Finding(
            name,
            State.MISSING,
            Words(en="not found", zh="未找到"),
            _same(f"apt-get install {package}"),
            optional=True,
        )
        for name, package in programs.items()
    )


def check_data_folder(folder: Path) -> Finding:
    """Whether the device can write where it keeps its data, and there is room."""
    name = "data folder"
    remedy = Words(
        en=f"Make {folder} a folder that this user may write to, or choose another one.",
        zh=f"请让当前用户可以写入 {folder},或改用其他文件夹。",
    )
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent  # it is made at the first start, inside this one
    try:
        with tempfile.TemporaryFile(dir=there):
            free_mb = shutil.disk_usage(there).free / 1e6
    except OSError as error:
        return Finding(name, State.BROKEN, _same(f"{folder}: {error.strerror}"), remedy)
    if free_mb < 100:
        return Finding(
            name,
            State.BROKEN,
            Words(
                en=f"{folder}: {free_mb:.0f} MB free",
                zh=f"{folder}:剩余 {free_mb:.0f} MB",
            ),
            Words(en="Make at least 100 MB free.", zh="请至少腾出 100 MB 空间。"),
        )
    return _ok(name, str(folder))


def check_privacy(folder: Path) -> tuple[Finding, ...]:
    """Whether others can look into the data folder; one that is not there yet is no fault, and a
    private one nothing to tell."""
    if not folder.exists():
        return (Finding("privacy", State.OK, _NOT_YET, optional=True),)
    if not is_open(folder):
        return ()
    found = Words(
        en="other users of this machine can look into it",
        zh="本机其他用户可以进入该文件夹",
    )
    return (Finding("privacy", State.BROKEN, found, open_to_others(folder), optional=True),)


def check_port(port: int, folder: Path | None = None, host: str = "127.0.0.1") -> Finding:
    """Whether the device could listen on a port now, or the one of `folder` does already."""
    name = f"port {port}"
    running = find(folder) if folder is not None else None
    if running is not None and running.address == f"http://{host}:{port}":
        return Finding(
            name,
            State.OK,
            Words(
                en=f"in use by this device (pid {running.process})",
                zh=f"本设备正在使用(进程 {running.process})",
            ),
        )
    try:
        with socket.socket() as door:
            if os.name == "posix":
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "ports are 0 to 65535"
        return Finding(
            name,
            State.BROKEN,
            _same(f"{host}:{port}: {why}"),
            Words(
                en="Stop the program that uses it (perhaps another device's Edgewise), or set"
                " another `port` in config.toml.",
                zh="请停止占用该端口的程序(也许是另一台设备的 Edgewise),或在 config.toml 中"
                "改用其他 port。",
            ),
        )
    return _ok(name, f"{host}:{port}")


def _check_extra(name: str, modules: tuple[str, ...]) -> Finding:
    optional = name not in DEFAULT_EXTRAS
    label = f"extra {name}"
    lacking = [module for module in modules if importlib.util.find_spec(module) is None]
    if lacking:
        return Finding(
            label,
            State.MISSING,
            Words(en="missing: " + ", ".join(lacking), zh="缺少:" + "、".join(lacking)),
            _same(f"pip install 'edgewise[{name}]'"),
            optional,
        )
    found = ", ".join(f"{module} {_version(module)}".strip() for module in modules)
    return _ok(label, found, optional=optional)


def _check_package(package: ModelPackage) -> Finding:
    name, optional = f"model {package.name}", bool(package.sense)
    remedy = _same(f"edgewise models install {package.name}")
    for file in package.file:
        path = folder_of(package) / file.path
        if not path.is_file():
            found = Words(en=f"not installed: {file.path}", zh=f"未安装：{file.path}")
            return Finding(name, State.MISSING, found, remedy, optional)
        if (size := path.stat().st_size) != file.size_bytes:
            found = Words(
                en=f"{path} has {size} bytes, expected {file.size_bytes}",
                zh=f"{path} 有 {size} 字节，应为 {file.size_bytes}",
            )
            return Finding(name, State.BROKEN, found, remedy, optional)
    told = f"{package.size_bytes / 1e6:.0f} MB, {package.licence}"
    return _ok(name, told, optional=optional)


def _way_to(name: str) -> Words:
    """How to get a language model."""
    if name == models.EMBEDDED:
        return _REINSTALL
    known = [one.name for one in models.catalogue() if not one.package]
    if name in known:
        return _same(f"edgewise models fetch {name}")
    there = ", ".join((models.EMBEDDED, *known))
    return Words(
        en=f"Set `chat_model` in config.toml to one of: {there}.",
        zh=f"请在 config.toml 中把 chat_model 改为以下之一：{there}。",
    )


def _version(module: str) -> str:
    try:
        return importlib.metadata.version(module)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _ok(name: str, found: str, *, optional: bool = False) -> Finding:
    return Finding(name, State.OK, _same(found), optional=optional)


def _same(text: str) -> Words:
    """Paths, versions and commands: the same in every language."""
    return Words(en=text, zh=text)


_NOT_YET = Words(
    en="the data folder is not there yet; it is made for its owner alone",
    zh="数据文件夹尚未创建；创建时仅限所有者访问",
)
_REINSTALL = Words(
    en="Install it again: make venv (delete .venv first if that does not help).",
    zh="请重新安装:make venv(若无效,先删除 .venv)。",
)
