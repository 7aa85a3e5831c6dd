"""Flask’s extensions, made once and bound to an application by its factory."""

from flask_alembic import Alembic
from flask_assets import Environment as Assets
from flask_babel import Babel
from flask_compress import Compress
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

db = SQLAlchemy()
alembic = Alembic(run_mkdir=False)
babel = Babel()
assets = Assets()
csrf = CSRFProtect()
compress = Compress()
