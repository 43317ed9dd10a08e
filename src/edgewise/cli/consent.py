"""`edgewise consent`: what you agreed to give to which cloud, for what, until when.

The file is the same for a device that runs and for these commands, so what is said here counts
there at once.
"""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.words import Language, Words
from edgewise.device.config import Config, data_folder, load_config
from edgewise.errors import DeviceError, UserError

CloudName = Annotated[str, typer.Argument(metavar="CLOUD", help="A cloud of config.toml.")]
ConsentId = Annotated[str, typer.Argument(metavar="ID", help="An id of `edgewise consent list`.")]
ForPurpose = Annotated[str, typer.Option("--purpose", help="What an answer is for.")]
Sensitive = Annotated[
    bool, typer.Option("--sensitive", help="Also health, finance, biometrics, tracks, children.")
]
Crossing = Annotated[bool, typer.Option("--crossing", help="Also to another region.")]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="When it ends, local time."
    ),
]
ThisDrive = Annotated[bool, typer.Option("--drive", help="It ends with this drive.")]


def make_consent() -> typer.Typer:
    """The group `edgewise consent`."""
    group = typer.Typer(
        help="What you agreed to give to which cloud: list, grant, revoke.", no_args_is_help=True
    )
    group.command("list")(list_consents)
    group.command()(grant)
    group.command()(revoke)
    return group


def list_consents(language: Tongue = None, as_json: AsRows = False) -> None:
    """List what was agreed to, newest first, also what has ended."""
    import msgspec

    from edgewise.device.consents import TOLD, Consents

    folder = data_folder()
    consents = Consents(folder, SystemClock())
    given = consents.given()[::-1]
    tongue = spoken(language)
    if consents.damage is not None:
        raise DeviceError(consents.damage.said_in(tongue), code="store_damaged")
    if as_json:
        for one in given:
            print(msgspec.json.encode(one).decode())
        return
    if not given:
        print(_NONE.said_in(tongue))
        return
    drive = consents.drive
    table = Table(box=None, pad_edge=False)
    for heading in _COLUMNS:
        table.add_column(heading.said_in(tongue), overflow="fold")
    for one in given:
        purpose = TOLD[one.purpose].words.said_in(tongue) if one.purpose in TOLD else ""
        table.add_row(
            one.id,
            escape(f"{one.recipient} ({one.region})"),
            escape(purpose or one.purpose),
            _scope(one, tongue),
            _state(one, drive, tongue),
        )
    Console().print(table)


def grant(
    cloud: CloudName,
    purpose: ForPurpose = "assist",
    sensitive: Sensitive = False,
    crossing: Crossing = False,
    until: Until = None,
    drive: ThisDrive = False,
    language: Tongue = None,
) -> None:
    """Agree to giving a cloud what a purpose needs; says to whom, where, for what, and what."""
    from edgewise.device.consents import TOLD, Consents
    from edgewise.device.folder import prepare

    folder, tongue = data_folder(), spoken(language)
    config = load_config(folder)
    endpoint = _named(config, cloud)
    prepare(folder)
    consent = Consents(folder, SystemClock()).grant(
        endpoint,
        purpose,
        sensitive=sensitive,
        crossing=crossing,
        expires_at=until.timestamp() if until is not None else None,
        this_drive=drive,
    )
    why = TOLD[purpose]
    print(
        _GRANTED.said_in(tongue).format(
            id=consent.id,
            cloud=endpoint.name,
            address=endpoint.address,
            region=endpoint.region,
            purpose=why.words.said_in(tongue),
            sent=why.sent.said_in(tongue),
            scope=_scope(consent, tongue),
        )
    )
    for lacking in _lacking(config, endpoint, consent):
        print(lacking.said_in(tongue))


def revoke(consent: ConsentId, language: Tongue = None) -> None:
    """Take a consent back; nothing leaves by it from now on."""
    from edgewise.device.consents import Consents

    consents, tongue = Consents(data_folder(), SystemClock()), spoken(language)
    held = consents.revoke(consent)
    print(_REVOKED.said_in(tongue).format(id=held.id, cloud=held.recipient))
    if twins := ", ".join(one.id for one in consents.twins(held)):
        print(_TWINS.said_in(tongue).format(twins=twins, cloud=held.recipient))
    if consents.purged:
        print(_PURGED.said_in(tongue).format(count=consents.purged))


def _named(config: Config, name: str) -> Endpoint:
    found = next((cloud.endpoint for cloud in config.cloud if cloud.name == name), None)
    if found is None:
        known = ", ".join(cloud.name for cloud in config.cloud)
        told = f"set up are {known}" if known else "none is set up: add a [[cloud]] to config.toml"
        raise UserError(f"no cloud is called {name!r}; {told}")
    return found


