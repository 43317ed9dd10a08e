from edgewise.think.understanding import home_senses as senses


def test_a_sign_tells_a_class_that_has_a_name_and_on_or_off():
    known = {*senses.SENSED, *senses.MEASURES, "cold", ""}
    for sign in senses.SIGNS:
        device_class, _, state = sign.partition("/")
        assert device_class in known
        assert state in ("on", "off")


def test_no_word_is_a_sign_of_both_states_of_a_class():
    for device_class in {sign.partition("/")[0] for sign in senses.SIGNS}:
        on = set(senses.SIGNS.get(f"{device_class}/on", "").split("|"))
        off = set(senses.SIGNS.get(f"{device_class}/off", "").split("|"))
        assert not (on & off) - {""}
