"""How words are compared: whatever their capitals and spaces, and for whole words whatever their accents."""

import unicodedata


def folded(word: str) -> str:
    """Return a word as it is compared."""
    return " ".join(word.split()).casefold()


def bare(words: str) -> str:
    """Return words as they are compared without accents and with plain apostrophes."""
    plain = "".join(char for char in unicodedata.normalize("NFD", words) if not unicodedata.combining(char))
    return folded(plain.replace("’", "'"))
