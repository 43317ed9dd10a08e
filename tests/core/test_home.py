import msgspec

from edgewise.core.home import Entity, Home


def test_a_home_can_be_kept_and_compared():
    home = Home(("Attic",), (), (Entity("Lamp", "light", area="Attic"),), "Attic")
    again = msgspec.json.decode(msgspec.json.encode(home), type=Home)
    assert again == home
    assert hash(again) == hash(home)
