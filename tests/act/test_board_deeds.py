"""What a body does is said with it and without it."""

from edgewise.act.board_deeds import counted, said_en, said_zh


def test_a_dog_sits():
    assert {"sit", "sit down", "make the dog sit down", "let the dog sit",
            "the robot dog sits down"} <= set(said_en(("sit",), "dog"))  # fmt: skip
    assert {"坐下", "让机器狗坐下", "狗坐下"} <= set(said_zh(("sit",), "dog"))


def test_a_body_without_a_name_is_not_spoken_of():
    assert said_en(("walk", "forward"), "") == ["walk forward"]
    assert said_zh(("sit",), "") == ["坐下"]


def test_steps_are_counted_in_both_languages():
    en, zh = counted(("walk", "forward"), "dog", "steps", 3)
    assert {"walk 3 steps", "let the dog walk 3 steps"} <= set(en)
    assert {"往前走3步", "让机器狗往前走3步"} <= set(zh)
    assert counted(("walk", "forward"), "", "speed", 3) == (["walk forward 3 speed"], [])
