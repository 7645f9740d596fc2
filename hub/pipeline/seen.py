"""Which of the store's listings a run has met; one byte each, so memory stays flat."""

_STEP = 4096


class Seen:
    """A set of listing numbers."""

    def __init__(self) -> None:
        self._marks = bytearray()

    def __contains__(self, listing: int) -> bool:
        return listing < len(self._marks) and self._marks[listing] == 1

    def add(self, listing: int) -> bool:
        """Remember a listing, and say whether it is new."""
        if listing in self:
            return False
        if listing >= len(self._marks):
            self._marks.extend(bytes(listing + _STEP - len(self._marks)))
        self._marks[listing] = 1
        return True
