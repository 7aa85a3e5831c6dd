"""The command line of events: `flask events …`."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.events.event_file import EventFileError, read_event_file
from webapp.events.import_events import EventImport, EventsReport
from webapp.events.rejects import write_rejects
from webapp.extensions import db
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.progress import progress_bar


@click.group()
def events() -> None:
    """List many events at once."""


@events.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--group", "group_slug", required=True, help="Who hosts them: the group’s slug.")
@click.option("--moment", "moment_slug", required=True, help="The moment’s slug.")
@click.option("--shift-into-moment", is_flag=True, help="Move them into the moment’s week.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where to write refused rows; FILE’s name with .rejects.csv in this folder otherwise.",
)
@with_appcontext
def import_file(
    file: Path, group_slug: str, moment_slug: str, shift_into_moment: bool, rejects: Path | None
) -> None:
    """List an event for each row of a CSV file, all or nothing; safe to repeat."""
    group, moment = _group(group_slug), _moment(moment_slug)
    try:
        rows = read_event_file(file)
    except EventFileError as error:
        raise click.ClickException(str(error)) from None
    run = EventImport(db.session, group=group, moment=moment, shift_into_moment=shift_into_moment)
    with progress_bar("Events", len(rows)) as advance:
        try:
            report = run.run(rows, advance)
        except LookupError:
            msg = "There are no places yet. Load them with: flask places import-places"
            raise click.ClickException(msg) from None
    rejects = rejects or Path(f"{file.stem}.rejects.csv")
    _write_rejects(rejects, file, report)
    db.session.commit()
    click.echo(_summary(report, rejects))


def _group(slug: str) -> Group:
    group = db.session.scalar(select(Group).where(Group.slug == slug))
    if group is None:
        msg = f"There is no group with the slug “{slug}”. It stands in the group’s address."
        raise click.ClickException(msg)
    return group


def _moment(slug: str) -> Moment:
    moment = db.session.scalar(select(Moment).where(Moment.slug == slug))
    if moment is None:
        known = ", ".join(db.session.scalars(select(Moment.slug).order_by(Moment.starts_on)))
        msg = f"There is no moment with the slug “{slug}”. There are: {known or 'none yet'}."
        raise click.ClickException(msg)
    return moment


def _write_rejects(rejects: Path, file: Path, report: EventsReport) -> None:
    """Write the refused rows before anything is committed, so that none is lost."""
    if not report.refusals:
        return
    if rejects.resolve() == file.resolve():
        msg = f"{rejects}: is the file that is being imported; name another for --rejects."
        raise click.ClickException(msg)
    try:
        write_rejects(rejects, report.refusals)
    except OSError as error:
        msg = f"{rejects}: {error.strerror}. Nothing was imported."
        raise click.ClickException(msg) from None


def _summary(report: EventsReport, rejects: Path) -> str:
    lines = [
        f"{report.read} rows read, {report.listed} events listed:",
        f"  {report.by_coordinates} placed by their coordinates",
        f"  {report.by_postcode} placed by their postcode",
        f"  {report.by_town} placed by their town (approximate)",
        f"  {report.cancelled} of these cancelled at the source, and listed as such",
        f"  {report.cut_to_one_day} of these lasted past the week, and are cut to their first day",
        f"{report.already_there} were there already.",
    ]
    if report.refusals:
        lines.append(f"{len(report.refusals)} refused, with line and reason in {rejects}.")
    else:
        lines.append("None was refused.")
    return "\n".join(lines)
