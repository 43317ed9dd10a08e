"""Making, training and asking Step-3 models; needs the extra `step3`."""

import importlib.util

if importlib.util.find_spec("torch") is None:
    raise SystemExit(
        "This needs torch. In a checkout: .venv/bin/pip install -c constraints.txt -e"
        " '.[step3,understand]'"
    )
