"""Looks whether a platform has what voice devices need, for `edgewise doctor`: nothing where the
settings let none in. What is missing is optional, since the platform starts without; an address
that leads elsewhere is a fault."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from edgewise.cloud.config import Config
from edgewise.cloud.database_look import looked_into
from edgewise.cloud.xiaozhi.bindings import read_bindings
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.cloud.xiaozhi.self_test import examine
from edgewise.core.finding import Finding, State
from edgewise.core.words import Words
from edgewise.errors import EdgewiseError, ModelError
from edgewise.hosting.lacking import lacks_of
from edgewise.sound.opus import check_opus
from edgewise.web.loopback import is_loopback


def examine_voice(config: Config, folder: Path, database: str, runs: bool) -> tuple[Finding, ...]:
    """All checks. `database` is the URL of one whose tables are of this version; empty: of none."""
    if not config.xiaozhi.enabled:
        return ()
    return (
        *count_devices(database),
        find_opus(),
        *check_senses(config),
        check_address(config, Probe.of(folder) if runs else None),
    )


def told_lacking(config: Config) -> str:
    """In one line what voice devices lack here, with what to do; empty where they lack nothing or
    none are let in."""
    if not config.xiaozhi.enabled:
        return ""
    lacking = [one for one in (find_opus(), *check_senses(config)) if one.state is not State.OK]
    said = (f"{one.found.en} ({one.remedy.en})" for one in lacking if one.remedy is not None)
    return "; ".join(said)


def count_devices(database: str) -> Iterator[Finding]:
    """How many devices the platform knows; nothing where that can not be read."""
    if not database:
        return
    try:
        with looked_into(database) as connection:
            bound = read_bindings(connection, now_s=time.time())
    except EdgewiseError:  # told as the database's own finding
        return
    shut = sum(not one.in_force for one in bound)
    en, zh = f"{len(bound)} known", f"已添加 {len(bound)} 台"
    if shut:
        en, zh = f"{en}, {shut} of them revoked", f"{zh}，其中 {shut} 台已撤销"
    yield Finding("voice devices", State.OK, Words(en, zh), optional=True)


def find_opus() -> Finding:
    """Whether sound can be unpacked and packed as devices send it."""
    name = "voice opus"
    try:
        check_opus()
    except ModelError as error:
        missing = Words("libopus is not there", "缺少 libopus")
        if error.code == "missing_package":
            missing, remedy = Words("opuslib-next is missing", "缺少 opuslib-next"), _EXTRA
        else:
            remedy = _LIBOPUS
        return Finding(name, State.MISSING, missing, remedy, optional=True)
    return Finding(name, State.OK, Words("libopus", "libopus"), optional=True)


def check_senses(config: Config) -> Iterator[Finding]:
    """Whether the models of the settings hear and speak, and what this machine lacks for it."""
    for sense, kind, model in (
        ("hear", "transcription", config.ears_model),
        ("speak", "speech", config.voice_model),
    ):
        name = f"voice {sense}"
        if not model:
            told = Words(
                f"no model of this machine is of the kind {kind}", f"本机没有 {kind} 类型的模型"
            )
            remedy = Words(
                f'Add one to cloud.toml: kind = "{kind}", over a backend with embedded = true.',
                f'请在 cloud.toml 中添加：kind = "{kind}"，后端设 embedded = true。',
            )
            yield Finding(name, State.MISSING, told, remedy, optional=True)
            continue
        lacking = lacks_of(sense)
        for lack in lacking[:1]:
            remedy = Words(lack.remedy, lack.remedy)
            yield Finding(name, State.MISSING, lack.found, remedy, optional=True)
        if not lacking:
            yield Finding(name, State.OK, Words(model, model), optional=True)


def check_address(config: Config, probe: Probe | None) -> Finding:
    """Whether the address that devices are told leads to the platform that answers `probe`; None:
    none runs."""
    name, address = "voice address", config.public_url
    if probe is None:
        told = Words(
            f"{address or 'no public_url'}: can not be told, the platform does not run",
            f"{address or '未设置 public_url'}：平台未运行，无法判断",
        )
        return Finding(name, State.MISSING, told, _START, optional=True)
    if address:
        verdict = asyncio.run(examine(address, probe, probe.port or config.port))
    elif is_loopback(host := probe.host or config.host):
        return Finding(name, State.OK, _trial(host, probe.port or config.port), optional=True)
    else:
        told = Words("each device is told the address that it asked", "设备被告知其所访问的地址")
        return Finding(name, State.OK, told, optional=True)
    found = Words(verdict.address, verdict.address)
    if verdict.ok:
        return Finding(name, State.OK, found, optional=True)
    return Finding(name, State.BROKEN, found, verdict.words)


def _trial(host: str, port: int) -> Words:
    """What listens on this machine alone, and is told nowhere else."""
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return Words(
        f"{address}: for a trial on this machine; for devices elsewhere set host and public_url",
        f"{address}：仅供本机试用；要让其他设备连接，请设置 host 和 public_url",
    )


_START = Words(
    "Start it (edgewise serve cloud) and look again.",
    "请启动平台（edgewise serve cloud）后再检查。",
)
_LIBOPUS = Words("sudo apt-get install libopus0", "sudo apt-get install libopus0")
_EXTRA = Words("pip install 'edgewise[cloud]'", "pip install 'edgewise[cloud]'")
