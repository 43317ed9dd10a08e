"""A plan as `vllm serve` commands; attention and feed-forward apart where that is asked for.

The plugin is vllm-project/afd-plugin: experimental, for exactly vLLM 0.30.0, for some models on
CUDA. Source: its README; vLLM's page on data parallel deployment.
"""

import json
import shlex

from edgewise.cli.plan_deployment import Planned, apart, comment
from edgewise.errors import UserError
from edgewise.plan.arch import Architecture, Gqa, Mla, Moe
from edgewise.plan.report import Disaggregated

VERSION = "vLLM 0.32"
PLUGIN_VERSION = "vLLM 0.30.0 exactly, with vllm-project/afd-plugin (experimental)"
NOT_CUDA = ("Ascend", "MI300")
RPC_PORT = 13345
ON_EVERY_SERVER = (
    "Run it on every server with the server's number, from 0; HEAD is the first one's address."
)


def write_vllm(planned: Planned) -> str:
    """A shell script. For several servers it takes a server's number."""
    serving = planned.serving
    taken = _plugin_takes(planned.architecture, planned.plan.deployment)
    why_not = "it is experimental; --apart writes it." if taken else f"{_not_taken(planned)}."
    sentences = [*planned.about, f"Flags hold for {VERSION}.", *apart(planned.plan, why_not)]
    flags = serve_flags(planned)
    if serving.servers > 1:
        sentences.append(ON_EVERY_SERVER)
        flags += over_servers(planned.ranks_per_server, '"$1"', '"$HEAD"')
    command = f"exec vllm serve {shlex.quote(planned.repository)}"
    return f"#!/bin/sh\n{comment(sentences)}set -eu\n" + " \\\n  ".join([command, *flags]) + "\n"


def write_vllm_apart(planned: Planned) -> str:
    """A shell script with a function for either kind of server, attention's and feed-forward's.
    Raises UserError where the plugin does not take the model, its chips or sizes."""
    found = planned.plan.deployment
    if found is None or not _plugin_takes(planned.architecture, found):
        raise UserError(f"--apart: {_not_taken(planned)}. Leave it out", code="bad_plan")
    sentences = [
        planned.about[0],
        f"{found.name}: {found.attention_cards} x {found.attention_chip} for attention, "
        f"{found.ffn_cards} x {found.ffn_chip} for feed-forward, {found.batch} sequences at once.",
        f"Flags hold for {PLUGIN_VERSION}. It runs exactly 2 micro-batches where the plan counts "
        "3, and shows no run over several servers: try it on one of each first.",
        "AFD_HOST is a host that all servers reach; ATTENTION_HOST and FFN_HOST are the first of "
        "each kind. Run it on a server with its kind and its number among those, from 0. Requests "
        "go to the attention server 0 alone.",
    ]
    return (
        f"#!/bin/sh\n{comment(sentences)}set -eu\nexport VLLM_USE_V2_MODEL_RUNNER=0\n"
        f"{_role(planned, found, 'attention')}{_role(planned, found, 'ffn')}"
        'case "${1:-}" in\n  attention | ffn) "$1" "${2:-0}" ;;\n'
        '  *) echo "usage: $0 attention|ffn NUMBER" >&2; exit 2 ;;\nesac\n'
    )


def serve_flags(planned: Planned) -> list[str]:
    """Flags of `vllm serve` on one server; `--max-num-seqs` is for each data-parallel rank."""
    serving = planned.serving
    flags = [f"--tensor-parallel-size {serving.tensor_parallel}"]
    if serving.data_parallel > 1:
        flags.append(f"--data-parallel-size {serving.data_parallel}")
    if planned.spreads_experts:
        flags.append("--enable-expert-parallel")
    return [*flags, f"--max-num-seqs {planned.sequences_per_rank}", *_common(planned)]


def over_servers(ranks: int, number: str, head: str) -> list[str]:
    """What is told besides to each of several servers; `number` and `head` are shell words."""
    return [
        f"--data-parallel-size-local {ranks}",
        f"--data-parallel-start-rank $(({number.strip(chr(34))} * {ranks}))",
        f"--data-parallel-address {head}",
        f"--data-parallel-rpc-port {RPC_PORT}",
        f"$(test {number} = 0 || echo --headless)",
    ]


def _common(planned: Planned) -> list[str]:
    flags = [f"--max-model-len {planned.context}"]
    flags.append(f"--kv-cache-dtype {'fp8' if planned.kv_is_fp8 else 'auto'}")
    if planned.weights_are_fp8:
        flags.append("--quantization fp8")
    return [*flags, "--gpu-memory-utilization 0.9"]


def _not_taken(planned: Planned) -> str:
    return (
        f"vLLM's afd-plugin (experimental) does not take {planned.plan.model} on these chips in "
        "these sizes; it knows DeepSeek V2/V3 and Qwen3 MoE on CUDA, with ranks of attention that "
        "are a multiple of those of FFN"
    )


def _role(planned: Planned, found: Disaggregated, role: str) -> str:
    """A shell function that starts one server of that role; its argument is the server's number."""
    of_attention = role == "attention"
    cards = found.attention_cards if of_attention else found.ffn_cards
    servers = found.attention_servers if of_attention else found.ffn_servers
    config = {
        "role": role,
        "connector": "P2pNcclAFDConnector",
        "host": "AFD_HOST",
        "port": 6239,
        "num_attention_ranks": found.attention_cards,
        "num_ffn_ranks": found.ffn_cards,
    }
    written = shlex.quote(json.dumps({"afd": config})).replace("AFD_HOST", "'\"$AFD_HOST\"'")
    flags = [
        "--tensor-parallel-size 1",
        f"--data-parallel-size {cards}",
        *over_servers(cards // servers, '"$1"', f'"${role.upper()}_HOST"'),
        "--enable-expert-parallel",
        *([f"--max-num-seqs {max(1, found.batch // cards)}"] if of_attention else []),
        *_common(planned),
        f"--port {8000 if of_attention else 8001}",
        f"--additional-config {written}",
    ]
    command = f"  exec vllm serve {shlex.quote(planned.repository)}"
    return f"{role}() {{\n" + " \\\n    ".join([command, *flags]) + "\n}\n"


def _plugin_takes(model: Architecture, found: Disaggregated | None) -> bool:
    """DeepSeek V2/V3 or Qwen3 MoE, CUDA, and a multiple of FFN's ranks for attention."""
    if found is None or found.name is None:
        return False
    kinds = {type(group.attention) for group in model.groups}
    name = model.name.lower()
    has_experts = any(isinstance(group.ffn, Moe) for group in model.groups)
    known = (kinds == {Mla} and "deepseek" in name) or (kinds == {Gqa} and "qwen3" in name)
    chips = (found.attention_chip, found.ffn_chip)
    cuda = not any(other in chip for chip in chips for other in NOT_CUDA)
    divides = found.attention_cards % found.ffn_cards == 0
    return known and has_experts and cuda and divides
