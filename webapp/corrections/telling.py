"""Tell the other members of staff that a decision waits for one of them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.accounts.actions import all_staff
from webapp.corrections.models import PledgeDecision
from webapp.outbox import post_mail

IS_NEWS_FOR = timedelta(days=1)


def tell_second_people(session: Session, decision: PledgeDecision, now: datetime) -> None:
    """Write to all who may confirm a decision: staff, but not who asked for it."""
    for person in all_staff(session):
        if person.id != decision.asked_by_id:
            post_mail(
                session,
                "decision_waits",
                to=person.email,
                language=person.language,
                send_before=now + IS_NEWS_FOR,
                number=str(decision.id),
                kind=decision.kind,
                moment_name=decision.moment.name(person.language),
                people=str(decision.heads),
            )
