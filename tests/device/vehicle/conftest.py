"""Fixtures of the vehicle's tests."""

import importlib.util

import pytest


@pytest.fixture
def kuksa() -> None:
    """Skips, with the remedy, where the extra is not installed."""
    if importlib.util.find_spec("kuksa_client") is None:
        pytest.skip("kuksa-client is not installed: pip install 'edgewise[kuksa]'")
