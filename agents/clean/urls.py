"""Addresses into the canonical one and the key that an article's id is made of.

courlan scrubs and normalises; what it would drop from queries (whatever holds `id` or `source`)
can be all that names an article, so queries are filtered here, by whole names.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    unquote,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

from courlan import extract_domain, normalize_url, scrub_url

from .rules import URLS

MAX_CHARS: Final = 2_000
MAX_ROUNDS: Final = 6

_TRACKING: Final = frozenset(URLS["tracking"])
_TRACKING_PREFIXES: Final = tuple(URLS["tracking_prefixes"])
_FORMS: Final = frozenset(URLS["forms"])
_LABELS: Final = frozenset(URLS["host_labels"])
_SEGMENTS: Final = frozenset(URLS["path_segments"])
_ENDINGS: Final = tuple(URLS["path_endings"])
_ROUTES: Final = tuple(URLS["fragment_routes"])
_FRONT: Final = frozenset(URLS["front_pages"])
_AMP_CACHES: Final = ("cdn.ampproject.org", "google.com/amp/", "bing-amp.com")


def canonical(url: str | None) -> str | None:
    """The form of an address that all its variants share; None if it is no web address.

    Always `https`, without tracking, fragment, default port, trailing slash, and mobile or AMP
    parts. Idempotent.
    """
    # Taking one part off can lay bare another (`/amp/&`); hardly an address needs a third round.
    for _ in range(MAX_ROUNDS):
        found = _once(url)
        if found is None or found == url:
            return found
        url = found
    return None


def choose(url: str | None, declared: Iterable[str | None]) -> str | None:
    """The article's canonical address.

    Args:
        url: Where it was fetched.
        declared: What the page says of itself (`rel=canonical`, `og:url`), the best first. What
            points at a front page or another site is not believed.
    """
    own = canonical(url)
    own_site = site(own)
    for candidate in declared:
        joined = urljoin(url, candidate.strip()) if url and candidate else candidate
        found = canonical(joined)
        if found and not is_front(found) and (own is None or site(found) == own_site):
            return found
    return own


def key(canonical_url: str) -> str:
    """What the id is made of: host without `www`, and the rest."""
    return canonical_url.removeprefix("https://").removeprefix("www.")


def is_front(url: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.lower().split("/") if segment]
    return (
        not parts.query
        and not parts.fragment.startswith(_ROUTES)
        and (not segments or (len(segments) == 1 and segments[0] in _FRONT))
    )


def site(url: str | None) -> str | None:
    """The registrable domain; the last two labels where the list of suffixes knows no better."""
    if not url:
        return None
    host = urlsplit(url).hostname or ""
    return extract_domain(url) or ".".join(host.split(".")[-2:]) or None


def _once(url: str | None) -> str | None:
    parts = _split(url)
    if parts is None:
        return None
    parts = _out_of_cache(parts)
    host = _host(parts)
    if not host:
        return None
    query = _query(parts.query)
    fragment = parts.fragment if parts.fragment.startswith(_ROUTES) else ""
    return urlunsplit(("https", host, _path(parts.path), query, fragment))


def _split(url: str | None) -> SplitResult | None:
    if not url or len(url) > MAX_CHARS:
        return None
    try:
        parts = urlsplit(scrub_url(url.encode("utf-8", "ignore").decode("utf-8")))
        if parts.scheme.lower() not in {"http", "https"} or "." not in (parts.hostname or ""):
            return None
        _ = parts.port
    except ValueError:
        return None
    return parts


def _out_of_cache(parts: SplitResult) -> SplitResult:
    """The publisher's own address out of that of an AMP cache."""
    joined = f"{parts.netloc}{parts.path}".lower()
    if not any(cache in joined for cache in _AMP_CACHES):
        return parts
    segments = [segment for segment in parts.path.split("/") if segment]
    while segments and segments[0] in {"c", "v", "s", "i", "amp"}:
        segments.pop(0)
    if not segments or "." not in segments[0]:
        return parts
    return parts._replace(netloc=segments[0], path="/" + "/".join(segments[1:]))


def _host(parts: SplitResult) -> str:
    """Lower case, without user, default port and mobile label; Unicode, as courlan gives it."""
    bare = parts._replace(path="", query="", fragment="", netloc=parts.netloc.rsplit("@", 1)[-1])
    try:
        host = urlsplit(normalize_url(bare)).netloc.rstrip(".")
    except ValueError:
        return ""
    host = host.removesuffix(":443").removesuffix(":80")
    labels = host.split(".")
    if len(labels) > 2:
        slimmed = [
            label
            for place, label in enumerate(labels)
            if not (label in _LABELS and place < len(labels) - 2 and place <= 1)
        ]
        if site("https://" + ".".join(slimmed)) == site("https://" + host):
            labels = slimmed
    return ".".join(labels)


def _query(query: str) -> str:
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name.lower() not in _TRACKING
        and not name.lower().startswith(_TRACKING_PREFIXES)
        and f"{name}={value}".lower() not in _FORMS
    ]
    return urlencode(sorted(kept))


def _path(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment not in {"", "."}]
    # An accelerated copy is marked at either end, but a page called /amp alone is a page.
    while len(segments) > 1 and segments[-1].lower() in _SEGMENTS:
        segments.pop()
    while len(segments) > 1 and segments[0].lower() in _SEGMENTS:
        segments.pop(0)
    if segments:
        for ending in _ENDINGS:
            if segments[-1].lower().endswith(ending) and len(segments[-1]) > len(ending):
                stem = segments[-1][: -len(ending)]
                segments[-1] = stem + (".html" if ending.endswith((".html", ".htm")) else "")
    quoted = [quote(unquote(segment), safe="!$&'()*+,;=:@~") for segment in segments]
    return "/" + "/".join(quoted)
