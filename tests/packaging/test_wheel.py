"""The wheel works where there is no checkout: unpacked elsewhere, by a Python that knows it alone."""

import configparser
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("geo", "webapp", "templates", "static", "seed_data")
METADATA = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
# What a site needs of its data folders; the rest of the test is about code.
PLACES = {
    "templates": "webapp/templates",
    "static": "webapp/static",
    "seed_data": "webapp/seed_data",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that no build folder is left here, and unpack it."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("built")
    for name in SOURCES:
        without = shutil.ignore_patterns("__pycache__", "*.unfinished")
        shutil.copytree(ROOT / name, copy / name, ignore=without)
    for name in METADATA:
        shutil.copy(ROOT / name, copy / name)
    # What a server that ran here may have left behind, and the wheel must leave out.
    (copy / "static" / "css" / "tokens.css.br").write_bytes(b"old")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built)]
    done = subprocess.run([*build, str(copy)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = built.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def found(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an application made from the unpacked wheel finds, from another folder."""
    # Without `site` the link to this checkout, which is in .venv, is not followed.
    libraries = sysconfig.get_path("purelib")
    env = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    env["PYTHONPATH"] = os.pathsep.join([str(unpacked), libraries])
    done = subprocess.run(
        [sys.executable, "-S", "-P", str(Path(__file__).with_name("probe.py"))],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def files_in(folder: Path) -> set[str]:
    """Return the files below a folder, but for what a machine makes of them."""
    made = {".pyc", ".br", ".gz"}
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in made]
    return {path.relative_to(folder).as_posix() for path in paths}


@pytest.mark.parametrize("name", PLACES)
def test_the_wheel_has_every_file_of_the_data_folders(unpacked: Path, name: str) -> None:
    assert files_in(unpacked / PLACES[name]) == files_in(ROOT / name)


def test_the_wheel_has_all_the_code_and_translations(unpacked: Path) -> None:
    inside = tuple(f"{name}/" for name in ("templates", "static", "seed_data"))
    packed = {path for path in files_in(unpacked / "webapp") if not path.startswith(inside)}
    assert packed == files_in(ROOT / "webapp")
    assert files_in(unpacked / "geo") == files_in(ROOT / "geo")


def test_the_wheel_has_nothing_else(unpacked: Path) -> None:
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {
        "geo",
        "moment_map",
        "webapp",
    }
    assert not list(unpacked.rglob("*.br"))


def test_the_wheel_carries_its_licence_and_readme(unpacked: Path) -> None:
    (information,) = unpacked.glob("*.dist-info")
    assert "GeoNames" in (information / "licenses" / "LICENSE").read_text()
    metadata = (information / "METADATA").read_text()
    assert "Name: moment-map\n" in metadata
    assert (ROOT / "README.md").read_text().splitlines()[0] in metadata


def test_an_installed_site_finds_its_templates_and_seed_data(
    found: dict[str, Any], unpacked: Path
) -> None:
    assert found["homes"] == [str(unpacked)]
    assert set(found["templates"]) >= {"base.html", "pages/home.html", "emails/sign_in_code.txt"}
    assert "moments.json" in found["seed_data"]


def test_an_installed_site_serves_its_bundles(found: dict[str, Any], unpacked: Path) -> None:
    assert found["static_folder"] == str(unpacked / "webapp" / "static")
    status, size = found["/static/"]
    assert status == 200
    assert size > 1000


def test_an_installed_site_finds_its_migrations(found: dict[str, Any]) -> None:
    numbered = (ROOT / "webapp" / "migrations").glob("[0-9]*.py")
    assert found["migrations"] == sorted(path.name[:4] for path in numbered)


def test_an_installed_site_speaks_both_languages(found: dict[str, Any]) -> None:
    assert found["languages"] == ["cy", "en"]
    assert found["/about"][0] == found["/cy/about"][0] == 200


def test_every_package_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = config["options"]["packages"].split()
    marks = [*ROOT.glob("geo/**/__init__.py"), *ROOT.glob("webapp/**/__init__.py")]
    folders = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in marks}
    assert set(listed) == folders | {f"webapp.{name}" for name in PLACES}
