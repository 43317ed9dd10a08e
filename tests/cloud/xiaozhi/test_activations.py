"""A code is one device's, ends, is not found by trying, and is good for one activation."""

import threading

import pytest

from edgewise.cloud.refusal import Refused
from edgewise.cloud.xiaozhi.activations import CLAIM_S, Activation, Activations, State
from edgewise.cloud.xiaozhi.bootstrap import Asking
from edgewise.testing.clock import ManualClock

MAC, CLIENT, PEER = "02:00:00:00:00:01", "client", "203.0.113.5"
CODE_S = 600.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def activations(clock: ManualClock) -> Activations:
    return Activations(clock, CODE_S)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[int, str | None]:
    return refused.value.status, refused.value.problem.code


def finish(activations: Activations, mac: str, client: str, challenge: str) -> bool:
    return activations.finish(mac, client, challenge, lambda _: True)


def bound(activations: Activations, mac: str = MAC) -> Activation:
    begun = activations.begin(Asking(mac, CLIENT), PEER)
    activations.settle(activations.claim(begun.code, "acc"))
    return begun


def test_a_device_that_asks_again_shows_the_same_code(activations: Activations, clock: ManualClock):
    first = activations.begin(Asking(MAC, CLIENT), PEER)
    code, challenge, nonce = first.code, first.challenge, first.nonce
    clock.advance(CODE_S / 2)
    again = activations.begin(Asking(MAC, CLIENT), PEER)
    assert (again.code, again.challenge, again.nonce) == (code, challenge, nonce)
    assert len(code) == 6
    assert code.isdigit()


def test_a_code_that_ends_soon_is_replaced_and_the_token_stays(
    activations: Activations, clock: ManualClock
):
    first = activations.begin(Asking(MAC, CLIENT), PEER)
    code, nonce = first.code, first.nonce
    clock.advance(CODE_S * 0.7)
    again = activations.begin(Asking(MAC, CLIENT), PEER)
    assert again.code != code
    assert again.nonce == nonce
    with pytest.raises(Refused) as refused:
        activations.claim(code, "acc")
    assert code_of(refused) == (404, "no_such_code")
    assert activations.claim(again.code, "acc") is again


def test_a_code_ends(activations: Activations, clock: ManualClock):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    clock.advance(CODE_S)
    with pytest.raises(Refused) as refused:
        activations.claim(begun.code, "acc")
    assert code_of(refused) == (404, "no_such_code")


def test_every_device_has_a_code_of_its_own(clock: ManualClock):
    activations = Activations(clock, CODE_S, most=400)
    codes = {activations.begin(Asking(MAC, f"client-{n}"), "").code for n in range(400)}
    assert len(codes) == 400


def test_a_code_is_typed_with_blanks_as_people_do(activations: Activations):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    assert activations.claim(f" {begun.code[:3]} {begun.code[3:]} ", "acc") is begun


def test_a_claimed_code_is_nobody_elses_until_it_is_released(activations: Activations):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    claimed = activations.claim(begun.code, "acc")
    with pytest.raises(Refused):
        activations.claim(begun.code, "other")
    activations.release(claimed)
    assert activations.claim(begun.code, "other") is begun


