from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.titled import titled
from tests.each_row import each_row


@each_row(
    ("text", "found"),
    [
        ("put on Rain on the Roof", 'put on "Rain on the Roof"'),
        ("play Hurt So Bad by Johnny Cash", 'play "Hurt So Bad" by Johnny Cash'),
        ("Play Lazy Sunday and open the window", 'Play "Lazy Sunday" and open the window'),
        ("Play Modern Love and Can I see it", 'Play "Modern Love" and Can I see it'),
        ("put on the AC", "put on the AC"),
        ("Open The Window", "Open The Window"),
        ("play rain on the roof", "play rain on the roof"),
        ("PLAY RAIN ON THE ROOF", "PLAY RAIN ON THE ROOF"),
    ],
)  # fmt: skip
def test_a_title_with_capitals_behind_a_verb_of_playing_is_marked(text: str, found: str):
    assert titled(normalise(text)).text == found
