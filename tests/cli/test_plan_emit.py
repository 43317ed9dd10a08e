"""Each engine has a writer, and each says what it was written for."""

from edgewise.cli.plan_emit import WRITERS, Engine, deployment
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS, plan_of


def test_each_engine_has_a_writer() -> None:
    assert set(WRITERS) == set(Engine)


@each_row("engine", list(Engine))
def test_a_deployment_says_at_its_top_what_was_planned(engine: Engine) -> None:
    found = plan_of("step-3", "H20", "H800")
    written = deployment(engine, found, MODELS["step-3"], CHIPS)
    top = " ".join(line.strip("# ") for line in written.splitlines()[:12])
    assert "edgewise plan: step-3 at context 8192" in top
    assert "10A2F" in top
