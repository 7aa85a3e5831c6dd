"""The environment that the site's programs run in."""

import os
import secrets

from dev.database import DatabaseUrls
from dev.project import Project

# What sets up the code needs an application but no database.
NO_DATABASE = DatabaseUrls(site="postgresql://nobody@/nothing", migrations=None)


def is_production() -> bool:
    """Tell whether the person runs the site for real."""
    return os.environ.get("ENVIRONMENT") == "production"


def tool_environment(project: Project) -> dict[str, str]:
    """Return the environment of tools: the person's, with .venv in front."""
    binaries = project.venv / "bin"
    return os.environ | {
        "VIRTUAL_ENV": str(project.venv),
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def site_environment(project: Project, urls: DatabaseUrls, port: int = 5000) -> dict[str, str]:
    """Return the environment of the site; what the person has set wins."""
    env = tool_environment(project) | {"FLASK_APP": "webapp.app", "DATABASE_URL": urls.site}
    if urls.migrations:
        env["MIGRATIONS_DATABASE_URL"] = urls.migrations
    env.setdefault("LOCAL_FOLDER", str(project.local))
    if not is_production():
        env.setdefault("ENVIRONMENT", "development")
        env.setdefault("SITE_URL", f"http://localhost:{port}")
        env.setdefault("MAIL_BACKEND", "folder")
        if not env.get("SECRET_KEY"):
            env["SECRET_KEY"] = secret_key(project)
    return env


def build_environment(project: Project) -> dict[str, str]:
    """Return the environment for steps that need neither database nor a person's settings."""
    return site_environment(project, NO_DATABASE) | {
        "ENVIRONMENT": "development",
        "SECRET_KEY": secrets.token_hex(32),
    }


def secret_key(project: Project) -> str:
    """Return this clone's key, made the first time and readable by its owner alone."""
    path = project.local / "secret_key"
    if not path.is_file() or not path.read_text():
        project.local.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
