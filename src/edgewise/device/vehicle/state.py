"""A car's state as a JSON object of signal path -> value, checked against the table.

Used for `--state FILE` and to keep the simulated car over a restart. `None` means that the signal
is missing.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from edgewise.core.signal import JsonValue
from edgewise.device.vehicle.signals import Signal, check_value
from edgewise.errors import DeviceError, UserError


def check_state(
    state: Mapping[str, JsonValue], signals: Mapping[str, Signal]
) -> dict[str, JsonValue]:
    """The state with each value in its signal's type, in the order given.

    Raises UserError that names the path, the value and what is allowed or was likely meant.
    """
    if not isinstance(state, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UserError(
            f"a car's state is a JSON object of signal path -> value, not {type(state).__name__}",
            code="bad_state",
        )
    return {path: check_setting(path, value, signals) for path, value in state.items()}


def check_setting(path: str, value: JsonValue, signals: Mapping[str, Signal]) -> JsonValue:
    """One value as it may be set from outside the driver. Raises UserError as above."""
    signal = signals.get(path)
    if signal is None:
        raise UserError(
            f"this car has no signal {path!r}{_likely(path, signals)}", code="unknown_signal"
        )
    if value is None:
        return None
    try:
        return check_value(signal, value)
    except DeviceError as error:
        raise UserError(str(error), code="bad_state") from error


def _likely(path: str, signals: Mapping[str, Signal]) -> str:
    wanted = str(path)
    if not wanted.startswith("Vehicle."):
        wanted = f"Vehicle.{wanted}"
    if wanted in signals:
        return f"; did you mean {wanted}?"
    close = get_close_matches(wanted, signals, n=3, cutoff=0.75)
    if close:
        return "; did you mean " + " or ".join(close) + "?"
    return "; names are those of VSS 6.0, such as Vehicle.Speed"
