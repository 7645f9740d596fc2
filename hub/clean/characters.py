"""Characters that nobody sees and that programs trip over: controls, marks of width zero and of direction."""

import re

# Marks of width zero and of direction, soft hyphens, byte order marks, and what has no meaning in Unicode at all.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
    # Joiners shape Arabic and Indic letters and join emoji; beside a Latin letter or a mark they only hide.
    "|(?<=[!-~\xa1-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[!-~\xa1-\u024f])"
)
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
# Bytes 80 to 9f of Windows-1252 that were read as Latin-1: nobody writes C1 controls.
_MISREAD = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}
} | dict.fromkeys((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def without_unseen(text: str) -> str:
    """Return a text without characters that nobody sees, its lines ended alike; the same object when it is clean."""
    if text.isprintable() or not _ODD.search(text):
        return text
    return _UNSEEN.sub("", _BREAKS.sub("\n", text).translate(_MISREAD))
