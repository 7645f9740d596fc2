"""Webhooks as Standard Webhooks has them: what is sent, how it is signed, when again, and what an answer means.

Nothing here reads a clock, draws lots or opens a connection by itself: all that is given.
"""

from hub.push.events import ASKABLE, EVENTS, body
from hub.push.judging import GONE, Answer, Verdict, judge, proves
from hub.push.schedule import PAUSES, PROOF_PAUSES, next_pause
from hub.push.signing import headers, new_secret
from hub.push.tokens import PREFIX, Token, digest, is_token, new_identifier, new_token
from hub.push.vault import Vault

__all__ = [
    "ASKABLE",
    "EVENTS",
    "GONE",
    "PAUSES",
    "PREFIX",
    "PROOF_PAUSES",
    "Answer",
    "Token",
    "Vault",
    "Verdict",
    "body",
    "digest",
    "headers",
    "is_token",
    "judge",
    "new_identifier",
    "new_secret",
    "new_token",
    "next_pause",
    "proves",
]
