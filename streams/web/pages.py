"""The pages: `/` the flow, `/live`, `/ready`, `/metrics`; each but the last as JSON too."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp.web import Response
from faust.web import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.metrics import Metrics
from streams.watch import Watch
from streams.web.server import plain

HERE: Final = Path(__file__).parent

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
)


def add_pages(app: Any, watch: Watch, metrics: Metrics) -> None:
    """Add all pages to the app's web server."""
    style = (HERE / "static" / "newsflag.css").read_bytes()

    async def flow(_: Any, request: Request) -> Response:
        """The flow: stages with rate, true lag and results, and the model processes."""
        snapshot = watch.snapshot()
        if wants_json(request):
            return plain(orjson.dumps(asdict(snapshot)), "application/json")
        return plain(TEMPLATES.get_template("flow.html").render(flow=snapshot), "text/html")

    async def live(_: Any, __: Request) -> Response:
        """200 while the worker's event loop answers."""
        return plain(b'{"live":true}', "application/json")

    async def ready(_: Any, __: Request) -> Response:
        """200 while the worker consumes, else 503; with the reason."""
        is_ready, reason = watch.readiness()
        body = orjson.dumps({"ready": is_ready, "reason": reason})
        return plain(body, "application/json", 200 if is_ready else 503)

    async def measured(_: Any, __: Request) -> Response:
        """All metrics in Prometheus' text format."""
        watch.refresh()
        return Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def stylesheet(_: Any, __: Request) -> Response:
        """The one stylesheet."""
        return plain(style, "text/css")

    for path, view in (
        ("/", flow),
        ("/live", live),
        ("/ready", ready),
        ("/metrics", measured),
        ("/static/newsflag.css", stylesheet),
    ):
        app.page(path, name=view.__name__)(view)


def wants_json(request: Any) -> bool:
    """Whether a program asks: by `Accept: application/json` or `?format=json`."""
    if request.query.get("format") == "json":
        return True
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept
