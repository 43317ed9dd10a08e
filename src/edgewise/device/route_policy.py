"""The routing policy in force: `route_policy.json` of the device's folder, or the built-in one.

A file that does not hold is an error that stops the start: thresholds are not guessed.
"""

from pathlib import Path

from edgewise.errors import UserError
from edgewise.route.policy import DEFAULT, RoutePolicy, policy_from

FILE = "route_policy.json"


def load_route_policy(folder: Path) -> RoutePolicy:
    """The policy of the device in `folder`. Raises UserError that names the file and what is wrong
    with it."""
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return DEFAULT
    except OSError as error:
        raise UserError(f"{path} can not be read: {error.strerror}", code="bad_config") from error
    try:
        return policy_from(data)
    except UserError as error:
        remedy = "correct the file, or delete it for the built-in policy"
        raise UserError(f"{path}: {error}; {remedy}", code="bad_config") from error
