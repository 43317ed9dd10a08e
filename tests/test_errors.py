"""One tree of errors, drawn in its module; codes are stable and can be made more exact."""

import edgewise.errors
from edgewise.errors import DeviceError, EdgewiseError, UserError

TREE = {
    "UserError": "bad_request",
    "ModelError": "model_failed",
    "LinkError": "link_failed",
    "TrustError": "not_trusted",
    "DeviceError": "device_failed",
}


def test_these_are_the_errors_and_their_codes() -> None:
    assert {kind.__name__: kind.code for kind in EdgewiseError.__subclasses__()} == TREE


def test_the_tree_in_the_module_shows_them_all() -> None:
    drawn = edgewise.errors.__doc__ or ""
    assert all(f"── {name} " in drawn for name in TREE)


def test_one_error_can_carry_a_more_exact_code() -> None:
    assert DeviceError("no", code="timed_out").code == "timed_out"
    assert (DeviceError("no").code, DeviceError.code) == ("device_failed", "device_failed")


def test_the_message_is_for_people_and_the_code_is_not_in_it() -> None:
    assert str(UserError("too long", code="text_too_long")) == "too long"
