"""The command line of accounts."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from webapp.accounts.models import User


def test_make_staff_makes_an_account_where_there_is_none(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "make-staff", "Boss@Example.org"])
    assert result.exit_code == 0, result.output
    assert "boss@example.org is staff now" in result.output
    assert session.execute(select(User)).unique().scalar_one().is_staff


def test_make_staff_of_somebody_known_changes_that_account(app: Flask, session: Session) -> None:
    user = make_user(session, email="boss@example.org")
    session.commit()
    app.test_cli_runner().invoke(args=["accounts", "make-staff", "boss@example.org"])
    session.refresh(user)
    assert user.is_staff


def test_make_staff_of_no_address_is_one_sentence(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "make-staff", "nobody"])
    assert result.exit_code == 1
    assert result.output == "Error: 'nobody' is not an e-mail address.\n"
