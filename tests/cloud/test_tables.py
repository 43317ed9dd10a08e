"""The tables hold every unit that is metered, and nothing that opens a door."""

from edgewise.cloud.tables import ledger, metadata, usage_daily
from edgewise.cloud.usage import UNITS


def test_the_ledger_and_its_sums_have_a_column_for_each_unit():
    assert set(UNITS) <= set(ledger.c.keys())
    assert set(UNITS) <= set(usage_daily.c.keys())


def test_no_table_has_a_column_for_a_secret():
    named = {column.name for table in metadata.tables.values() for column in table.columns}
    assert not named & {"secret", "password", "token"}


def test_every_constraint_has_a_name_so_that_a_later_step_can_change_it():
    nameless = [
        (table.name, constraint)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert not nameless