def test_of_many_who_type_one_code_at_once_one_gets_it(activations: Activations):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    got: list[str] = []
    gate = threading.Barrier(8)

    def claim(name: str) -> None:
        gate.wait()
        try:
            activations.claim(begun.code, name)
        except Refused:
            return
        got.append(name)

    threads = [threading.Thread(target=claim, args=(f"acc-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_an_account_that_guesses_is_stopped_even_at_the_right_code(activations: Activations):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    for shape in ("wrong", "12345", "1234567", "12345a", "１２３４５６"):
        with pytest.raises(Refused) as refused:
            activations.claim(shape, "acc")
        assert code_of(refused) == (400, "bad_code")
    wrong = f"{(int(begun.code) + 1) % 1_000_000:06}"
    for _ in range(10):
        with pytest.raises(Refused):
            activations.claim(wrong, "acc")
    with pytest.raises(Refused) as refused:
        activations.claim(begun.code, "acc")
    assert code_of(refused) == (429, "too_many_codes")
    assert activations.claim(begun.code, "other") is begun


def test_a_challenge_is_good_for_one_activation(activations: Activations):
    begun = activations.begin(Asking(MAC, CLIENT), PEER)
    assert finish(activations, MAC, CLIENT, begun.challenge) is False
    activations.settle(activations.claim(begun.code, "acc"))
    assert finish(activations, MAC, CLIENT, begun.challenge) is True
    for challenge in (begun.challenge, ""):
        with pytest.raises(Refused) as refused:
            finish(activations, MAC, CLIENT, challenge)
        assert code_of(refused) == (409, "activation_replayed")


def test_a_device_without_a_challenge_is_told_once_as_well(activations: Activations):
    bound(activations)
    assert finish(activations, MAC, CLIENT, "") is True
    with pytest.raises(Refused):
        finish(activations, MAC, CLIENT, "")


def test_a_wrong_challenge_and_another_client_are_refused(activations: Activations):
    bound(activations)
    for client, challenge in ((CLIENT, "wrong"), ("other", ""), ("other", "wrong")):
        with pytest.raises(Refused) as refused:
            finish(activations, MAC, client, challenge)
        assert code_of(refused) == (403, "foreign_device")
    assert finish(activations, MAC, CLIENT, "") is True


def test_another_devices_challenge_is_refused(activations: Activations):
    other = bound(activations, "02:00:00:00:00:02")
    activations.begin(Asking(MAC, CLIENT), PEER)
    with pytest.raises(Refused) as refused:
        finish(activations, MAC, CLIENT, other.challenge)
    assert code_of(refused) == (403, "foreign_device")


def test_who_never_asked_has_no_activation(activations: Activations):
    with pytest.raises(Refused) as refused:
        finish(activations, MAC, CLIENT, "")
    assert code_of(refused) == (404, "activation_unknown")


def test_a_device_that_was_bound_once_and_is_no_more_begins_anew(activations: Activations):
    before = bound(activations)
    after = activations.begin(Asking(MAC, CLIENT), PEER)
    assert after.code != before.code
    assert after.challenge != before.challenge
    assert after.nonce != before.nonce
    assert after.state is State.PENDING


def test_one_address_cannot_fill_the_house(clock: ManualClock):
    activations = Activations(clock, CODE_S, most=100, most_of_address=3)
    for n in range(3):
        activations.begin(Asking(MAC, f"client-{n}"), "2001:db8::1")
    with pytest.raises(Refused) as refused:
        activations.begin(Asking(MAC, "one more"), "2001:db8::ffff")
    assert code_of(refused) == (429, "too_many_activations")
    activations.begin(Asking(MAC, "elsewhere"), "2001:db8:0:1::1")
    activations.begin(Asking(MAC, "client-1"), "2001:db8::1")
    for n in range(10):
        activations.begin(Asking(MAC, f"behind-a-proxy-{n}"), "127.0.0.1")


def test_a_full_house_lets_go_of_who_asked_least_lately(clock: ManualClock):
    activations = Activations(clock, CODE_S, most=5)
    made = [activations.begin(Asking(MAC, f"client-{n}"), "") for n in range(5)]
    activations.finish(MAC, "client-0", made[0].challenge, lambda one: True)  # it asks again
    activations.begin(Asking(MAC, "one more"), "")
    assert activations.waiting(MAC, "client-0") is made[0]
    assert activations.waiting(MAC, "client-1") is None
    assert len(activations) == 5


def test_a_house_full_of_what_is_being_bound_refuses_until_codes_end(clock: ManualClock):
    activations = Activations(clock, CODE_S, most=5)
    for n in range(5):
        activations.claim(activations.begin(Asking(MAC, f"client-{n}"), "").code, "account")
    with pytest.raises(Refused) as refused:
        activations.begin(Asking(MAC, "one more"), "")
    assert code_of(refused) == (429, "too_many_activations")
    clock.advance(CLAIM_S)
    clock.advance(CODE_S)
    assert len(activations) == 0
    activations.begin(Asking(MAC, "one more"), "")
    assert len(activations) == 1


def test_a_device_that_speaks_after_its_code_ended_has_another_one(
    activations: Activations, clock: ManualClock
):
    code = activations.begin(Asking(MAC, CLIENT), PEER).code
    clock.advance(CODE_S * 2)
    waiting = activations.waiting(MAC, CLIENT)
    assert waiting is not None
    assert waiting.code != code
    assert activations.claim(waiting.code, "acc") is waiting
    activations.settle(waiting)
    assert activations.waiting(MAC, CLIENT) is None
