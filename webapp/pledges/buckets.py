"""Buckets of addresses: a hash that tells the same from another for a day, and nothing afterwards."""

import hashlib
import hmac
import secrets
from collections.abc import Container
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from webapp.database import utc_now
from webapp.pledges.sides import BucketSalt, Side, Signal

LENGTH_OF_SALT, LENGTH_OF_BUCKET = 32, 12
# How many bits of an address one household or one device has, and one small network.
NARROW = {4: 32, 6: 64}
WIDE = {4: 24, 6: 48}
# An address from within tells nothing of who asks: a proxy stands there that was not declared.
WITHIN = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)  # fmt: skip


BUCKETS = "pledge_buckets"


class Buckets:
    """Makes buckets; keeps the salt of the present day, which all processes share."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_day: tuple[date, bytes] | None = None

    def side(self, remote_address: str | None, signals: int) -> Side:
        """Return the side of a pledge from an address."""
        address = _address(remote_address)
        if address is None:
            return Side(None, None, signals)
        salt = self._salt(utc_now().date())
        return Side(_hashed(salt, address, NARROW), _hashed(salt, address, WIDE), signals)

    def _salt(self, day: date) -> bytes:
        kept = self._of_day
        if kept is None or kept[0] != day:
            # Two threads may both do this: they find the same salt.
            kept = self._of_day = day, self._salt_of(day)
        return kept[1]

    def _salt_of(self, day: date) -> bytes:
        fresh = {"day": day, "salt": secrets.token_bytes(LENGTH_OF_SALT)}
        with self._engine.begin() as connection:
            connection.execute(insert(BucketSalt).values(fresh).on_conflict_do_nothing())
            return connection.execute(
                select(BucketSalt.salt).where(BucketSalt.day == day)
            ).scalar_one()


def signals_of(*, origin: str | None, own: Container[str], trap: str, is_quick: bool) -> Signal:
    """Return what is odd about a pledge that is taken all the same."""
    signals = Signal(0)
    if trap:
        signals |= Signal.TRAPPED
    if origin is None:
        signals |= Signal.NO_ORIGIN
    elif origin not in own:
        signals |= Signal.FOREIGN
    return signals | Signal.QUICK if is_quick else signals


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    is_within = any(address in network for network in WITHIN)
    return None if is_within or address.is_loopback or address.is_link_local else address


def _hashed(salt: bytes, address: IPv4Address | IPv6Address, bits: dict[int, int]) -> bytes:
    network = ip_network(f"{address}/{bits[address.version]}", strict=False)
    return hmac.digest(salt, str(network).encode(), hashlib.sha256)[:LENGTH_OF_BUCKET]
