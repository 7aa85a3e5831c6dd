"""What is measured is the configuration of nginx that the document recommends."""

from collections import Counter
from pathlib import Path

import pytest

from bench.proxy import (
    DOCUMENT,
    DocumentChangedError,
    documented,
    documented_connections,
    on_loopback,
)
from bench.watching import NO_NGINX, run, worded_statuses

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_documents_configuration_is_used_with_other_paths_and_ports_alone():
    theirs = documented(TEXT)
    ours = on_loopback(theirs, Path("/somewhere"), 81, 8001)

    same = set(theirs.splitlines()) & set(ours.splitlines())
    changed = [line for line in theirs.splitlines() if line not in same]
    # The cache and the log, two lines of where it listens, the name, the site.
    assert len(changed) == 6
    assert "listen 127.0.0.1:81;" in ours
    assert "server 127.0.0.1:8001;" in ours
    assert "example.org" not in ours
    assert "/var/" not in ours


def test_a_document_that_lacks_what_has_to_be_replaced_is_noticed():
    with pytest.raises(DocumentChangedError):
        on_loopback("server { listen 80; }", Path("/somewhere"), 81, 8001)


def test_the_document_shows_kept_pages_while_newer_ones_are_made_and_when_the_site_is_down():
    lines = {line.strip() for line in documented(TEXT).splitlines()}

    assert {"proxy_cache_background_update on;", "proxy_cache_lock on;", "tcp_nopush off;"} <= lines
    assert any(line.startswith("proxy_cache_use_stale error timeout http_500 ") for line in lines)


def test_nginx_takes_as_many_connections_as_the_document_gives_it():
    assert documented_connections(TEXT) == 16_384
    assert documented_connections("nothing of it") == 768


def test_without_nginx_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setattr("bench.proxy.shutil.which", lambda *_arguments, **_named: None)
    run()
    assert capsys.readouterr().out == NO_NGINX + "\n"


def test_what_is_never_kept_has_no_part_in_what_came_from_the_cache():
    assert worded_statuses(Counter({"HIT": 3, "STALE": 1, "-": 96})) == (
        "Reads from the cache: hit 75.0%, stale 25.0%"
    )
