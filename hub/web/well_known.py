"""What machines look for first: the API catalogue of RFC 9727, and the links of the home page that lead to it."""

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.views import View
from hub.web.answer import HOUR, answer
from hub.web.site import Site

PATH = "/.well-known/api-catalog"
MEDIA_TYPE = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


def routes(site: Site) -> APIRouter:
    """Return the route of the API catalogue."""
    router = APIRouter()
    body = orjson.dumps(_linkset(site), option=orjson.OPT_INDENT_2)
    link = f'<{site.address}{PATH}>; rel="api-catalog"'

    @router.get(
        PATH,
        response_class=Response,
        summary="The interfaces of this hub (RFC 9727)",
        responses={
            200: {"description": "A set of links (RFC 9264).", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}},
            304: {"description": "It is the one you have."},
        },
    )
    def api_catalog(request: Request) -> Response:
        """Every change feed, and what describes them."""
        told = answer(request, body, MEDIA_TYPE, cache=HOUR)
        told.headers["link"] = link
        return told

    return router


def home_links(site: Site) -> str:
    """Return the Link header of the home page: what describes this hub, for machines and for people."""
    links = (
        ("/openapi.json", "service-desc", "application/json"),
        ("/#follow", "service-doc", "text/html"),
        ("/status", "status", "text/html"),
        ("/catalog", "describedby", "application/ld+json"),
        (PATH, "api-catalog", "application/linkset+json"),
    )
    return ", ".join(f'<{site.address}{path}>; rel="{name}"; type="{kind}"' for path, name, kind in links)


def _linkset(site: Site) -> dict[str, object]:
    items = [_item(site, view) for view in site.followed]
    return {
        "linkset": [
            {"anchor": f"{site.address}{PATH}", "item": items},
            *({"anchor": item["href"], **_described(site)} for item in items),
        ]
    }


def _item(site: Site, view: View) -> dict[str, str]:
    """Return the link to a view's change feed; of one that is read with a key it says so."""
    told = {} if view.access == "public" else {"title": f"{view.id}: read with a key"}
    return {"href": f"{site.address}/feeds/{view.id}", **told}


def _described(site: Site) -> dict[str, object]:
    return {
        "service-desc": [{"href": f"{site.address}/openapi.json", "type": "application/json"}],
        "service-doc": [{"href": f"{site.address}/#follow", "type": "text/html"}],
        "service-meta": [{"href": f"{site.address}/catalog", "type": "application/ld+json"}],
        "status": [{"href": f"{site.address}/status.json", "type": "application/json"}],
        "license": [{"href": site.licence}],
    }
