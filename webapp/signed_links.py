"""Links in mails that let whoever has the mail do one thing without signing in.

A token names its purpose and what it is about, so that one for hiding an event reports no headcount.
"""

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

# Longer than the months between listing an event and the day after it.
VALID_SECONDS = 400 * 24 * 3600


def sign(secret_key: str, purpose: str, subject: str) -> str:
    """Return a token for one purpose about one thing."""
    return str(URLSafeTimedSerializer(secret_key, salt=f"link-{purpose}").dumps(subject))


def read(secret_key: str, purpose: str, token: str) -> str | None:
    """Return what a token is about; None where it is cut, made up, too old or for another purpose."""
    try:
        signer = URLSafeTimedSerializer(secret_key, salt=f"link-{purpose}")
        return str(signer.loads(token, max_age=VALID_SECONDS))
    except (BadSignature, SignatureExpired):
        return None
