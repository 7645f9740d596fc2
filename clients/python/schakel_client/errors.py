"""What can go wrong, by what can be done about it. Every message says what, where and what to do."""


class FollowError(Exception):
    """Following ended; what was saved stays saved, and following again goes on from there."""


class Unavailable(FollowError):
    """The hub does not answer now; try again later.

    Args:
        message: what happened and where.
        after: seconds the hub asks to wait, if it says so.
    """

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Malformed(FollowError):
    """What came is no page of a change feed; nothing of it was taken over."""


class Refused(FollowError):
    """The hub refuses what is asked; asking again changes nothing."""


class StateError(FollowError):
    """The position cannot be read, or cannot be saved safely."""


class WebhookRefused(Exception):
    """What came does not prove to be from the hub, or not to be recent: answer 400 and do nothing with it."""
