"""The house's import rules hold, and each of them is seen to fail when it is broken.

The rules are the contracts of pyproject.toml, checked by import-linter itself.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"

# Values in, values out. Those that do not exist yet join the contract when they are written.
PURE = (
    "edgewise.act.arguments",
    "edgewise.act.classify",
    "edgewise.act.defrost_after",
    "edgewise.act.exposure",
    "edgewise.act.facts",
    "edgewise.act.light_switch",
    "edgewise.act.lights_after",
    "edgewise.act.openings_after",
    "edgewise.act.outside",
    "edgewise.act.provenance",
    "edgewise.act.risk",
    "edgewise.act.shown",
    "edgewise.core",
    "edgewise.plan",
    "edgewise.route",
    "edgewise.act.bearing",
    "edgewise.act.cedar",
    "edgewise.act.decide",
    "edgewise.act.resolve",
    "edgewise.fleet.trust",
    "edgewise.fleet.gate",
)


def lint(house: Path, *contracts: str) -> tuple[int, str]:
    """Runs import-linter over the project in `house`; its status and what it printed."""
    limits = [option for contract in contracts for option in ("--contract", contract)]
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache", *limits],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the project to plant violations in."""
    shutil.copytree(
        ROOT / "src" / "edgewise",
        tmp_path / "src" / "edgewise",
        ignore=shutil.ignore_patterns("__pycache__", "*.npz", "*.safetensors"),
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(house: Path, module: str, text: str) -> None:
    path = house / "src" / Path(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""Planted."""\n\n{text}\n', encoding="utf-8")


def contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_is_kept():
    status, output = lint(ROOT)
    assert status == 0, output
    assert f"{len(contracts())} kept, 0 broken" in output


def test_every_contract_has_a_planted_violation_below():
    assert set(contracts()) == {"layers", "acyclic", "pure"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("edgewise.core.planted", "edgewise.act"),
        ("edgewise.core.planted", "edgewise.plan"),
        ("edgewise.act.planted", "edgewise.agent"),
        ("edgewise.agent.planted", "edgewise.device"),
        ("edgewise.device.planted", "edgewise.cli"),
    ],
)
def test_an_import_that_points_up_is_reported(house: Path, module: str, imported: str):
    plant(house, module, f"import {imported}")
    status, output = lint(house, "layers")
    assert status != 0
    assert re.search(rf"{module}\s*->\s*{imported}", output), output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("edgewise.think.planted", "edgewise.act"),
        ("edgewise.route.planted", "edgewise.think"),
        ("edgewise.device.planted", "edgewise.testing"),
        ("edgewise.fleet.planted", "edgewise.agent"),
    ],
)
def test_an_import_between_siblings_of_one_line_is_reported(
    house: Path, module: str, imported: str
):
    plant(house, module, f"import {imported}")
    status, output = lint(house, "layers")
    assert status != 0
    assert re.search(rf"{module}\s*->\s*{imported}", output), output


@pytest.mark.slow
def test_a_package_that_has_no_place_in_the_layers_is_reported(house: Path):
    plant(house, "edgewise.stray.__init__", "")
    status, output = lint(house, "layers")
    assert status != 0
    assert "stray" in output


@pytest.mark.slow
def test_a_cycle_inside_one_package_is_reported(house: Path):
    plant(house, "edgewise.answer.first", "import edgewise.answer.second")
    plant(house, "edgewise.answer.second", "import edgewise.answer.first")
    status, output = lint(house, "acyclic")
    assert status != 0
    assert "edgewise.answer" in output


@pytest.mark.slow
@pytest.mark.parametrize("library", ["socket", "time", "os", "random", "numpy"])
def test_a_decider_that_reaches_for_clock_chance_or_io_is_reported(house: Path, library: str):
    plant(house, "edgewise.route.planted", f"import {library}")
    status, output = lint(house, "pure")
    assert status != 0
    assert re.search(rf"edgewise\.route\.planted\s*->\s*{library}", output), output


@pytest.mark.slow
def test_a_decider_that_reaches_out_through_another_module_is_reported(house: Path):
    plant(house, "edgewise.act.planted", "import socket")
    plant(house, "edgewise.plan.planted", "import edgewise.act.planted")
    status, output = lint(house, "pure")
    assert status != 0
    assert re.search(r"edgewise\.act\.planted\s*->\s*socket", output), output


def test_the_pure_contract_names_every_pure_module_that_exists():
    existing = {name for name in PURE if exists(name)}
    named = contracts()["pure"]["source_modules"]
    assert set(named) == existing, "complete `source_modules` of the contract in pyproject.toml"


def exists(module: str) -> bool:
    path = ROOT / "src" / Path(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
