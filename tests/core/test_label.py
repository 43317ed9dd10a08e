"""Labels join their sources and never lose one."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.core.label import (
    Label,
    Origin,
    OriginKind,
    Residency,
    Sensitivity,
    is_stricter,
    join,
    label_of,
)

SETS = st.none() | st.sets(st.sampled_from("xyz")).map(lambda s: tuple(sorted(s)))
LABELS = st.builds(
    lambda origins, *rest: Label(tuple(sorted(set(origins))), *rest),
    st.lists(st.builds(Origin, st.sampled_from(OriginKind), st.sampled_from("abc")), max_size=4),
    SETS,
    st.sampled_from(Residency),
    st.sampled_from(Sensitivity),
    SETS,
    st.none() | st.floats(0, 10),
)


@given(st.lists(LABELS, max_size=5))
def test_a_join_keeps_every_origin(labels: list[Label]) -> None:
    assert set(join(labels).origins) == {o for label in labels for o in label.origins}


@given(LABELS, LABELS, LABELS)
def test_joining_in_any_order_gives_the_same_label(a: Label, b: Label, c: Label) -> None:
    assert join([join([a, b]), c]) == join([a, join([b, c])]) == join([c, b, a])


@given(LABELS, LABELS)
def test_a_join_with_an_untrusted_label_is_untrusted(a: Label, b: Label) -> None:
    if a.untrusted_origins():
        assert not join([a, b]).trusted


@given(LABELS, LABELS)
def test_a_join_can_be_read_by_those_only_who_may_read_both(a: Label, b: Label) -> None:
    readers = join([a, b]).readers
    for label in (a, b):
        if label.readers is not None:
            assert readers is not None
            assert set(readers) <= set(label.readers)


@given(LABELS, LABELS)
def test_a_join_is_as_strict_as_the_strictest(a: Label, b: Label) -> None:
    joined = join([a, b])
    for label in (a, b):
        assert joined.residency >= label.residency
        assert joined.sensitivity >= label.sensitivity
        if label.purposes is not None:
            assert joined.purposes is not None
            assert set(joined.purposes) <= set(label.purposes)
        if label.expires_at is not None:
            assert joined.expires_at is not None
            assert joined.expires_at <= label.expires_at


@given(LABELS, LABELS)
def test_what_is_derived_is_stricter_where_another_source_is_and_by_no_origin(a: Label, b: Label):
    assert not is_stricter(a, join([a, b]))
    assert not is_stricter(Label(a.origins), b)
    assert is_stricter(b, a) or join([Label(a.origins), b]).residency <= a.residency


@given(LABELS)
def test_a_device_only_source_is_stricter_than_any_that_is_not(label: Label):
    here = Label(residency=Residency.DEVICE)
    assert is_stricter(here, label) is (label.residency is not Residency.DEVICE)
    assert is_stricter(Label(readers=("nobody",)), label) is (
        label.readers not in ((), ("nobody",))
    )


def test_a_value_without_a_source_is_not_trusted() -> None:
    assert not Label().trusted


def test_a_message_is_not_trusted_and_the_drivers_voice_is() -> None:
    assert not label_of(OriginKind.MESSAGE, "李娜").trusted
    assert label_of(OriginKind.VOICE, "driver").trusted