def _lacking(config: Config, endpoint: Endpoint, consent: Consent) -> list[Words]:
    """What still keeps everything from this cloud in spite of the consent."""
    far = endpoint.region != config.region
    told: list[Words] = []
    if not config.region:
        told.append(_NO_REGION)
    if far and not consent.crossing:
        told.append(_NOT_CROSSING)
    if far and not endpoint.crossing:
        told.append(_NO_MECHANISM)
    if (far or consent.sensitive) and not endpoint.assessment:
        told.append(_NOT_ASSESSED)
    return told


def _scope(consent: Consent, tongue: Language) -> str:
    parts = [_SENSITIVE if consent.sensitive else _PLAIN]
    parts += [_ABROAD] if consent.crossing else []
    return _SEPARATOR.said_in(tongue).join(part.said_in(tongue) for part in parts)


def _state(consent: Consent, drive: str, tongue: Language) -> str:
    now = SystemClock().now()
    if consent.revoked_at is not None:
        return _AT_REVOKED.said_in(tongue).format(at=_at(consent.revoked_at))
    if not consent.holds(now, drive):
        return _OVER.said_in(tongue)
    if consent.once:
        return _ONCE.said_in(tongue)
    if consent.drive:
        return _THIS_DRIVE.said_in(tongue)
    if consent.expires_at is not None:
        return _UNTIL.said_in(tongue).format(at=_at(consent.expires_at))
    return _HOLDS.said_in(tongue)


def _at(wall: float) -> str:
    return datetime.fromtimestamp(wall).strftime("%Y-%m-%d %H:%M")


_COLUMNS = (
    Words("id", "编号"),
    Words("cloud", "云端"),
    Words("purpose", "目的"),
    Words("covers", "范围"),
    Words("state", "状态"),
)
_NONE = Words(
    "You agreed to nothing; nothing leaves this device.",
    "您没有给出任何同意，任何内容都不离开本机。",
)
_GRANTED = Words(
    "{id}: you agreed that {cloud} ({address}, data kept in {region}) gets, for {purpose}: {sent}."
    "\nCovers: {scope}. Take it back: edgewise consent revoke {id}",
    "{id}：您同意为“{purpose}”向 {cloud}（{address}，数据存放在 {region}）提供：{sent}。"
    "\n范围：{scope}。撤回：edgewise consent revoke {id}",
)
_REVOKED = Words(
    "{id} is revoked; nothing goes to {cloud} by it any more.",
    "已撤回 {id}，不再据此向 {cloud} 发送任何内容。",
)
_TWINS = Words(
    "But you agreed to the same once more, and that holds still: {twins}. To let nothing go to"
    " {cloud} for this purpose, revoke that as well: edgewise consent revoke ID",
    "但您还给出过相同的同意，仍然有效：{twins}。如不再为此目的向 {cloud} 发送任何内容，请一并撤回："
    "edgewise consent revoke 编号",
)
_PURGED = Words(
    "Questions that waited for it are removed: {count}.", "已删除等待发送给它的问题：{count} 个。"
)
_PLAIN = Words("not what is sensitive", "不含敏感信息")
_SENSITIVE = Words("also what is sensitive", "含敏感信息")
_ABROAD = Words("also to another region", "可以出境")
_SEPARATOR = Words(", ", "，")
_HOLDS = Words("holds", "有效")
_UNTIL = Words("until {at}", "有效期至 {at}")
_THIS_DRIVE = Words("for this drive", "仅限本次行程")
_ONCE = Words("for one question, some minutes", "仅限一个问题，几分钟内")
_OVER = Words("over", "已结束")
_AT_REVOKED = Words("revoked {at}", "已于 {at} 撤回")
_NO_REGION = Words(
    "Still nothing goes there: set `region` in config.toml, so that it is known where the device"
    " is.",
    "目前仍不会发送：请在 config.toml 中设置 region，说明设备所在地区。",
)
_NOT_CROSSING = Words(
    "Still nothing goes there: the cloud is in another region; agree to that with --crossing.",
    "目前仍不会发送：该云端位于其他地区，需用 --crossing 单独同意。",
)
_NO_MECHANISM = Words(
    "Still nothing goes there: name the mechanism for another region as `crossing` in config.toml.",
    "目前仍不会发送：请在 config.toml 的 crossing 中写明数据出境机制。",
)
_NOT_ASSESSED = Words(
    "What is sensitive or leaves the region stays here: name the impact assessment as `assessment`"
    " in config.toml.",
    "敏感或需出境的内容仍留在本机：请在 config.toml 的 assessment 中写明影响评估编号。",
)
