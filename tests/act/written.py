"""Rules as a policy file holds them."""


def written(rule: str, *, name: str = "R99-test", number: str = "99") -> str:
    """`rule` with all the notes that a rule needs."""
    return f'@id("{name}") @rule("{number}") @source("test") @says("words") @says_zh("话") {rule}'
