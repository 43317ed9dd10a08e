"""Rows of a table as frozen values, column by field name."""

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, Connection, RowMapping, Table
from sqlalchemy.sql import Executable

Value = TypeVar("Value", bound=msgspec.Struct)


def columns_of(table: Table, kind: type[msgspec.Struct]) -> list[Column[Any]]:
    """The columns that bear the names of the value's fields; a field without one is left out."""
    return [table.c[name] for name in kind.__struct_fields__ if name in table.c]


def read_all(connection: Connection, statement: Executable, kind: type[Value]) -> tuple[Value, ...]:
    """All rows, in the statement's order."""
    return tuple(_value(row, kind) for row in connection.execute(statement).mappings())


def read_one(connection: Connection, statement: Executable, kind: type[Value]) -> Value | None:
    """The only row, or None."""
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _value(row, kind)


def _value(row: RowMapping, kind: type[Value]) -> Value:
    fields = {name: row[name] for name in kind.__struct_fields__ if name in row}
    return msgspec.convert(fields, kind)
