"""`edgewise cloud`: keys, usage and people of the platform, for its operator on its machine.

It works on the platform's database directly, so it needs no key, and works whether the platform
runs or not; a running one knows of a change within half a second.
"""

import sys
import time
from datetime import UTC, date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.cloud_account import disable, enable, operator
from edgewise.cli.cloud_database import (
    Days,
    Folder,
    Models,
    ProjectId,
    check_models,
    let_it_be_known,
    opened_database,
    organisation_ids,
    project_named,
)
from edgewise.cli.cloud_device import make_device
from edgewise.cli.lists import AsRows
from edgewise.core.words import Language, Words
from edgewise.errors import UserError
from edgewise.web.loopback import is_loopback

if TYPE_CHECKING:
    from edgewise.cloud.database import Database
    from edgewise.cloud.service import Cloud

Name = Annotated[str, typer.Option(help="What the key is for.")]
Day = Annotated[str, typer.Option(help="A day like 2026-11-29, UTC; today when left out.")]


def make_cloud() -> typer.Typer:
    """The group `edgewise cloud`."""
    group = typer.Typer(help="The platform's keys, usage and people.", no_args_is_help=True)
    group.command()(key)
    group.command()(keys)
    group.command()(revoke)
    group.command()(export)
    group.command()(password)
    group.command()(disable)
    group.command()(enable)
    group.command()(operator)
    group.add_typer(make_device(), name="device")
    return group


def key(
    name: Name = "command line",
    project: ProjectId = "",
    model: Models = None,
    days: Days = 0.0,
    folder: Folder = None,
) -> None:
    """Make an API key; its secret is printed this once."""
    from edgewise.cloud.keys import Scope, make_key

    now_s = time.time()
    expires_at = now_s + days * 86_400 if days else None
    check_models(folder, model or ())
    with opened_database(folder) as database, database.begin() as connection:
        held = project_named(connection, project)
        scope = Scope(models=tuple(model or ()), expires_at=expires_at)
        made = make_key(connection, held.organisation, held.id, name, now_s=now_s, scope=scope)
    let_it_be_known(folder)
    print(made.secret)


def keys(as_json: AsRows = False, folder: Folder = None) -> None:
    """List the keys of all projects, newest first."""
    import msgspec

    from edgewise.cloud.keys import list_keys

    now_s = time.time()
    with opened_database(folder) as database, database.read() as connection:
        found = [
            one
            for organisation in organisation_ids(connection)
            for one in list_keys(connection, organisation)
        ]
    if as_json:
        for one in found:
            print(msgspec.json.encode(one).decode())
        return
    for one in found:
        made = datetime.fromtimestamp(one.created_at, UTC).date().isoformat()
        print(f"{one.id}  {one.start}…  {one.state(now_s).value:16}  {made}  {one.name}")


def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="A key's id.")],
    folder: Folder = None,
) -> None:
    """Revoke a key, at once and for good."""
    from edgewise.cloud.keys import find_key, revoke_key

    with opened_database(folder) as database, database.begin() as connection:
        for organisation in organisation_ids(connection):
            try:
                find_key(connection, organisation, key_id)
            except UserError:
                continue
            revoke_key(connection, organisation, key_id, now_s=time.time())
            break
        else:
            raise UserError(f"there is no key {key_id!r}; `edgewise cloud keys` lists them")
    let_it_be_known(folder)
    print(f"{key_id} is revoked: what runs with it ends, new requests are refused.")


def export(
    since: Day = "",
    until: Day = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines in place of CSV.")] = False,
    folder: Folder = None,
) -> None:
    """Write the ledger to standard output, oldest first."""
    from edgewise.cloud.ledger_table import as_csv, as_json_lines, entries_of

    first, last = _day("--since", since), _day("--until", until)
    if first > last:
        raise UserError(f"--since {first} is after --until {last}; exchange the two days")
    with opened_database(folder) as database:
        with database.read() as connection:
            organisations = organisation_ids(connection)
        pages = chain.from_iterable(entries_of(database, one, first, last) for one in organisations)
        for data in as_json_lines(pages) if as_json else as_csv(pages):
            sys.stdout.buffer.write(data)
    sys.stdout.flush()


def password(
    email: Annotated[str, typer.Option(help="Whose.")] = "",
    folder: Folder = None,
) -> None:
    """Set a new random password for an account and print it."""
    import secrets

    from edgewise.cloud.accounts import FIRST_EMAIL, account_by_email, set_password
    from edgewise.cloud.password import random_password

    made = random_password(secrets.token_bytes(16))
    with opened_database(folder) as database, database.begin() as connection:
        account = account_by_email(connection, email or FIRST_EMAIL)
        if account is None:
            raise UserError(f"there is no account {(email or FIRST_EMAIL)!r}")
        set_password(connection, account.id, made)
    print(f"{account.email}  {made}")


def welcome(address: str, cloud: "Cloud", tongue: Language) -> str:
    """What a start says: where the platform is, and at the first one how to sign in."""
    said = _READY.said_in(tongue).format(address=address)
    if not (cloud.config.public_url or is_loopback(cloud.config.host)):
        said += "\n" + _OPEN.said_in(tongue).format(host=cloud.config.host)
    made = cloud.first_start
    if made is None:
        return said
    first = _FIRST.said_in(tongue).format(email=made.account.email, password=made.password)
    return f"{said}\n{first}"


def fresh_key(database: "Database") -> str:
    """A new key of the first project, for whoever starts the platform in a script."""
    from edgewise.cloud.keys import make_key

    with database.begin() as connection:
        held = project_named(connection, "")
        made = make_key(connection, held.organisation, held.id, "started with", now_s=time.time())
    return made.secret


def _day(option: str, given: str) -> str:
    """The day of an option, today for none. Raises UserError for what is no day."""
    if not given:
        return datetime.now(UTC).date().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        said = f"{option} is {given!r}; write a day like 2026-11-29"
        raise UserError(said, code="bad_day") from error


_READY = Words(
    """\
The platform listens on {address}.
Console:  {address}/
API:      {address}/v1   (any OpenAI client; make a key in the console, or: edgewise cloud key)""",
    """\
云平台已就绪：{address}。
控制台:  {address}/
API:     {address}/v1   （任何 OpenAI 客户端；密钥在控制台创建，或运行 edgewise cloud key）""",
)
_OPEN = Words(
    "It listens on {host} over plain HTTP: keys and passwords can be read on the way. Put a proxy"
    " with TLS before it and set public_url in cloud.toml.",
    "正在 {host} 上以明文 HTTP 监听，密钥和密码可能在途中被读取。请在前面加上带 TLS 的代理，并在"
    " cloud.toml 中设置 public_url。",
)
_FIRST = Words(
    """\
First start: sign in as {email} with the password {password}
It is shown this once; `edgewise cloud password` sets another.""",
    """\
首次启动：用 {email} 登录，密码 {password}
密码只显示这一次；可用 edgewise cloud password 重设。""",
)
