"""The one door to partners and files: nothing else in the hub opens a connection."""

from hub.client.answer import PartnerAnswer
from hub.client.authentication.tokens import Tokens
from hub.client.document import ArchivedDocument
from hub.client.exchange import Exchange
from hub.client.http import PartnerClient
from hub.client.job import PartnerJob
from hub.client.limits import Limits
from hub.client.pace import Paces
from hub.client.reach import Reach

__all__ = [
    "ArchivedDocument",
    "Exchange",
    "Limits",
    "Paces",
    "PartnerAnswer",
    "PartnerClient",
    "PartnerJob",
    "Reach",
    "Tokens",
]
