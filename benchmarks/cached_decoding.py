"""A Step-3 model that decodes with its cache, and the same that computes every token anew.

It is the model and the generator that serve: a few whole layers, embedding and head among them,
random weights, one sequence. Without a cache a token takes a pass over all before it.
"""

import statistics
import time
from collections.abc import Iterator

import torch
from msgspec.structs import replace

from edgewise.learn.report import Result, measure
from edgewise.step3.answer import Request
from edgewise.step3.cache import PAGE_TOKENS
from edgewise.step3.config import PUBLISHED, Step3TextConfig
from edgewise.step3.generate import Generator, generate_plain
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling

LAYERS, EXPERTS, VOCABULARY = 4, 8, 2048
TOKENS = 33
"""That a cached answer has; the first comes with the prompt and is not timed."""


def small(scale: int) -> Step3TextConfig:
    """Step-3's widths divided by `scale`, half its layers dense and half of few experts."""
    return replace(
        PUBLISHED,
        hidden_size=PUBLISHED.hidden_size // scale,
        intermediate_size=PUBLISHED.intermediate_size // scale,
        num_hidden_layers=LAYERS,
        num_attention_heads=PUBLISHED.num_attention_heads // scale,
        share_q_dim=PUBLISHED.share_q_dim // scale,
        moe_layers_enum=tuple(range(LAYERS // 2, LAYERS)),
        moe_num_experts=EXPERTS,
        moe_intermediate_size=PUBLISHED.moe_intermediate_size // scale,
        share_expert_dim=PUBLISHED.share_expert_dim // scale,
        vocab_size=VOCABULARY,
    )


def compare_cached(
    scale: int, contexts: tuple[int, ...], device: str, dtype: torch.dtype, title: str
) -> Iterator[Result]:
    """Tokens a second with the cache behind each context, and how many times as many as without."""
    torch.manual_seed(7)
    model = Step3ForCausalLM(small(scale)).to(device, dtype).eval()
    for context in contexts:
        prompt = torch.randint(VOCABULARY, (context,)).tolist()
        kept = token_s(model, prompt)
        name = f"{title}, {context} tokens: whole layers, by the generator"
        yield measure(name, 1 / kept, "tokens/s")
        anew = uncached_s(model, prompt)
        print(f"{context} tokens: {1e3 * kept:.2f} ms cached, {1e3 * anew:.0f} anew", flush=True)
        yield measure(f"{name}, cached against uncached", anew / kept, "x")


def token_s(model: Step3ForCausalLM, prompt: list[int]) -> float:
    """Seconds of a step that takes one token and reads the cache: the median of an answer's."""
    generator = Generator(model, pages=(len(prompt) + TOKENS) // PAGE_TOKENS + 1)
    generator.add(Request(prompt, Sampling(max_tokens=TOKENS)))
    while not generator.step():
        pass  # reads the prompt
    times: list[float] = []
    while generator.busy:
        began = clock(model)
        generator.step()
        times.append(clock(model) - began)
    return statistics.median(times)


def uncached_s(model: Step3ForCausalLM, prompt: list[int]) -> float:
    """Seconds of one token that is computed from all before it."""
    began = clock(model)
    generate_plain(model, Request(prompt, Sampling(max_tokens=1)))
    return clock(model) - began


def clock(model: Step3ForCausalLM) -> float:
    """Seconds: the processor's own on a CPU; by the wall on an accelerator, its work waited for."""
    if model.lm_head.weight.is_cuda:
        torch.cuda.synchronize()
        return time.perf_counter()
    return time.process_time()
