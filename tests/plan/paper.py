"""The Step-3 report's tables and the models and chips that the planner ships, for these tests.

The tables lie beside a checkout; where they are not, the tests that hold them to the planner are
skipped with that reason.
"""

import csv
from pathlib import Path

import pytest

from edgewise.plan.builtin import models_from
from edgewise.plan.chip import chips_from

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT.parent / "shared" / "reference" / "step3_tables"
if not TABLES.is_dir():
    TABLES = ROOT / "shared" / "reference" / "step3_tables"

needs_tables = pytest.mark.skipif(
    not TABLES.is_dir(), reason=f"the paper's tables are not at {TABLES}"
)
MODELS = models_from((ROOT / "src/edgewise/plan/models.toml").read_bytes())
CHIPS = chips_from((ROOT / "src/edgewise/plan/chips.toml").read_bytes())
NAMES = {
    "DSv3": "deepseek-v3",
    "Kimi K2": "kimi-k2",
    "Qwen3 MoE": "qwen3-235b-a22b",
    "Qwen3 32B": "qwen3-32b",
    "Llama 4 M": "llama-4-maverick",
    "MM M1": "minimax-m1",
    "ERNIE 4.5": "ernie-4.5-300b",
    "Pangu Pro MoE": "pangu-pro-moe",
    "Step-3": "step-3",
}
"""What the tables call a model, and what the planner calls it."""


def rows(table: str) -> list[dict[str, str]]:
    """The lines of one table."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
