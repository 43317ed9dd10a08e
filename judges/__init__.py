"""Judges: clients and suites of others, run unchanged against a running platform and device.

Each has an environment of its own under build/judges and speaks to `edgewise serve cloud`, whose
models are the upstream of `edgewise.testing.upstream`; a backend of others stands behind a platform
of its own. `make judges` runs all; see `run.py`.
"""
