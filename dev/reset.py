"""`make stop` and `make reset`: ending what runs, and forgetting what this clone has stored."""

import shutil

from dev.cluster_place import find_place
from dev.database import stop_unused_cluster
from dev.project import Project
from dev.running import is_running, stop_run
from dev.stop import Stop
from dev.terminal import confirm, say

# What says how far the set-up is and who runs, not what people stored.
KEPT = ("locks", "logs", "stamps")


def stop(project: Project) -> None:
    """End the run of this clone, wherever it was started, and the database with it."""
    address = stop_run(project)
    is_down = stop_unused_cluster(project)
    if address is None:
        say("Nothing was running.")
    else:
        say(f"Stopped {address}.")
    if not is_down:
        say("The database stays up, as another command of this folder is using it.")


def reset(project: Project) -> None:
    """Delete the private database and everything else that this clone has stored."""
    if is_running(project):
        raise Stop("Moment Map is running from this folder: end it with “make stop” first.")
    place = find_place(project)
    where = f" and {place}" if place and project.local not in place.parents else ""
    confirm(f"Delete the database, mails and keys in .local{where}?")
    if not stop_unused_cluster(project):
        raise Stop("Another command of this folder is using the database: end it first.")
    if place is not None:
        shutil.rmtree(place)
    for item in project.local.iterdir():
        if item.name in KEPT:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    say("Everything is gone; “make run” starts afresh.")
