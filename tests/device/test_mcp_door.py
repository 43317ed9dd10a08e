"""The door at /mcp costs nothing until a client knocks, and ends with the application."""

import subprocess
import sys


def test_a_device_that_no_client_called_has_not_loaded_the_sdk():
    code = (
        "import sys, edgewise.device.api, edgewise.device.serve\n"
        "sys.exit('mcp' in sys.modules or 'mcp_types' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
