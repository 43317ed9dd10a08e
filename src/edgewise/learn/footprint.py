"""The memory of a process that only understands: `python -m edgewise.learn.footprint`.

It understands every sentence of the safety set with all capabilities that are declared, and prints
what of it is resident then, in MB. The vocabulary is mapped from its file and read as it is needed.
"""

import sys
from pathlib import Path

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.learn.safety_set import load_safety_set
from edgewise.think.understand import load_understander


def main() -> None:
    understander = load_understander(builtin_catalogue().capabilities)
    understander.prepare()
    for row in load_safety_set():
        context = Context(row.language, label=label_of(OriginKind.TYPED), turn="footprint", now=NOW)
        understander.understand(row.text, context)
    sys.stdout.write(f"{resident_mb()}\n")


NOW = "2026-11-23T09:00"


def resident_mb() -> float:
    """Resident memory of this process now; where the system does not tell, the most it ever was."""
    if found := process_mb(None):
        return found
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def process_mb(process_id: int | None) -> float:
    """Resident memory of a process (None: this one); 0 where the system does not tell."""
    status = Path(f"/proc/{process_id or 'self'}/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


if __name__ == "__main__":
    main()
