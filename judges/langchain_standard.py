"""LangChain's standard tests for chat models and embeddings, unchanged, over the platform.

The suite is pytest's; each of its tests is a case here. What a class says of a model (images,
structured output, forced tools) is what its tests then demand.
"""

import sys
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_tests.integration_tests import (
    ChatModelIntegrationTests,
    EmbeddingsIntegrationTests,
)

from judges.cases import BASE_URL, EMBEDDING_MODEL, KEY, MODEL, short, tell


class TestChat(ChatModelIntegrationTests):
    """Over `/v1/chat/completions`."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatOpenAI

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {
            "model": MODEL,
            "base_url": BASE_URL,
            "api_key": KEY,
            "max_retries": 0,
            "stream_usage": True,
        }

    @property
    def supports_image_inputs(self) -> bool:
        return False  # the suite fetches its images from the internet

    @property
    def supports_json_mode(self) -> bool:
        return True

    @property
    def returns_usage_metadata(self) -> bool:
        return True


class TestResponses(TestChat):
    """Over `/v1/responses`."""

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**super().chat_model_params, "use_responses_api": True}


class TestEmbeddings(EmbeddingsIntegrationTests):
    """Over `/v1/embeddings`."""

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return OpenAIEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {
            "model": EMBEDDING_MODEL,
            "base_url": BASE_URL,
            "api_key": KEY,
            "max_retries": 0,
            # its way of counting tokens fetches a vocabulary from the internet
            "check_embedding_ctx_length": False,
        }


class Teller:
    """Tells each test as a case."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        name = report.nodeid.partition("::")[2].replace("::", ".")
        said = ""
        if report.outcome == "skipped" and isinstance(report.longrepr, tuple):
            said = report.longrepr[2]
        elif hasattr(report, "wasxfail"):
            said = report.wasxfail
        elif report.outcome == "failed":
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash is not None else str(report.longrepr)
        tell(name, report.outcome, short(said))


def main() -> int:
    """Run the suite, without the settings of the repository it stands in."""
    options = [
        "-c",
        "/dev/null",
        "--rootdir",
        ".",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:terminal",
        "-s",
    ]
    # one event loop: ChatOpenAI keeps one connection pool for all its instances
    for kind in ("fixture", "test"):
        options += ["-o", f"asyncio_default_{kind}_loop_scope=session"]
    options += ["-o", "asyncio_mode=auto", "-o", "python_files=langchain_standard.py"]
    return int(pytest.main([*options, __file__], plugins=[Teller()]))


if __name__ == "__main__":
    sys.exit(main())
