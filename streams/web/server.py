"""The web server of a worker: Faust's, without its own pages and with strict headers."""

from collections.abc import MutableMapping
from typing import Any, ClassVar, Final, cast

from aiohttp.web import Request, Response, StreamResponse
from faust.web.drivers import aiohttp as driver

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class NewsflagWeb(driver.Web):
    """Faust's web server with our pages only."""

    # Faust's own pages show table data, routes and internals to anybody.
    default_blueprints: ClassVar[Any] = ()
    production_blueprints: ClassVar[Any] = ()
    debug_blueprints: ClassVar[Any] = ()
    optional_blueprints: ClassVar[Any] = ()

    # Pages answer at once; a worker that is told to stop has ten seconds in all.
    handler_shutdown_timeout = 2.0

    def __init__(self, app: Any, **kwargs: Any) -> None:
        super().__init__(app, **kwargs)
        self.web_app.on_response_prepare.append(_harden)


async def _harden(_: Request, response: StreamResponse) -> None:
    cast("MutableMapping[str, str]", response.headers).update(SECURITY_HEADERS)


def plain(body: str | bytes, content_type: str, status: int = 200) -> Response:
    """A response of ours: UTF-8 bytes of one content type, such as `text/css`."""
    data = body.encode() if isinstance(body, str) else body
    return Response(body=data, status=status, content_type=content_type, charset="utf-8")
