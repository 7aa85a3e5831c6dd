"""Run by a Python that knows the unpacked wheel alone: print what its application finds."""

import json
import sys
from pathlib import Path
from typing import Any

import geo
import webapp
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import alembic, babel
from webapp.staticfiles import package_folder

app = create_app(
    Settings(
        environment="production",
        secret_key="a-secret-that-only-the-tests-know",
        database_url="postgresql://site@/nothing",
        migrations_database_url="postgresql://owner@/nothing",
    )
)
found: dict[str, Any] = {
    "homes": sorted({str(Path(each.__file__).parent.parent) for each in (geo, webapp)}),
    "templates": sorted(app.jinja_env.list_templates()),
    "static_folder": app.static_folder,
    "seed_data": sorted(path.name for path in package_folder("seed_data").iterdir()),
}
with app.app_context():
    found["migrations"] = sorted(
        each.revision for each in alembic.script_directory.walk_revisions()
    )
    found["languages"] = sorted({each.language for each in babel.list_translations()})
for path in ("/about", "/cy/about", f"{app.static_url_path}/gen/site.css"):
    answer = app.test_client().get(path)
    found[path.rpartition("/static/")[1] or path] = [answer.status_code, len(answer.data)]
    answer.close()
sys.stdout.write(json.dumps(found))
