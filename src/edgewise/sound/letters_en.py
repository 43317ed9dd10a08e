"""How an English word that no dictionary knows probably sounds: by its letters, left to right.

For names, brands and new words; a guess that can be understood, not the right one always. Rules
are the regular spellings of English (Venezky, The Structure of English Orthography, 1970), in the
signs of Kokoro. Pinyin names of Chinese places are met too: q, x and zh as English speakers say.
"""

VOWELS = "aeiouy"
_VOWEL_SIGNS = "AIOWYiuæɑɔəɛɜɪʊʌᵊᵻ"

# (letters, what must follow: "" anything, "." the end, "v" a vowel, "e" one of e i y, "c" a
# consonant and then a final e, sounds); the first that fits is taken, so longer ones come first.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("tion", "", "ʃən"), ("sion", "", "ʒən"), ("ture", ".", "ʧəɹ"), ("ough", "", "O"),
    ("augh", "", "ɔ"), ("eigh", "", "A"), ("igh", "", "I"), ("tch", "", "ʧ"), ("sch", "", "ʃ"),
    ("dge", "", "ʤ"), ("ght", "", "t"), ("ous", ".", "əs"), ("ang", "", "æŋ"), ("ing", "", "ɪŋ"),
    ("ong", "", "ɔŋ"), ("ung", "", "ʌŋ"), ("eng", "", "ɛŋ"), ("air", "", "ɛɹ"), ("ear", "", "ɪɹ"),
    ("eer", "", "ɪɹ"), ("oor", "", "ɔɹ"), ("our", "", "ɔɹ"), ("ure", ".", "jʊɹ"),
    ("are", ".", "ɛɹ"), ("ire", ".", "Iɹ"), ("ore", ".", "ɔɹ"), ("ee", "", "i"), ("ea", "", "i"),
    ("oo", "", "u"), ("ai", "", "A"), ("ay", "", "A"), ("ei", "", "A"), ("ey", ".", "i"),
    ("ey", "", "A"), ("oa", "", "O"), ("oe", "", "O"), ("oi", "", "Y"), ("oy", "", "Y"),
    ("ou", "", "W"), ("ow", ".", "O"), ("ow", "", "W"), ("au", "", "ɔ"), ("aw", "", "ɔ"),
    ("ew", "", "u"), ("eu", "", "u"), ("ie", "", "i"), ("ui", "", "u"), ("ue", ".", "u"),
    ("ia", ".", "iə"), ("io", ".", "iO"), ("ar", "", "ɑɹ"), ("or", "", "ɔɹ"), ("er", "", "əɹ"),
    ("ir", "", "ɜɹ"), ("ur", "", "ɜɹ"), ("zh", "", "ʤ"), ("ch", "", "ʧ"), ("sh", "", "ʃ"),
    ("th", "", "θ"), ("ph", "", "f"), ("wh", "", "w"), ("kn", "", "n"), ("wr", "", "ɹ"),
    ("gh", "", "ɡ"), ("ck", "", "k"), ("qu", "", "kw"), ("sc", "e", "s"), ("ng", ".", "ŋ"),
    ("nk", "", "ŋk"), ("ts", "", "ts"), ("dt", "", "t"), ("le", ".", "ᵊl"), ("es", ".", "z"),
    ("mb", ".", "m"),
    ("a", "c", "A"), ("e", "c", "i"), ("i", "c", "I"), ("o", "c", "O"), ("u", "c", "u"),
    ("a", ".", "ə"), ("e", ".", ""), ("i", ".", "i"), ("o", ".", "O"), ("u", ".", "u"),
    ("y", ".", "i"), ("a", "", "æ"), ("e", "", "ɛ"), ("i", "", "ɪ"), ("o", "", "ɑ"),
    ("u", "", "ʌ"), ("y", "v", "j"), ("y", "", "ɪ"), ("c", "e", "s"), ("c", "", "k"),
    ("g", "e", "ʤ"), ("g", "", "ɡ"), ("q", "", "ʧ"), ("x", "", "ks"), ("j", "", "ʤ"),
    ("r", "", "ɹ"), ("s", "", "s"), ("b", "", "b"), ("d", "", "d"), ("f", "", "f"),
    ("h", "", "h"), ("k", "", "k"), ("l", "", "l"), ("m", "", "m"), ("n", "", "n"),
    ("p", "", "p"), ("t", "", "t"), ("v", "", "v"), ("w", "", "w"), ("z", "", "z"),
)  # fmt: skip


def sounds_of_letters(word: str) -> str:
    """The sounds of `word` (lower case, a to z; other signs are passed over), with one stress."""
    sounds: list[str] = []
    place = 0
    while place < len(word):
        if place and word[place] == word[place - 1] and word[place] not in VOWELS:
            place += 1
            continue
        letters, made = _fitting(word, place)
        if letters == "x" and place == 0:
            made = "z"
        if letters == "e" and made == "" and not any(s in _VOWEL_SIGNS for s in "".join(sounds)):
            made = "i"  # the only vowel there is: be, me
        sounds.append(made)
        place += len(letters)
    return stressed("".join(sounds))


def _fitting(word: str, place: int) -> tuple[str, str]:
    for letters, follows, sounds in _RULES:
        if word.startswith(letters, place) and _follows(word[place + len(letters) :], follows):
            return letters, sounds
    return word[place], ""


def _follows(rest: str, wanted: str) -> bool:
    match wanted:
        case "":
            return True
        case ".":
            return not rest
        case "v":
            return rest[:1] in tuple(VOWELS)
        case "e":
            return rest[:1] in tuple("eiy")
        case _:
            return len(rest) in (2, 3) and rest[0] not in VOWELS and rest[1:] in ("e", "es", "ed")


def stressed(sounds: str) -> str:
    """The main stress before the first full vowel, or of long words the one before the last two."""
    places = [place for place, sign in enumerate(sounds) if sign in _VOWEL_SIGNS]
    full = [place for place in places if sounds[place] not in "əᵊᵻ"]
    if not places:
        return sounds
    chosen = (full or places)[0]
    if len(places) >= 4 and places[-3] in full:
        chosen = places[-3]
    return sounds[:chosen] + "ˈ" + sounds[chosen:]
