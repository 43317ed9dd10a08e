"""`edgewise cloud disable`, `enable`, `operator`: who may sign in to the platform, and run it."""

import time
from typing import Annotated

import typer

from edgewise.cli.cloud_database import Folder, let_it_be_known, opened_database

Who = Annotated[str, typer.Argument(metavar="EMAIL", help="The account's address, or its id.")]


def disable(who: Who, folder: Folder = None) -> None:
    """Shut a person out at once. Sessions end; sign-in and keys that it made are refused."""
    from edgewise.cloud.accounts import disable_account
    from edgewise.cloud.operators import check_not_last, find_account

    with opened_database(folder) as database, database.begin() as connection:
        found = find_account(connection, who)
        if found.operator_since is not None and found.disabled_at is None:
            check_not_last(connection, found.id)
        disable_account(connection, found.id, now_s=time.time())
    let_it_be_known(folder)
    print(
        f"{found.email} is disabled: what runs with the keys it made ends, new requests are"
        " refused."
    )


def enable(who: Who, folder: Folder = None) -> None:
    """Let a person in again. Keys that it made and nobody revoked hold again."""
    from edgewise.cloud.accounts import enable_account
    from edgewise.cloud.operators import find_account

    with opened_database(folder) as database, database.begin() as connection:
        found = find_account(connection, who)
        enable_account(connection, found.id)
    let_it_be_known(folder)
    print(f"{found.email} is enabled.")


def operator(
    who: Who,
    no_longer: Annotated[bool, typer.Option("--end", help="Take it away again.")] = False,
    folder: Folder = None,
) -> None:
    """Let a person run the platform in the console. It sees backends and accounts there."""
    from edgewise.cloud.operators import end_operator, find_account, make_operator

    with opened_database(folder) as database, database.begin() as connection:
        found = find_account(connection, who)
        if no_longer:
            end_operator(connection, found.id)
        else:
            make_operator(connection, found.id, now_s=time.time())
    print(f"{found.email} is {'no longer an' if no_longer else 'an'} operator of the platform.")
