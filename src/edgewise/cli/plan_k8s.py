"""A plan as Kubernetes objects: a StatefulSet of vLLM with one pod a server, and its Services.

Source: vLLM's page on Kubernetes; the pods of several servers find the first by its name."""

import json
import re
import shlex
from collections.abc import Mapping

from edgewise.cli.plan_deployment import Planned, apart, comment
from edgewise.cli.plan_vllm import RPC_PORT, over_servers, serve_flags

VERSION = "vLLM 0.32 and Kubernetes 1.28, with a device plugin"
IMAGE = "vllm/vllm-openai:v0.32.0"
PORT = 8000
RESOURCES = {"Ascend": "huawei.com/Ascend910", "MI300X": "amd.com/gpu"}
"""What a device plugin calls the cards, by the chip's first word; else nvidia.com/gpu."""

Object = dict[str, object]


def write_k8s(planned: Planned) -> str:
    """YAML documents for `kubectl apply -f`."""
    name = re.sub(r"[^a-z0-9]+", "-", planned.plan.model.lower()).strip("-")[:40].strip("-")
    why_not = "no engine's chart does; --emit vllm --apart writes the commands for some models."
    sentences = [
        *planned.about,
        f"Flags hold for {VERSION}.",
        *apart(planned.plan, why_not),
        "Put the models' folder on a volume that stays; a nodeSelector picks the chip.",
    ]
    if planned.chip.name.split()[0] in RESOURCES:
        sentences.append(f"{IMAGE} is for NVIDIA: take the image that is made for this chip.")
    objects = (_service(name), _names(name), _stateful_set(planned, name))
    return comment(sentences) + "---\n".join(yaml_of(each) for each in objects)


def yaml_of(value: object, indent: int = 0) -> str:
    """Mappings and lists in block style; scalars are JSON's, which YAML takes."""
    pad = " " * indent
    lines: list[str] = []
    match value:
        case dict() if value:
            for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
                lines.append(f"{pad}{key}:{_after_key(inner, indent + 2)}")  # pyright: ignore[reportUnknownArgumentType]
        case list() if value:
            for inner in value:  # pyright: ignore[reportUnknownVariableType]
                lines.append(f"{pad}- {yaml_of(inner, indent + 2).lstrip()}")  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return json.dumps(value) + "\n"
    return "".join(lines)


def _after_key(value: object, indent: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + yaml_of(value, indent)  # pyright: ignore[reportUnknownArgumentType]
    return f" {json.dumps(value)}\n"


def _service(name: str) -> Object:
    """Where requests go: the first server, which hands them on to the others."""
    first = {"app": name, "apps.kubernetes.io/pod-index": "0"}
    ports = [{"name": "http", "port": PORT, "targetPort": PORT}]
    return _object("Service", name, name, {"selector": first, "ports": ports})


def _names(name: str) -> Object:
    """Names for the servers among themselves, before they are ready too."""
    ports = [{"name": "http", "port": PORT}, {"name": "rpc", "port": RPC_PORT}]
    spec: Object = {
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "selector": {"app": name},
        "ports": ports,
    }
    return _object("Service", f"{name}-servers", name, spec)


def _stateful_set(planned: Planned, name: str) -> Object:
    volumes: list[Object] = [
        {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "16Gi"}},
        {"name": "models", "emptyDir": {}},
    ]
    pod: Object = {"containers": [_container(planned, name)], "volumes": volumes}
    spec: Object = {
        "serviceName": f"{name}-servers",
        "replicas": planned.serving.servers,
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
    }
    return _object("StatefulSet", name, name, spec) | {"apiVersion": "apps/v1"}


def _container(planned: Planned, name: str) -> Object:
    resource = RESOURCES.get(planned.chip.name.split()[0], "nvidia.com/gpu")
    flags = serve_flags(planned)
    start = "exec "
    if planned.serving.servers > 1:
        start = "NUMBER=${HOSTNAME##*-}; exec "
        flags += over_servers(planned.ranks_per_server, '"$NUMBER"', f"{name}-0.{name}-servers")
    command = " ".join([f"vllm serve {shlex.quote(planned.repository)}", *flags])
    container: Object = {
        "name": "vllm",
        "image": IMAGE,
        "command": ["/bin/sh", "-c"],
        "args": [start + command],
        "env": [{"name": "HF_HOME", "value": "/models"}],
        "ports": [{"containerPort": PORT}],
        "resources": {"limits": {resource: planned.cards_per_server}},
        "volumeMounts": [
            {"name": "shm", "mountPath": "/dev/shm"},
            {"name": "models", "mountPath": "/models"},
        ],
    }
    if planned.serving.servers == 1:  # of several, all but the first answer no requests
        probe = {"httpGet": {"path": "/health", "port": PORT}, "periodSeconds": 10}
        container["startupProbe"] = probe | {"failureThreshold": 360}
        container["readinessProbe"] = probe
        container["livenessProbe"] = probe
    return container


def _object(kind: str, name: str, app: str, spec: Mapping[str, object]) -> Object:
    metadata = {"name": name, "labels": {"app": app}}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
