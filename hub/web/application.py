"""The web application, put together from its parts."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from hub.web import (
    catalogue,
    contract,
    description,
    feeds,
    files,
    listings,
    pages,
    previews,
    reports,
    sitemap,
    webhooks,
    well_known,
)
from hub.web.access.gate import Gate
from hub.web.access.porter import Porter
from hub.web.deprecation import Deprecating
from hub.web.feeds import events
from hub.web.feeds.kept import KeptPages
from hub.web.intake import Modest
from hub.web.middleware import Careful, HeadAsGet
from hub.web.pages import home, opportunities, status, views
from hub.web.problems import Unforeseen, explain_errors
from hub.web.problems import pages as problem_pages
from hub.web.site import Site
from hub.web.webhooks import pages as webhook_pages

_SUMMARY = "Vacancies and programmes of inclusive employment, as one feed that any portal can follow."


def app(site: Site) -> ASGIApp:
    """Return the application that shows this hub."""
    # The documentation pages that FastAPI brings load scripts from elsewhere, so they stay off.
    web = FastAPI(
        title=site.title.get("en", next(iter(site.title.values()))),
        summary=_SUMMARY,
        version=site.version,
        servers=[{"url": site.address}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    web.state.address = site.address
    kept, porter = KeptPages(site.database), Porter(site)
    for part in (
        home,
        opportunities,
        listings,
        previews,
        description,
        catalogue,
        well_known,
        problem_pages,
        reports,
        sitemap,
        status,
        views,
        files,
    ):
        web.include_router(part.routes(site))
    web.include_router(feeds.routes(site, kept))
    web.include_router(events.routes(site, kept))
    if site.hooks:
        web.include_router(webhooks.routes(site, site.hooks))
        web.include_router(webhook_pages.routes(site, site.hooks))
    web.include_router(pages.static_routes())
    web.include_router(contract.routes(web, site))
    explain_errors(web)
    web.add_middleware(Modest)
    web.add_middleware(Gate, site=site, porter=porter)
    web.add_middleware(Unforeseen)
    web.add_middleware(Deprecating)
    web.add_middleware(Careful)
    web.add_middleware(HeadAsGet)
    return feeds.QuickFeeds(web, site=site, kept=kept, porter=porter)
