"""The contract between the hub and an adapter: what an adapter is given, and what it gives back.

An adapter knows one partner's format. `fetch` may use the network and yields what the partner says, record by record,
each with the partner's own id. `normalise` is pure: the same record always gives the same listing.
"""

from hub.adapter.access import ApiKey, Authentication, Basic, Bearer, ClientCertificate, ClientCredentials, Login, Rate
from hub.adapter.adapter import Adapter, OptionsT
from hub.adapter.fetched import Complete, Duplicate, Fetched, Incomplete, RawRecord, Refused, Withdrawal
from hub.adapter.job import Answer, Client, Document, ItemT, Job, ResultT
from hub.adapter.normalised import Normalised
from hub.adapter.options import Options

__all__ = [
    "Adapter",
    "Answer",
    "ApiKey",
    "Authentication",
    "Basic",
    "Bearer",
    "Client",
    "ClientCertificate",
    "ClientCredentials",
    "Complete",
    "Document",
    "Duplicate",
    "Fetched",
    "Incomplete",
    "ItemT",
    "Job",
    "Login",
    "Normalised",
    "Options",
    "OptionsT",
    "Rate",
    "RawRecord",
    "Refused",
    "ResultT",
    "Withdrawal",
]
