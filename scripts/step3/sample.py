"""Asks a Step-3 folder: `python -m scripts.step3.sample FOLDER "What is this?" --picture a.png`."""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch

from edgewise.errors import UserError
from edgewise.step3.conversation import Conversation
from edgewise.step3.sampling import Sampling


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("question")
    parser.add_argument("--picture", type=Path, action="append", default=[])
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--top-p", type=float, default=1.0)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    content: list[dict[str, Any]] = [{"type": "image"} for _ in given.picture]
    content.append({"type": "text", "text": given.question})
    try:
        sampling = Sampling(given.temperature, given.top_p, given.seed, given.tokens)
        conversation = Conversation(given.folder, device=given.device)
        pictures = [path.read_bytes() for path in given.picture]
        said = conversation.answer([{"role": "user", "content": content}], pictures, sampling)
        for piece in said:
            print(piece.text, end="", flush=True)
            if piece.finish:
                print(f"\n({piece.prompt_tokens} + {piece.tokens} tokens, {piece.finish})")
    except (UserError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
