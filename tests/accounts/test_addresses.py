"""One spelling for each address."""

import pytest

from webapp.accounts.addresses import client_bucket, keyed_hash, normalise_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("A.Person@Example.ORG", "a.person@example.org"),
        ("x@bücher.example.com", "x@xn--bcher-kva.example.com"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize("typed", ["", "a", "a@b", "a@b@c.org", "a\x00@example.org"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normalise_email(typed)


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_one_client_is_one_address_or_one_home_network(address: str | None, bucket: str) -> None:
    assert client_bucket(address) == bucket


def test_a_hash_depends_on_key_purpose_and_every_part() -> None:
    hashes = {
        keyed_hash("key", "code", "a", "b"),
        keyed_hash("other", "code", "a", "b"),
        keyed_hash("key", "email", "a", "b"),
        keyed_hash("key", "code", "ab"),
        keyed_hash("key", "code", "a", "c"),
    }
    assert len(hashes) == 5
