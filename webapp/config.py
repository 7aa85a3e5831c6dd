"""Settings, read from environment variables named as the fields in upper case."""

from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import EmailStr, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

MINIMUM_SECRET_LENGTH = 32
# The number is the one of the Office for National Statistics at ArcGIS, where it publishes.
ONS_BOUNDARIES = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/"
ONS_QUERY = (
    "/FeatureServer/0/query?where=1%3D1&outFields=*&outSR=4326&geometryPrecision=5&f=geojson"
)


class Environment(StrEnum):
    """Where the site runs; production is the only one that real people use."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class MailBackend(StrEnum):
    """Where mail goes: to a mail server, or into files that /dev/mail shows."""

    SMTP = "smtp"
    FOLDER = "folder"


class Settings(BaseSettings):
    """Everything that differs between one running site and another."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    environment: Environment = Environment.PRODUCTION
    secret_key: str = Field(min_length=MINIMUM_SECRET_LENGTH)
    site_url: str = "http://localhost:5000"
    trusted_hosts: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    database_url: str
    migrations_database_url: str = ""
    # Whether pledges that need no page are taken together, before the rest of the site sees them.
    takes_pledges_together: bool = True
    database_pool_size: int = Field(default=8, ge=1, le=100)

    operator_name: str = "the campaign"
    operator_contact: str = ""
    privacy_contact: str = ""

    tile_url: str = ""
    tile_attribution: str = ""

    mail_backend: MailBackend = MailBackend.SMTP
    mail_server: str = "localhost"
    mail_port: int = 587
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: bool = True
    mail_sender: EmailStr = "moment-map@example.org"

    local_folder: Path = Path(".local")
    media_root: str = ""

    # Where `flask places fetch` finds the official files; an empty one is not fetched. That of the
    # postcodes is a search, because each quarter’s release has an address of its own.
    postcodes_url: str = (
        "https://www.arcgis.com/sharing/rest/search?f=json&num=50&sortField=created&sortOrder=desc"
        "&q=title%3A%22ONS%20Postcode%20Directory%22%20AND%20orgid%3AESMARspQHYMw9BZ9"
    )
    code_point_url: str = (
        "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads"
        "?area=GB&format=CSV&redirect"
    )
    authorities_url: str = (
        f"{ONS_BOUNDARIES}Local_Authority_Districts_May_2026_Boundaries_UK_BGC{ONS_QUERY}"
    )
    regions_url: str = f"{ONS_BOUNDARIES}Regions_December_2025_Boundaries_EN_BUC{ONS_QUERY}"
    nations_url: str = f"{ONS_BOUNDARIES}Countries_December_2025_Boundaries_UK_BUC{ONS_QUERY}"
    population_url: str = (
        "https://www.nomisweb.co.uk/api/v01/dataset/NM_2002_1.data.csv?geography=TYPE424"
        "&date=latest&gender=0&c_age=200&measures=20100"
        "&select=date_name,geography_code,geography_name,obs_value"
    )
    deprivation_url: str = (
        "https://pages.mysociety.org/composite_uk_imd/data/uk_index/latest/la_imd.csv"
    )

    @model_validator(mode="after")
    def _addresses_are_absolute(self) -> Self:
        if not self.site_url.startswith(("http://", "https://")):
            msg = "SITE_URL must start with http:// or https://"
            raise ValueError(msg)
        return self

    @property
    def is_production(self) -> bool:
        """Whether real people use this site."""
        return self.environment is Environment.PRODUCTION

    @property
    def is_development(self) -> bool:
        """Whether this is a developer’s own copy."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def site_origin(self) -> str:
        """Scheme and host of the site’s own pages, without a trailing slash."""
        return self.site_url.rstrip("/")

    @property
    def tile_owner(self) -> str:
        """Whose server sends the map’s pictures, where that is not our own."""
        return self.tile_attribution or urlsplit(self.tile_url).netloc

    @property
    def media_folder(self) -> Path:
        """Where pictures and checkpoints are kept: MEDIA_ROOT, else a folder among the site’s own files."""
        return Path(self.media_root) if self.media_root else self.local_folder / "media"

    @property
    def owner_database_url(self) -> str:
        """The URL whose role owns the schema; the site’s own where only one is given."""
        return self.migrations_database_url or self.database_url

    @property
    def ledger_is_protected(self) -> bool:
        """Whether the site’s database role is another than the one that owns the ledger."""
        return make_url(self.owner_database_url).username != make_url(self.database_url).username

    def as_owner(self) -> Self:
        """Return the same settings with the role that owns the schema as the site’s own."""
        return self.model_copy(update={"database_url": self.owner_database_url})

    def flask_config(self) -> dict[str, Any]:
        """Return the settings in the words of Flask and its extensions."""
        return {
            "SECRET_KEY": self.secret_key,
            "TRUSTED_HOSTS": self._hosts(),
            "MAX_CONTENT_LENGTH": 256 * 1024,
            "MAX_FORM_MEMORY_SIZE": 256 * 1024,
            "MAX_FORM_PARTS": 100,
            "PREFERRED_URL_SCHEME": self.site_url.split(":", 1)[0],
            # A form is as good as its session: who writes for two hours loses nothing.
            "WTF_CSRF_TIME_LIMIT": None,
            "SESSION_COOKIE_NAME": "session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.site_url.startswith("https://"),
            "TESTING": self.environment is Environment.TEST,
            "TEMPLATES_AUTO_RELOAD": self.is_development,
            # Level 5 makes the map's data a tenth smaller than 4 does, and than zstd's usual one.
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_BR_LEVEL": 5,
        }

    def _hosts(self) -> list[str]:
        host = self.site_origin.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
        local = [] if self.is_production else ["localhost", "127.0.0.1"]
        named = [name.strip() for name in self.trusted_hosts.split(",") if name.strip()]
        return list(dict.fromkeys([host, *named, *local]))
