"""Models and chips that ship, for the tests of what is planned with them."""

from pathlib import Path

import edgewise.plan
from edgewise.plan.arch import Architecture
from edgewise.plan.builtin import models_from
from edgewise.plan.chip import chips_from
from edgewise.plan.report import Asked, Report, Subject, report

FOLDER = Path(edgewise.plan.__file__).parent
MODELS = models_from((FOLDER / "models.toml").read_bytes())
CHIPS = chips_from((FOLDER / "chips.toml").read_bytes())


def plan_of(model: Architecture | str, *chips: str, context: int = 8192, **asked: object) -> Report:
    """The plan of one model on chips that ship."""
    architecture = MODELS[model] if isinstance(model, str) else model
    wanted = Asked(context, **asked)
    return report([Subject(architecture)], [CHIPS[name] for name in chips], wanted)
