"""Candidates side by side, for the decision page: python -m scripts.understand.compare TITLE=FOLDER

Reads what `train.py` left in each folder (figures.json: what the bare network gets on the visible
public sets) and prints one report, to be kept in docs/figures/command_model.json.
"""

import json
import sys
from pathlib import Path

from edgewise.learn.report import Result, format_report, measure

ABOUT = """What the bare network of each candidate gets on the visible public sets, no rule helping
(`scripts/understand/compare.py`): share of sentences whose set of functions is right, and F1 of
the spans."""


def main() -> None:
    results: list[Result] = []
    for given in sys.argv[1:]:
        title, _, folder = given.partition("=")
        figures = json.loads((Path(folder) / "figures.json").read_text("utf-8"))
        results += [measure(f"{title}: {name}", value, "%") for name, value in figures.items()]
    found = json.loads(format_report("command_model", results))
    print(
        json.dumps({"name": found["name"], "about": ABOUT, **found}, ensure_ascii=False, indent=2)
    )


if __name__ == "__main__":
    main()
