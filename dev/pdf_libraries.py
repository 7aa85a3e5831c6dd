"""The system's libraries and faces that posters are made with, installed where we may.

Whether they are here is tried out, by making a page: packages have other names elsewhere. Without
them the site runs all the same, and posters are printed from the browser.
"""

from dev import system_packages
from dev.programs import answer_of
from dev.project import Project, fingerprint_of
from dev.stop import Stop
from dev.terminal import say

# The page has a letter, so that a machine without any face is found out too.
TRIAL = """
from weasyprint import HTML
made = HTML(string="<p>a").write_pdf(uncompressed_pdf=True)
print("whole" if b"/FontFile" in made else "no face")
"""

PACKAGES = [
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
]

HOW_TO_INSTALL = (
    "for PDFs, install Pango: "
    f"“sudo apt-get install {' '.join(PACKAGES)}” on Debian or Ubuntu, "
    "“sudo dnf install pango dejavu-sans-fonts google-noto-color-emoji-fonts” on Fedora, "
    "“brew install pango” on macOS."
)


def ensure_pdf_libraries(project: Project) -> None:
    """Install what makes PDFs unless it is here; where that cannot be, say so and go on."""
    fingerprint = fingerprint_of([project.venv / "pyvenv.cfg"], *PACKAGES)
    if project.is_done("pdf", fingerprint):
        return
    if not can_make_pdfs(project):
        _install(project)
        if not can_make_pdfs(project):
            say(f"Posters can be printed from the browser only; {HOW_TO_INSTALL}")
            return
    project.mark_done("pdf", fingerprint)


def can_make_pdfs(project: Project) -> bool:
    """Tell whether WeasyPrint finds its libraries and a face to write with."""
    return answer_of([project.python, "-c", TRIAL]) == "whole"


def _install(project: Project) -> None:
    if not system_packages.can_install():
        return
    try:
        system_packages.install(project, PACKAGES, "posters as PDF")
    except Stop as reason:
        say(str(reason))
