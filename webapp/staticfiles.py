"""Static files: where they lie, their bundles, and addresses that caches keep for ever.

The version stands in the path (`/static/<version>/…`), so that the relative imports of ES modules
carry it too. It is a digest of all files, so nothing changes behind an address.
"""

import hashlib
from pathlib import Path

from flask import Flask, abort, redirect
from flask.typing import ResponseReturnValue
from flask_assets import Bundle
from whitenoise import WhiteNoise

from webapp.config import Settings
from webapp.extensions import assets
from webapp.security import FOR_EVER, public

PACKAGE = Path(__file__).parent
STYLESHEETS = ("tokens", "base", "components", "pages", "print")


def package_folder(name: str) -> Path:
    """Return a folder of data: inside the package when installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def static_version(settings: Settings, folder: Path) -> str:
    """Return the version of the static files; a fixed word on a developer’s machine."""
    if not settings.is_production:
        return settings.environment.value
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def init_static(app: Flask) -> None:
    """Give an application its bundles, and in production a server for its static files."""
    settings: Settings = app.config["SETTINGS"]
    _register_bundles(app, settings)
    current = (app.static_url_path or "").rsplit("/", 1)[-1]

    @app.get("/static/<version>/<path:filename>")
    @public(max_age=60)
    def stale_static(version: str, filename: str) -> ResponseReturnValue:
        """Send a page that was kept from an earlier release to the file as it is now."""
        if version == current:
            abort(404)
        app.send_static_file(filename).close()  # not found, unless it is a file of ours
        return redirect(app.url_for("static", filename=filename))

    if settings.is_production:
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask’s own way
            app.wsgi_app,
            root=app.static_folder,
            prefix=app.static_url_path,
            max_age=FOR_EVER,
            immutable_file_test=lambda _path, _url: True,
        )


def _register_bundles(app: Flask, settings: Settings) -> None:
    app.config["ASSETS_CACHE"] = False
    app.config["ASSETS_MANIFEST"] = False
    app.config["ASSETS_URL_EXPIRE"] = False
    app.config["ASSETS_AUTO_BUILD"] = settings.is_development
    assets.init_app(app)
    # The environment outlives one application where a process makes several, as tests do.
    assets._named_bundles.clear()
    ours = (f"css/{name}.css" for name in STYLESHEETS)
    _style("site.css", "vendor/modern-normalize/modern-normalize.css", *ours)
    # What only those who host see, so that nobody else waits for it.
    _style("hosting.css", "css/hosting.css", "css/listing.css")
    _style("paper.css", "css/paper.css")
    _style("map.css", "vendor/leaflet/leaflet.css", "css/map.css")
    # Leaflet’s own build is already small, and minifying it again has broken it.
    assets.register("leaflet.js", Bundle("vendor/leaflet/leaflet.js", output="gen/leaflet.js"))


def _style(name: str, *files: str) -> None:
    bundle = Bundle(*files, filters="cssrewrite,rcssmin", output=f"gen/{name}")
    assets.register(name, bundle)
