"""The published JSON of an opportunity, made once; the JSON-LD context and the address are added when it is served."""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from hub.model.derivation import Derivation
from hub.model.jsonld import schema_type
from hub.model.listing import Listing
from hub.model.opportunity import utc
from hub.pipeline.prepare import Prepared
from hub.pipeline.quality import quality_json
from hub.pipeline.source import Source

_DIGEST = 16


def opportunity_id(source: str, local_id: str) -> str:
    """Return the id an opportunity gets when this listing is its first: the same in every rebuild of the store.

    A UUID of version 8 (RFC 9562, 5.8), made from the digest of source and local id.
    """
    made = hashlib.sha256(f"{source}\n{local_id}".encode()).hexdigest()
    return f"{made[:8]}-{made[8:12]}-8{made[13:16]}-a{made[17:20]}-{made[20:32]}"


def listing_json(listing: Listing) -> bytes:
    """Return the listing as published, without what the hub adds."""
    return listing.__pydantic_serializer__.to_json(listing, by_alias=True, exclude_defaults=True)


def content_digest(content: bytes, prepared: Prepared, said: bytes) -> bytes:
    """Return the digest that tells a real change from none: what readers see, the clocks left out."""
    marks = f"{prepared.provenance or ''};{' '.join(prepared.references)};" + "".join(
        f"{found.code}:{found.field};" for found in prepared.warnings
    )
    return hashlib.sha256(b"\0".join((said, marks.encode(), content))).digest()[:_DIGEST]


def body(content: bytes, prepared: Prepared, reference: dict[str, Any]) -> bytes:
    """Return the published JSON: the listing, its kind and type, its sources and its quality."""
    listing = prepared.listing
    return b"".join(
        (
            b'{"@type":"',
            schema_type(listing).encode(),
            b'","kind":"',
            listing.kind.value.encode(),
            b'",',
            content[1:-1],
            b',"status":"active","listings":[',
            orjson.dumps(reference),
            b'],"quality":',
            quality_json(listing, prepared.warnings),
            *derived_json(prepared.derivations),
            b"}",
        )
    )


def derived_json(derivations: Sequence[Derivation]) -> tuple[bytes, ...]:
    """Return the parts of the published JSON that say what was derived; none where nothing was."""
    if not derivations:
        return ()
    told = [found.model_dump(mode="json", by_alias=True, exclude_defaults=True) for found in derivations]
    return b',"derived":', orjson.dumps(told)


def reference(
    source: Source, local_id: str, prepared: Prepared, *, first_seen: str, content_changed: str
) -> dict[str, Any]:
    """Return where the listing comes from (`hub.model.opportunity.SourceRef`), absent parts left out."""
    modified = prepared.partner_modified
    said = {
        "source": source.id,
        "partner": source.partner,
        "localId": local_id,
        "url": prepared.listing.url,
        "licence": source.licence,
        "attribution": source.attribution,
        "provenance": prepared.provenance,
        "references": prepared.references or None,
        "partnerModified": utc(modified) if modified else None,
        "contentChanged": content_changed,
        "firstSeen": first_seen,
    }
    return {name: value for name, value in said.items() if value is not None}
