"""The code by e-mail that comes last, when the event is already written."""

from uuid import UUID

from flask import current_app, request, session
from sqlalchemy.orm import Session

from webapp.accounts.actions import SignIn, TooManyCodesError, ask_for_code, try_code
from webapp.accounts.addresses import client_bucket, normalise_email
from webapp.database import utc_now
from webapp.language import current_language

# Not kept by signing in: by then the code is used up.
PENDING = "host_code"


def send_code(database: Session, draft_id: UUID, typed: str) -> bool:
    """Send a code to an address that was typed; False where too many were sent."""
    email = normalise_email(typed)
    try:
        code_id = ask_for_code(
            database,
            email,
            client=client_bucket(request.remote_addr),
            language=current_language(),
            secret_key=current_app.config["SECRET_KEY"],
            now=utc_now(),
        )
    except TooManyCodesError:
        return False
    session[PENDING] = {"draft": str(draft_id), "code": str(code_id), "email": email}
    return True


def awaited_at(draft_id: UUID) -> str | None:
    """Return the address that a code was sent to for a draft; None where none was."""
    pending = session.get(PENDING)
    return pending["email"] if pending and pending["draft"] == str(draft_id) else None


def try_typed(database: Session, code: str) -> SignIn:
    """Try the code that was typed."""
    pending = session[PENDING]
    return try_code(
        database,
        UUID(pending["code"]),
        pending["email"],
        code,
        language=current_language(),
        secret_key=current_app.config["SECRET_KEY"],
        now=utc_now(),
    )
