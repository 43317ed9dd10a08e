"""`import edgewise` and the modules on the way of a typed command load nothing heavy."""

import importlib.util
import json
import subprocess
import sys

import pytest

HEAVY = {
    "dbus_fast",
    "fastapi",
    "grpc",
    "httpx",
    "matplotlib",
    "mcp",
    "numpy",
    "onnxruntime",
    "pydantic",
    "safetensors",
    "starlette",
    "torch",
    "transformers",
    "uvicorn",
    "xllamacpp",
}

# Imports the named module and all modules below it, one after the other, and tells which was the
# first to bring each top-level package.
PROBE = """
import importlib, json, pkgutil, sys
first = {}
def load(name):
    module = importlib.import_module(name)
    for loaded in list(sys.modules):
        first.setdefault(loaded.partition(".")[0], name)
    return module
module = load(sys.argv[1])
if "--below" in sys.argv:
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), sys.argv[1] + "."):
        if not found.name.endswith("__main__"):
            load(found.name)
print(json.dumps(first))
"""


def load_in_a_fresh_process(*arguments: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_edgewise_loads_nothing_beyond_itself_and_the_standard_library():
    first = load_in_a_fresh_process("edgewise")
    ours = {
        name for name in first if not name.startswith("_") and name not in sys.stdlib_module_names
    }
    assert {name for name, cause in first.items() if cause == "edgewise"} >= {"edgewise"}
    assert not ours & (HEAVY | {"msgspec", "cedarpy", "typer", "rich"})


@pytest.mark.parametrize(
    "package",
    [
        name
        for name in ("core", "plan", "route", "act", "answer", "agent", "cli")
        if importlib.util.find_spec(f"edgewise.{name}") is not None
    ],
)
def test_no_module_of_the_package_loads_a_heavy_library_when_imported(package: str):
    first = load_in_a_fresh_process(f"edgewise.{package}", "--below")
    heavy = {name: first[name] for name in sorted(HEAVY & set(first))}
    assert not heavy, f"heavy library -> first module to load it: {heavy}"


def test_the_sizes_of_the_reference_model_are_read_without_torch():
    first = load_in_a_fresh_process("edgewise.step3.config_file")
    first |= load_in_a_fresh_process("edgewise.step3.layout")
    assert not HEAVY & set(first)


def test_the_probe_sees_a_heavy_library_when_there_is_one():
    assert load_in_a_fresh_process("httpx")["httpx"] == "httpx"


def test_the_platform_reads_no_policy_before_voice_devices_are_let_in():
    assert "cedarpy" not in load_in_a_fresh_process("edgewise.cloud.serve")
