"""Words as the index knows them: lower case, without accents; and the stems that make one word of its forms."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

LONGEST = 40  # letters; longer ones are keys and hashes, which nobody searches
STEMMERS: Mapping[str, str] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
WORD = re.compile(r"[^\W_]+")  # in text that is `folded`: the runs of letters and digits that the index splits at
_ACCENTED = re.compile("[\u00c0-\u024f]")
_LATIN = (chr(code) for code in range(0xC0, 0x250))
_PLAIN = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in _LATIN}


def folded(text: str) -> str:
    """The text without capitals and accents, letter for letter: "Éditions" is "editions"."""
    plain = text if text.isascii() or not _ACCENTED.search(text) else text.translate(_PLAIN)
    lower = plain.lower()
    return lower if len(lower) == len(text) else plain


def index_words(text: str) -> list[str]:
    """The words of a text exactly as the index knows them, where one letter may become two (ß, æ)."""
    return analyzer().analyze(text)


def analyzer() -> TextAnalyzer:
    """What splits and folds the texts of the index."""
    return _folding().build()


def stems(words: Sequence[str], language: str) -> list[str]:
    """The stem of each word, in a language that has a stemmer; else the words themselves."""
    stemmer = STEMMERS.get(language.partition("-")[0].lower())
    if not stemmer:
        return list(words)
    found = _folding().filter(Filter.stemmer(stemmer)).build().analyze("\n".join(words))
    return found if len(found) == len(words) else list(words)


def _folding() -> TextAnalyzerBuilder:
    split = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST))
    return split.filter(Filter.lowercase()).filter(Filter.ascii_fold())
