"""Short texts that a person reads, in each language the device speaks."""

from enum import StrEnum

from msgspec import Struct


class Language(StrEnum):
    """Languages the device understands and answers in."""

    ENGLISH = "en"
    CHINESE = "zh"


class Words(Struct, frozen=True):
    """One text in every language; templates hold `{name}` places."""

    en: str
    zh: str

    def said_in(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language is Language.CHINESE else self.en

    def filled(self, **values: object) -> "Words":
        """The text with its places filled alike in every language. Raises KeyError for a place
        that has no value."""
        return Words(self.en.format(**values), self.zh.format(**values))
