"""A Step-3 folder in four processes: two for attention, two for feed-forward; same tokens as one.

python afd.py FOLDER
"""

import sys
from pathlib import Path

from edgewise.step3.afd import Disaggregated
from edgewise.step3.afd_message import Ask, Plan
from edgewise.step3.sampling import Sampling

if __name__ == "__main__":
    asks = [
        Ask((1, 2, 3), Sampling(max_tokens=8)),
        Ask((4, 5), Sampling(temperature=0.8, top_p=0.9, seed=7, max_tokens=8)),
    ]
    with Disaggregated(Path(sys.argv[1]), Plan(attention=2, ffn=2)) as model:
        for name, held in model.held.items():
            print(f"{name}: process {model.processes[name]}, {len(held)} tensors")
        for number, token in model.stream(asks):
            print(f"request {number}: token {token}", flush=True)
