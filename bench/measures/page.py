"""The weight of the first page."""

import gzip
import re
from http.client import HTTPConnection

from bench.figures import Figure
from bench.world import World

SCRIPT = re.compile(r'<script[^>]+src="([^"]+)"|<link[^>]+modulepreload[^>]+href="([^"]+)"')
STYLE = re.compile(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"')


def measure(world: World) -> list[Figure]:
    """Bytes as they come over the line, compressed, of the page after logging in."""
    html = _get(world, "/contacts")[0].decode()
    scripts = {a or b for a, b in SCRIPT.findall(html)}
    styles = set(STYLE.findall(html))
    weights = {url: _get(world, url)[1] for url in scripts | styles}
    script = sum(weights[url] for url in scripts) / 1000
    style = sum(weights[url] for url in styles) / 1000
    return [
        Figure("page", "script of a page, gzip", script, "kB", 100, note=f"{len(scripts)} files"),
        Figure("page", "style of a page, gzip", style, "kB", 20, note=f"{len(styles)} files"),
        Figure("page", "the page itself, gzip", len(gzip.compress(html.encode())) / 1000, "kB"),
    ]


def _get(world: World, path: str) -> tuple[bytes, int]:
    """The body, and how many bytes came."""
    link = HTTPConnection(*world.product.address)
    link.request("GET", path, headers={"Cookie": world.cookie, "Accept-Encoding": "gzip"})
    answer = link.getresponse()
    body = answer.read()
    plain = gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body
    return plain, len(body)
