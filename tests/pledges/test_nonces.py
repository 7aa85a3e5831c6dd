"""Nonces and receipts: signed, bound to what they are for, and of limited life."""

from datetime import timedelta

import pytest
import time_machine

from webapp.pledges.nonces import (
    Nonce,
    NonceExpiredError,
    NonceInvalidError,
    NonceSigner,
    Receipt,
    fresh_key,
)

SIGNER = NonceSigner("a-secret-that-only-the-tests-know")


def read(token: str, moment_id: int = 3, event_id: int | None = 7) -> Nonce:
    wanted = moment_id, event_id
    return SIGNER.read_if(token, lambda nonce: (nonce.moment_id, nonce.event_id) == wanted)


@pytest.mark.parametrize("event_id", [7, None])
def test_a_nonce_comes_back_as_it_was(event_id: int | None) -> None:
    nonce = Nonce.fresh(3, event_id)

    assert read(SIGNER.sign(nonce), event_id=event_id) == nonce


@pytest.mark.parametrize(("moment_id", "event_id"), [(4, 7), (3, 8), (3, None)])
def test_a_nonce_is_good_for_nothing_else(moment_id: int, event_id: int | None) -> None:
    token = SIGNER.sign(Nonce.fresh(3, 7))

    with pytest.raises(NonceInvalidError):
        read(token, moment_id, event_id)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\0", "ü" * 50, "." * 5000])
def test_made_up_nonces_are_refused(token: str) -> None:
    with pytest.raises(NonceInvalidError):
        read(token)


def test_a_cut_nonce_is_refused() -> None:
    token = SIGNER.sign(Nonce.fresh(3, 7))

    with pytest.raises(NonceInvalidError):
        read(token[:-1])


def test_a_nonce_of_another_secret_is_refused() -> None:
    token = NonceSigner("another-secret-altogether-of-length").sign(Nonce.fresh(3, 7))

    with pytest.raises(NonceInvalidError):
        read(token)


def test_a_nonce_lives_for_48_hours(clock: time_machine.Traveller) -> None:
    token = SIGNER.sign(Nonce.fresh(3, 7))

    clock.shift(timedelta(hours=47, minutes=59))
    assert read(token)
    clock.shift(timedelta(minutes=2))
    with pytest.raises(NonceExpiredError):
        read(token)


def test_a_receipt_never_expires_and_is_no_nonce(clock: time_machine.Traveller) -> None:
    nonce = Nonce.fresh(3, 7)
    receipt = Receipt(3, nonce.key)
    token = SIGNER.sign_receipt(receipt)

    clock.shift(timedelta(days=4000))
    assert SIGNER.read_receipt(token) == receipt
    with pytest.raises(NonceInvalidError):
        read(token)
    with pytest.raises(NonceInvalidError):
        SIGNER.read_receipt(SIGNER.sign(nonce))


def test_new_keys_stand_together_behind_a_first_byte_that_parts_them_evenly():
    keys = [fresh_key() for _ in range(2_000)]

    assert len(set(keys)) == len(keys)
    assert len({key.bytes[0] for key in keys}) > 240
    assert len({key.bytes[1:5] for key in keys}) <= 2  # a minute or so
