"""Tests on a database that may be killed: exactness, clocks, drift, and whether the site is ready."""
