"""Addresses of the web as people and programs write them, whatever these are."""

from urllib.parse import SplitResult, urlsplit

NOWHERE = SplitResult("", "", "", "", "")


def parted(address: str) -> SplitResult:
    """The parts of an address; none of what is no address, such as `http://[`."""
    try:
        return urlsplit(address)
    except ValueError:
        return NOWHERE
