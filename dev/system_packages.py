"""Installing Debian's packages, where the person may, and saying so."""

import os
import re
import shutil

from dev.programs import answer_of, run_logged
from dev.project import Project
from dev.terminal import progress


def can_install() -> bool:
    """Tell whether this machine has apt and we are root or have password-less sudo."""
    if shutil.which("apt-get") is None:
        return False
    return os.geteuid() == 0 or answer_of(["sudo", "-n", "true"]) is not None


def install(project: Project, packages: list[str], purpose: str) -> None:
    """Install Debian packages, waiting for other installations to finish."""
    log = project.log("system-packages")
    names = " ".join(packages)
    failure = f"Debian's packages {names} could not be installed"
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with progress(f"Installing {names} from Debian ({purpose}; about a minute)"):
        refresh(project)
        run_logged(
            [*_as_root(), "apt-get", "install", "--yes", "--no-install-recommends",
             "-o", "DPkg::Lock::Timeout=600", *packages],
            log=log, failure=failure, env=env,
        )  # fmt: skip


def refresh(project: Project) -> None:
    """Fetch Debian's list of packages."""
    run_logged(
        [*_as_root(), "apt-get", "update", "-o", "DPkg::Lock::Timeout=600"],
        log=project.log("system-packages"),
        failure="Debian's list of packages could not be fetched",
    )


def _as_root() -> list[str]:
    # sudo drops the environment, so what apt must know is named again.
    return [] if os.geteuid() == 0 else ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive"]


def postgis_majors(project: Project) -> list[int]:
    """Return the PostgreSQL versions for which Debian has PostGIS here, newest first."""
    pattern = r"postgresql-([0-9]+)-postgis-3"
    found = answer_of(["apt-cache", "search", "--names-only", f"^{pattern}$"])
    if not found:
        with progress("Fetching Debian's list of packages"):
            refresh(project)
        found = answer_of(["apt-cache", "search", "--names-only", f"^{pattern}$"]) or ""
    return sorted({int(major) for major in re.findall(pattern, found)}, reverse=True)


def has_candidate(package: str) -> bool:
    """Tell whether apt could install a package."""
    policy = answer_of(["apt-cache", "policy", package]) or ""
    return "Candidate:" in policy and "Candidate: (none)" not in policy
