"""From where the present request came: for the audit log and the limits."""

import ipaddress
from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("circulo_address", default=None)


def address() -> str | None:
    """The network address behind what is being done; None for a command or a job."""
    return _address.get()


def come_from(value: str | None) -> None:
    """State the address of the present request."""
    _address.set(value)


def peer_of(remote: str, forwarded: str, proxies: int) -> str | None:
    """The address of the client: the one the nearest trusted proxy saw.

    Without proxies of ours `X-Forwarded-For` is only what the client says, and is not looked at.
    """
    seen = [part.strip() for part in forwarded.split(",")] if proxies and forwarded else []
    text = seen[-min(proxies, len(seen))] if seen else remote
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def network_of(value: str | None) -> str:
    """The network that counts as one client: an IPv4 address, or a /64 of IPv6."""
    if value is None or ":" not in value:
        return value or ""
    return str(ipaddress.ip_network((value, 64), strict=False))
