"""`edgewise capabilities` and `edgewise rules`: whole names, nothing broken at 80 columns."""

import json

from rich.cells import cell_len

from edgewise.act.catalogue import builtin_catalogue
from tests.cli.conftest import Edgewise


def fits(text: str) -> bool:
    return max(cell_len(line.rstrip()) for line in text.splitlines()) <= 80


def test_every_capability_stands_with_its_whole_name(edgewise: Edgewise) -> None:
    ran = edgewise("capabilities")
    first = {line.split()[0] for line in ran.out.splitlines() if line.strip()}
    assert {capability.name for capability in builtin_catalogue().capabilities} <= first
    assert fits(ran.out)


def test_a_family_and_one_capability_can_be_listed(edgewise: Edgewise) -> None:
    family = [row["name"] for row in edgewise("capabilities", "climate", "--json").rows]
    assert len(family) > 3
    assert all(name.startswith("climate.") for name in family)
    (one,) = edgewise("capabilities", "window.set", "--json").rows
    assert one["name"] == "window.set"


def test_an_unknown_family_is_refused_with_the_known_ones(edgewise: Edgewise) -> None:
    assert edgewise("capabilities", "cliamte").is_one_clear_line("'cliamte'", "climate")


def test_capabilities_are_told_in_the_language_asked_for(edgewise: Edgewise) -> None:
    assert "打开车窗" in edgewise("capabilities", "window", "--language", "zh").out


def test_heads_and_risks_are_told_in_the_language_asked_for(edgewise: Edgewise) -> None:
    assert "有打扰" in edgewise("capabilities", "window", "--language", "zh").out
    assert "风险" in edgewise("capabilities", "window", "--language", "zh").out
    assert "条件" in edgewise("rules", "--language", "zh").out


def test_the_list_of_commands_is_whole_at_80_columns(edgewise: Edgewise) -> None:
    listed = edgewise("--help").out.partition("Commands:")[2]
    assert "replay" in listed
    assert "..." not in listed


def test_every_capability_is_a_row_of_json(edgewise: Edgewise) -> None:
    rows = edgewise("capabilities", "--json").rows
    assert len(rows) == len(builtin_catalogue())


def test_rules_fit_the_terminal_with_their_sources_unbroken(edgewise: Edgewise) -> None:
    for language in ("en", "zh"):
        out = edgewise("rules", "--language", language).out
        assert fits(out)
        assert "home-assistant/core#23747" in out


def test_rules_are_rows_of_json_with_number_and_source(edgewise: Edgewise) -> None:
    rows = edgewise("rules", "--json").rows
    numbers = [row["rule"] for row in rows]
    assert numbers == sorted(set(numbers))
    assert {1, 2, 4, 31, 32} <= set(numbers)
    assert all(row["when"] and row["source"] for row in rows), json.dumps(rows)
