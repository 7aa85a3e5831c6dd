"""Accounts by Flask-Security: its users, roles and sessions, behind our own pages.

Its views are not registered. It, Flask-Login and Flask-Principal would look at the session on
every request; what does that is taken out, so that public pages stay the same for everybody and
caches can keep them. `current_user` still loads by itself where a page asks for it.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import FSQLALiteUserDatastore, Security

from webapp.accounts.models import Role, User
from webapp.accounts.sessions import init_sessions
from webapp.extensions import db

SESSION_LIFETIME = timedelta(days=30)


def init_accounts(app: Flask) -> None:
    """Give an application its users and their sessions."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        # Else every answer, a public page’s too, would set the cookie of whoever is signed in.
        SESSION_REFRESH_EACH_REQUEST=False,
        # It compares client addresses, and those of phones change all day.
        SESSION_PROTECTION=None,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    )
    security = Security()
    security.init_app(app, FSQLALiteUserDatastore(db, User, Role), register_blueprint=False)
    # Sessions alone sign in: no tokens in headers or addresses.
    security.login_manager.request_loader(lambda _request: None)
    init_sessions(app, security.login_manager)
    _leave_sessions_alone(app, security)


def _leave_sessions_alone(app: Flask, security: Security) -> None:
    manager = security.login_manager
    unwanted: tuple[tuple[list[Any], str], ...] = (
        (app.before_request_funcs[None], security.principal._on_before_request.__qualname__),
        (app.after_request_funcs[None], manager._update_remember_cookie.__qualname__),
        (app.template_context_processors[None], "_user_context_processor"),
    )
    for functions, name in unwanted:
        functions[:] = [each for each in functions if each.__qualname__ != name]
