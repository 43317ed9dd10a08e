"""Each engine has a writer, and each says what it was written for."""

import pytest

from edgewise.cli.plan_emit import WRITERS, Engine, deployment
from edgewise.errors import UserError
from edgewise.plan.report import Subject
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS, plan_of


def test_each_engine_has_a_writer() -> None:
    assert set(WRITERS) == set(Engine)


@each_row("engine", list(Engine))
def test_a_deployment_says_at_its_top_what_was_planned(engine: Engine) -> None:
    found = plan_of("step-3", "H20", "H800")
    written = deployment(engine, found, Subject(MODELS["step-3"]), CHIPS)
    top = " ".join(line.strip("# ") for line in written.splitlines()[:12])
    assert "edgewise plan: step-3 at context 8192" in top
    assert "10A2F" in top


@each_row("engine", [each for each in Engine if each is not Engine.VLLM])
def test_engines_that_do_not_run_the_halves_apart_say_so_by_name(engine: Engine) -> None:
    found = plan_of("deepseek-v3", "H800")
    with pytest.raises(UserError, match=f"--apart: {engine} does not"):
        deployment(engine, found, Subject(MODELS["deepseek-v3"]), CHIPS, apart=True)


def test_a_deployment_is_the_ordinary_one_unless_it_is_asked_for_apart() -> None:
    found, model = plan_of("deepseek-v3", "H800", context=4096), Subject(MODELS["deepseek-v3"])
    ordinary = deployment(Engine.VLLM, found, model, CHIPS)
    assert "--data-parallel-size" in ordinary
    assert "afd" not in ordinary
    assert "--apart writes it" in ordinary
    assert "num_ffn_ranks" in deployment(Engine.VLLM, found, model, CHIPS, apart=True)
