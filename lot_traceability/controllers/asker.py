"""Who asks, for counting requests: without an address kept in clear."""

import hashlib
import ipaddress


def network(address: str | None) -> str:
    """One host, or the network that is one customer in IPv6.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if known.version == 6:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def counted(kind: str, text: str) -> str:
    """The key under which a `lot.request.limit` counts."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
