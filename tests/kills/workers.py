"""Starting workers, and knowing when they are at work."""

from dev.cluster import Cluster
from tests.kills.exactness import eventually
from tests.live import LiveSite

# A worker asks to be told of new jobs once all of it has started.
AT_WORK = """
    SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' AND backend_start > '{since}'
"""


def start_workers(site: LiveSite, cluster: Cluster, *names: str) -> None:
    """Start workers, and wait until they are at work: Python takes seconds to read all that they need."""
    since = cluster.ask("SELECT clock_timestamp()")
    for name in names:
        site.start(name)
    question = AT_WORK.format(since=since)
    eventually(lambda: int(cluster.ask(question)) >= len(names), "a worker does not start")
