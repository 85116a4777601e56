"""The words of an HTML page, in lines as a reader would see them."""

import html
import re

import nh3

_LONGEST = 1_000_000
_MOST_TAGS = 15_000
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "pre",
        "hr",
    )
)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_CELL_END = re.compile(r"</t[dh]>")
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})>")
_TAG = re.compile(r"<[^>]*>")
_TAGS = {*_BLOCKS, "a", "td", "th"}


def text_in(page: str) -> str:
    """The page's text; links keep their address, scripts and styles leave nothing."""
    clean = nh3.clean(
        "<".join(page[:_LONGEST].split("<", _MOST_TAGS)[:_MOST_TAGS]),
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    clean = " ".join(clean.split())
    clean = _LINK.sub(_link, clean)
    clean = _BLOCK.sub("\n", _CELL_END.sub(" ", clean))
    lines = (" ".join(line.split()) for line in html.unescape(_TAG.sub("", clean)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _link(found: re.Match[str]) -> str:
    address, words = found[1], _TAG.sub("", found[2]).strip()
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    return words if not address or bare in words else f"{words} ({bare})"
