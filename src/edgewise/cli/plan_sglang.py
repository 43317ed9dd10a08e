"""A plan as a command for SGLang: tensor parallelism is over all cards there, and data-parallel
attention within them. Source: SGLang's page on server arguments."""

import shlex

from edgewise.cli.plan_deployment import Planned, apart, comment
from edgewise.cli.plan_vllm import ON_EVERY_SERVER

VERSION = "SGLang 0.5.23"


def write_sglang(planned: Planned) -> str:
    """A shell script. For several servers it takes a server's number."""
    serving = planned.serving
    why_not = "SGLang's own (experimental) is for Qwen3 MoE on NPUs alone and not in 0.5.23."
    sentences = [*planned.about, f"Flags hold for {VERSION}.", *apart(planned.plan, why_not)]
    flags = [f"--tp-size {serving.cards}"]
    if planned.spreads_experts:
        flags.append(f"--ep-size {serving.cards}")
    if serving.data_parallel > 1:
        flags += [f"--dp-size {serving.data_parallel}", "--enable-dp-attention"]
    flags += [
        f"--context-length {planned.context}",
        f"--max-running-requests {serving.batch}",
        f"--kv-cache-dtype {'fp8_e4m3' if planned.kv_is_fp8 else 'auto'}",
        *(["--quantization fp8"] if planned.weights_are_fp8 else []),
        "--mem-fraction-static 0.9",
        "--host 0.0.0.0",
        "--port 30000",
    ]
    if serving.servers > 1:
        sentences.append(ON_EVERY_SERVER)
        flags += [
            f"--nnodes {serving.servers}",
            '--node-rank "$1"',
            '--dist-init-addr "$HEAD:50000"',
        ]
    command = f"exec python3 -m sglang.launch_server --model-path {shlex.quote(planned.repository)}"
    return f"#!/bin/sh\n{comment(sentences)}set -eu\n" + " \\\n  ".join([command, *flags]) + "\n"
