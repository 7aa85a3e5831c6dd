"""Developer tooling: what `make` calls. Standard library only, since it runs before .venv exists."""
