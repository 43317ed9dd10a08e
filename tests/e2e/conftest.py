"""A browser for each test: a new profile in a Chromium that all tests of a process share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.e2e.chromium import SharedBrowser


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBrowser]:
    shared = SharedBrowser(tmp_path_factory.mktemp("chromium"))
    yield shared
    shared.close()


@pytest.fixture
def browser(chromium: SharedBrowser, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with chromium.fresh(tmp_path) as driver:
        yield driver
