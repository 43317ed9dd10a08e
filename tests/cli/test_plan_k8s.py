"""Kubernetes objects: the YAML is read by a parser, and holds the planned sizes."""

import string
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from edgewise.cli.plan_deployment import Planned
from edgewise.cli.plan_k8s import write_k8s, yaml_of
from tests.cli.test_plan_deployment import planned_for


def objects_of(planned: Planned) -> dict[str, Any]:
    """By kind and name."""
    found = list(yaml.safe_load_all(write_k8s(planned)))
    return {f"{each['kind']} {each['metadata']['name']}": each for each in found}


def test_one_server_is_one_pod_with_its_cards_and_probes() -> None:
    found = objects_of(planned_for("step-3", "H800"))
    assert set(found) == {"Service step-3", "Service step-3-servers", "StatefulSet step-3"}
    stateful = found["StatefulSet step-3"]
    assert stateful["apiVersion"] == "apps/v1"
    assert stateful["spec"]["replicas"] == 1
    (container,) = stateful["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": 8}
    assert container["startupProbe"]["httpGet"]["path"] == "/health"
    mounted = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert container["env"] == [{"name": "HF_HOME", "value": mounted["models"]}]
    (command,) = container["args"]
    assert "vllm serve stepfun-ai/step3 --tensor-parallel-size 1 --data-parallel-size 8" in command


def test_labels_and_names_of_the_objects_meet() -> None:
    found = objects_of(planned_for("step-3", "H800"))
    spec = found["StatefulSet step-3"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"].items() <= labels.items()
    assert found["Service step-3-servers"]["spec"]["selector"].items() <= labels.items()
    assert found["Service step-3"]["spec"]["selector"]["app"] == labels["app"]
    assert spec["serviceName"] == "step-3-servers"


def test_several_servers_are_pods_that_find_the_first() -> None:
    planned = planned_for("kimi-k2", "H800")
    spec = objects_of(planned)["StatefulSet kimi-k2"]["spec"]
    assert spec["replicas"] == planned.serving.servers > 1
    (container,) = spec["template"]["spec"]["containers"]
    assert "--data-parallel-address kimi-k2-0.kimi-k2-servers" in container["args"][0]
    assert "livenessProbe" not in container


def test_a_name_that_kubernetes_does_not_take_is_made_one() -> None:
    found = objects_of(planned_for("step-3.5-flash", "H800"))
    assert "StatefulSet step-3-5-flash" in found


SCALARS = st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=12)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(TREES)
@example([{}])
@example([[]])
def test_what_is_written_is_read_back(value: object) -> None:
    assert yaml.safe_load(yaml_of({"key": value})) == {"key": value}
