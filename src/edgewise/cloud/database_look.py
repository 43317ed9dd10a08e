"""Looks into a platform's database without changing it: nothing is made, nothing migrated.

`Database` migrates what it opens; who only wants to tell how things stand must not.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, exc
from sqlalchemy.engine import URL, Engine

from edgewise.cloud.database import BUSY_S, engine_for, meaning_of, read_url


@contextmanager
def looked_into(url: str) -> Generator[Connection]:
    """A connection for reading alone. Raises UserError, LinkError and DeviceError as `database.py`
    says, for a file that is not there too."""
    read = read_url(url)
    engine = _reading(read) if read.drivername == "sqlite" else engine_for(read)
    try:
        with engine.connect() as connection:
            yield connection
    except (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError) as error:
        mapped = meaning_of(error, told_name(url))
        if mapped is None:
            raise
        raise mapped from error
    finally:
        engine.dispose()


def told_name(url: str) -> str:
    """Where a database is, without the password. Raises UserError."""
    return read_url(url).render_as_string(hide_password=True)


def _reading(url: URL) -> Engine:
    file = Path(url.database or "").absolute()
    # Without a log beside it nobody is writing, and SQLite would leave an empty one behind.
    settled = "" if file.with_name(f"{file.name}-wal").exists() else "&immutable=1"
    return create_engine(
        f"sqlite:///file:{quote(str(file))}?mode=ro&uri=true{settled}",
        connect_args={"timeout": BUSY_S},
    )
