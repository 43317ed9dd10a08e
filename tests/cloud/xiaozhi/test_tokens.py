"""Tokens are made again alike, and are nobody else's."""

from hypothesis import assume, given
from hypothesis import strategies as st

from edgewise.cloud.xiaozhi.tokens import camera_device, camera_token_of, token_of

PARTS = st.tuples(st.text(max_size=4), st.text(max_size=4), st.binary(max_size=4))


@given(PARTS, PARTS)
def test_no_two_devices_and_nonces_have_one_token(
    one: tuple[str, str, bytes], other: tuple[str, str, bytes]
):
    assume(one != other)
    assert token_of(b"secret", *one) != token_of(b"secret", *other)
    assert token_of(b"secret", *one) == token_of(b"secret", *one)


def test_a_token_is_of_the_folders_secret():
    asked = ("02:00:00:00:00:01", "client", b"nonce")
    assert token_of(b"one", *asked) != token_of(b"other", *asked)
    assert token_of(b"one", *asked).startswith("ewv-")
    assert len(token_of(b"one", *asked)) == len("ewv-") + 43


def test_a_cameras_token_names_its_device_and_ends_with_its_key():
    token = camera_token_of(b"secret", "dev_1", "key_1")
    assert camera_device(token) == "dev_1"
    assert camera_token_of(b"secret", "dev_1", "key_2") != token
    assert camera_device("dev_1.abc") == camera_device("ewc-dev_1") == camera_device("") == ""
