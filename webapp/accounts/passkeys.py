"""Passkeys (WebAuthn): a device proves that it holds a key, and that its owner unlocked it.

So a passkey is two factors at once. A challenge is random, short-lived, and works once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.accounts.limits import Client, SpentError
from webapp.accounts.models import Passkey, User

CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
MAX_PASSKEYS = 20
SITE_NAME = "Moment Map"
# What the library raises for what is no credential at all, besides its own.
MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


class PasskeyError(Exception):
    """A device’s answer does not prove what it should."""


@dataclass(frozen=True)
class RelyingParty:
    """The site, as passkeys know it: they work for this name and on these origins alone."""

    id: str
    origins: list[str]

    @classmethod
    def of(cls, site_origin: str) -> "RelyingParty":
        """Return the site’s; on a developer’s machine, whose address is no name, `localhost`."""
        host = urlsplit(site_origin).hostname or ""
        if not _is_loopback(host):
            return cls(host, [site_origin])
        return cls("localhost", [site_origin, site_origin.replace(host, "localhost", 1)])


@dataclass(frozen=True)
class Ceremony:
    """One asking of a device, from challenge to answer."""

    party: RelyingParty
    challenge: bytes

    @property
    def id(self) -> UUID:
        """What tells that the challenge was used."""
        return UUID(bytes=self.challenge[:16])


def new_challenge() -> bytes:
    """Return something that no device has answered yet."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def options_to_add(session: Session, user: User, ceremony: Ceremony) -> str:
    """Return, as JSON, what a browser needs to make a passkey for somebody."""
    user.passkey_handle = user.passkey_handle or secrets.token_bytes(HANDLE_BYTES)
    options = generate_registration_options(
        rp_id=ceremony.party.id,
        rp_name=SITE_NAME,
        user_id=user.passkey_handle,
        user_name=user.email,
        challenge=ceremony.challenge,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential_id)
            for each in passkeys_of(session, user)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def options_to_sign_in(ceremony: Ceremony) -> str:
    """Return, as JSON, what a browser needs to offer the passkeys that it has for the site."""
    options = generate_authentication_options(
        rp_id=ceremony.party.id,
        challenge=ceremony.challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add_passkey(
    session: Session, user: User, answer: str, *, name: str, ceremony: Ceremony, now: datetime
) -> Passkey:
    """Keep a passkey that a device has made; raises PasskeyError."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=ceremony.challenge,
            expected_rp_id=ceremony.party.id,
            expected_origin=ceremony.party.origins,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise PasskeyError from error
    is_known = session.get(Passkey, made.credential_id) is not None
    if is_known or len(passkeys_of(session, user)) >= MAX_PASSKEYS:
        raise PasskeyError
    passkey = Passkey(
        credential_id=made.credential_id, user_id=user.id, public_key=made.credential_public_key,
        sign_count=made.sign_count, name=name, created_at=now,
    )  # fmt: skip
    session.add(passkey)
    return passkey


def user_by_passkey(
    session: Session, answer: str, *, ceremony: Ceremony, client: Client, now: datetime
) -> User:
    """Return whose passkey answered; raises PasskeyError, and TooManyTriesError of limits."""
    credential = _credential(answer)
    passkey = session.get(Passkey, credential.raw_id) if credential else None
    user = session.get(User, passkey.user_id) if passkey else None
    try:
        client.note_try(session, now, user=user, once=ceremony.id)
    except SpentError as error:
        raise PasskeyError from error
    if credential is None or passkey is None or user is None or not user.active:
        raise PasskeyError
    if credential.response.user_handle not in {None, user.passkey_handle}:
        raise PasskeyError
    passkey.sign_count = _new_sign_count(credential, passkey, ceremony)
    passkey.last_used_at = now
    return user


def passkeys_of(session: Session, user: User) -> list[Passkey]:
    """Return somebody’s passkeys, the oldest first."""
    statement = select(Passkey).where(Passkey.user_id == user.id)
    return list(session.scalars(statement.order_by(Passkey.created_at, Passkey.credential_id)))


def passkey_named(session: Session, user: User, reference: str) -> Passkey | None:
    """Return one of somebody’s own passkeys by what addresses call it."""
    own = passkeys_of(session, user)
    return next((each for each in own if each.reference == reference), None)


def remove_passkeys(session: Session, user: User) -> None:
    """Forget all of somebody’s passkeys."""
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))


def challenge_of(kept: str) -> bytes:
    """Return a challenge from the form in which a session keeps it."""
    return base64url_to_bytes(kept)


def _credential(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except MALFORMED:
        return None


def _new_sign_count(
    credential: AuthenticationCredential, passkey: Passkey, ceremony: Ceremony
) -> int:
    try:
        proof = verify_authentication_response(
            credential=credential,
            expected_challenge=ceremony.challenge,
            expected_rp_id=ceremony.party.id,
            expected_origin=ceremony.party.origins,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise PasskeyError from error
    return proof.new_sign_count


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
