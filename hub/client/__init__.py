"""The one door to partners and files: nothing else in the hub opens a connection."""

from hub.client.answer import PartnerAnswer
from hub.client.credentials import Tokens
from hub.client.document import ArchivedDocument
from hub.client.exchange import Exchange
from hub.client.http import PartnerClient
from hub.client.job import PartnerJob
from hub.client.limits import Limits

__all__ = ["ArchivedDocument", "Exchange", "Limits", "PartnerAnswer", "PartnerClient", "PartnerJob", "Tokens"]
