"""One spelling for each address: of mail, and of whoever asks."""

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from email_validator import validate_email


def normalise_email(text: str) -> str:
    """Return the one spelling of an e-mail address: ASCII, lower case; raises ValueError."""
    checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    return (checked.ascii_email or checked.normalized).lower()


def client_bucket(remote_address: str | None) -> str:
    """Return what counts as one client: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        address = ip_address(remote_address or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped: IPv4Address | None = address.ipv4_mapped
        return str(mapped or IPv6Network((address, 64), strict=False))
    return str(address)


def keyed_hash(secret_key: str, purpose: str, *parts: str) -> bytes:
    """Return a hash that means nothing without the key; `purpose` keeps uses apart."""
    message = "\0".join((purpose, *parts)).encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
