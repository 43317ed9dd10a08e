"""A routing policy is a file that holds or names what does not."""

import msgspec
import pytest

from edgewise.errors import UserError
from edgewise.route.policy import DEFAULT, RoutePolicy, policy_from


def test_the_default_written_down_is_read_back_with_the_same_hash():
    read = policy_from(msgspec.json.encode(DEFAULT))
    assert (read, read.hash) == (DEFAULT, DEFAULT.hash)
    assert len(read.hash) == 12


def test_every_number_is_in_the_hash():
    assert RoutePolicy(stay=0.06).hash != DEFAULT.hash
    assert RoutePolicy(version="2").hash != DEFAULT.hash


def test_what_is_left_out_is_the_default():
    assert policy_from(b'{"sure": 0.2}') == RoutePolicy(sure=0.2)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b'{"pre_threshold": 1.5}', "pre_threshold is 1.5; it is from 0 to 1"),
        (b'{"post_threshold": -0.1}', "post_threshold is -0.1"),
        (b'{"cloud_share": 1.2}', "cloud_share is 1.2; it is from 0 to 1, or null"),
        (b'{"stay": 2}', "stay is 2"),
        (b'{"retry_share": 3}', "retry_share is 3"),
        (b'{"of_second": -1}', "of_second is -1; a price is not below 0"),
        (b'{"sure": 0.7}', "sure is 0.7, above pre_threshold 0.6"),
        (b'{"sample": 0.5}', "sample is 0.5; at most 0.05"),
        (b'{"most_queue": 0}', "most_queue"),
        (b'{"version": ""}', "version is empty"),
        (b'{"pre_treshold": 0.5}', "pre_treshold"),
        (b'{"sure": NaN}', "does not hold"),
        (b"[" * 100_000, "does not hold"),
        (b"\xff", "does not hold"),
    ],
)
def test_a_policy_that_does_not_hold_is_named(text: bytes, named: str):
    with pytest.raises(UserError, match=named.replace("(", r"\(")) as caught:
        policy_from(text)
    assert caught.value.code == "bad_config"
