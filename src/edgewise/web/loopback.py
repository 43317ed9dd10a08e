"""Which addresses are of this machine alone."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address; of names only localhost is taken as such."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
