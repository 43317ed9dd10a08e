"""An OpenAI-compatible upstream that ships: strict, deterministic, and keeps what it produced.

Tests and judges put it behind a gateway. In a test: `async with started_upstream() as upstream`.
As a process: `python -m edgewise.testing.upstream --port 0`, whose first line is
`{"address": ...}`. `GET /produced` tells the truth that a ledger is compared with. It is no model:
what it says follows from the request alone.
"""
