"""The application factory: the one place that knows every feature."""

import logging
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, current_app
from flask_sqlalchemy_lite._extension import _close_async_sessions
from jinja2 import StrictUndefined
from pydantic import ValidationError
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import commands
from webapp.accounts import (
    accounts,
    address_pages,
    passkey_pages,
    second_factor_pages,
    session_pages,
)
from webapp.accounts import routes as accounts_routes
from webapp.asked_places import routes as asked_places_routes
from webapp.atlas import routes as atlas_routes
from webapp.cohosting import routes as cohosting_routes
from webapp.config import Settings
from webapp.corrections import decision_pages
from webapp.corrections import routes as corrections_routes
from webapp.database import engine_options
from webapp.drafts import routes as drafts_routes
from webapp.errors import init_errors
from webapp.events import routes as events_routes
from webapp.extensions import compress, csrf, db
from webapp.filters import init_filters
from webapp.groups import routes as groups_routes
from webapp.headcounts import routes as headcounts_routes
from webapp.language import current_language, init_language, page_address
from webapp.moderation import routes as moderation_routes
from webapp.moments import routes as moments_routes
from webapp.networks import routes as networks_routes
from webapp.organising import merge_pages
from webapp.organising import routes as organising_routes
from webapp.pages import dev_mail, your_data
from webapp.pages import routes as pages_routes
from webapp.paper import routes as paper_routes
from webapp.partner_codes import carried, init_partner_codes
from webapp.pictures import routes as pictures_routes
from webapp.places import routes as places_routes
from webapp.pledges import contact_pages, instead_pages, receipt_pages
from webapp.pledges import routes as pledges_routes
from webapp.pledges.batches import Batches
from webapp.pledges.buckets import BUCKETS, Buckets
from webapp.pledges.intake import Intake
from webapp.pledges.nonces import NonceSigner
from webapp.pledges.offers import Offers
from webapp.processes import settle
from webapp.questions import routes as questions_routes
from webapp.schema import init_schema
from webapp.security import content_security_policy, init_body_sizes, init_security
from webapp.staticfiles import init_static, package_folder, static_version
from webapp.vouching import call_pages, caller_pages, held_pages, sheet_pages, window_pages
from webapp.vouching import routes as vouching_routes

BLUEPRINTS: tuple[Blueprint, ...] = (
    pages_routes.blueprint,
    dev_mail.blueprint,
    your_data.blueprint,
    moderation_routes.blueprint,
    corrections_routes.blueprint,
    decision_pages.blueprint,
    organising_routes.blueprint,
    merge_pages.blueprint,
    drafts_routes.blueprint,
    cohosting_routes.blueprint,
    networks_routes.blueprint,
    questions_routes.blueprint,
    vouching_routes.blueprint,
    window_pages.blueprint,
    sheet_pages.blueprint,
    caller_pages.blueprint,
    call_pages.blueprint,
    held_pages.blueprint,
    asked_places_routes.blueprint,
    headcounts_routes.blueprint,
    paper_routes.blueprint,
    pictures_routes.blueprint,
    pledges_routes.blueprint,
    receipt_pages.blueprint,
    instead_pages.blueprint,
    contact_pages.blueprint,
    atlas_routes.blueprint,
    events_routes.blueprint,
    moments_routes.blueprint,
    groups_routes.blueprint,
    accounts_routes.blueprint,
    address_pages.blueprint,
    passkey_pages.blueprint,
    second_factor_pages.blueprint,
    session_pages.blueprint,
    places_routes.blueprint,
)


class MomentMap(Flask):
    """Flask, with files outside the languages: one address for every page’s language."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return an address; a static file’s, a picture’s and a checkpoint’s never carry a language."""
        if endpoint == "static":
            return f"{self.static_url_path}/{quote(values['filename'])}"
        if endpoint == "pictures.media":
            return f"/media/{quote(values['name'])}"
        if endpoint == "pledges.checkpoint":
            return f"/checkpoints/{values['number']}.json"
        return super().url_for(endpoint, **values)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the site; without settings they are read from the environment."""
    settings = settings or load_settings()
    static_folder = package_folder("static")
    app = MomentMap(
        "webapp",
        static_folder=str(static_folder),
        static_url_path=f"/static/{static_version(settings, static_folder)}",
        template_folder=str(package_folder("templates")),
    )
    app.config.from_mapping(settings.flask_config())
    app.config["SETTINGS"] = settings
    app.config["CONTENT_SECURITY_POLICY"] = content_security_policy(settings.tile_url)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _init_extensions(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_page_context)
    commands.init_commands(app)
    _warn_of_an_unprotected_ledger(app, settings)
    return app


def create_served_app() -> Flask:
    """Make the site for a process that does nothing but serve it."""
    app = create_app()
    settle()
    return app


def load_settings() -> Settings:
    """Read the settings; end with one sentence where one is missing or wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic fills them from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper() or "The settings"
        raise SystemExit(f"{name}: {first['msg']}. Set it in the environment.") from None


def _init_extensions(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": {"url": settings.database_url, **engine_options(settings.database_pool_size)}
    }
    db.init_app(app)
    # There are no asynchronous sessions here; looking for them starts an event loop per request.
    app.teardown_appcontext_funcs.remove(_close_async_sessions)
    init_schema(app)
    compress.init_app(app)
    compress.compress_mimetypes_set.add("application/geo+json")
    init_body_sizes(app)
    csrf.init_app(app)
    init_errors(app)
    init_security(app)
    init_filters(app)
    init_static(app)
    accounts.init_accounts(app)
    _init_intake(app, settings)
    init_language(app)
    init_partner_codes(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask’s own way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _init_intake(app: Flask, settings: Settings) -> None:
    with app.app_context():
        app.extensions[BUCKETS] = Buckets(db.engine)
    if settings.takes_pledges_together:
        with app.app_context():
            batches, offers = Batches(db.engine), Offers(db.engine)
        signer = NonceSigner(settings.secret_key)
        app.wsgi_app = Intake(  # type: ignore[method-assign]  # Flask’s own way
            app.wsgi_app, batches, offers, signer, settings.site_origin
        )


def _page_context() -> dict[str, Any]:
    settings: Settings = current_app.config["SETTINGS"]
    language = current_language()
    addresses = {each.value: page_address(settings.site_origin, each) for each in type(language)}
    switched = page_address("", language.other, partner_code=carried())
    return {
        "language": language.value,
        "alternate_urls": addresses,
        "canonical_url": addresses[language.value],
        "language_switch": {
            "url": switched,
            "label": language.other.own_name,
            "lang": language.other.value,
        },
        "operator": {
            "name": settings.operator_name,
            "contact": settings.operator_contact,
            "privacy_contact": settings.privacy_contact,
        },
        "settings": settings,
        "demonstration": False,
    }


def _warn_of_an_unprotected_ledger(app: Flask, settings: Settings) -> None:
    if not settings.ledger_is_protected:
        app.logger.warning(
            "The ledger of pledges is not protected: DATABASE_URL and MIGRATIONS_DATABASE_URL"
            " use the same database role, so the site could change what it should only add to."
        )


logging.getLogger("alembic").setLevel(logging.WARNING)
