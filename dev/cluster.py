"""A private PostgreSQL cluster: made, started, asked and stopped. Unix socket only, no TCP port."""

import locale
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dev.cluster_place import SOCKET_NAME
from dev.postgres_programs import PostgresPrograms
from dev.programs import Account, answer_of, command_of, is_taken, run_logged, short
from dev.stop import Stop

SETTINGS = """\
# Written at each start.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
shared_buffers = 128MB
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True)
class Cluster:
    """A folder with data, socket and log, and the programs and the user that serve it."""

    folder: Path
    programs: PostgresPrograms
    account: Account

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket."""
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        """What the server and the programs around it say."""
        return self.folder / "postgres.log"

    def url(self, role: str, database: str) -> str:
        """Return the address of a database as one of the roles."""
        return socket_url(self.folder, role, database)

    def is_made(self) -> bool:
        """Tell whether there is a whole data folder; the settings are written last."""
        return (self.data / "moment-map.conf").is_file()

    def create(self) -> None:
        """Make the data folder, unless there is a whole one."""
        if self.is_made():
            return
        # Half-made by an initdb that was interrupted: nothing of worth can be in it.
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            "initdb", "--pgdata", self.data, "--username=postgres", "--auth=trust",
            "--encoding=UTF8", f"--locale={_utf8_locale()}",
            failure="The private database could not be made",
        )  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude 'moment-map.conf'\n")
        self._write_settings()

    def is_running(self) -> bool:
        """Tell whether the server answers on our socket."""
        isready = self.programs.path("pg_isready")
        return answer_of([isready, "--quiet", "--host", self.socket]) is not None

    def start(self) -> None:
        """Start the server and wait until it answers; nothing to do where it runs."""
        if self.is_running():
            return
        self._remove_stale_pid_file()
        self._write_settings()
        for remaining in (2, 1, 0):
            position = self.log.stat().st_size if self.log.exists() else 0
            try:
                self._pg_ctl("start", failure="The private database did not start")
            except Stop as stop:
                failed = self._explain(stop, position)
                if not remaining or "shared memory block" not in str(failed):
                    raise failed from None
                # Left-overs of a server that was killed need a moment to notice and go.
                time.sleep(2)
            else:
                return

    def stop(self) -> None:
        """Stop the server and wait until it has; nothing to do where none runs."""
        if self._server_pid() is not None:
            self._pg_ctl("stop", "--mode=fast", failure="The private database did not stop")

    def ask(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the superuser and return what it prints, bare."""
        command: list[str | Path] = [
            self.programs.path("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1", "--host", self.socket, "--username=postgres",
            "--dbname", database,
        ]  # fmt: skip
        done = subprocess.run(
            command, input=sql, capture_output=True, text=True, check=False,
            env=_quiet_environment(),
        )  # fmt: skip
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[0]
            raise Stop(f"The private database refused a command: {reason}.")
        return done.stdout.strip()

    def _run(self, program: str, *arguments: str | Path, failure: str) -> None:
        self._give(self.log, touch=True)
        run_logged(
            [self.programs.path(program), *arguments],
            log=self.log, failure=failure, account=self.account,
            cwd=self.folder, env=_quiet_environment(),
        )  # fmt: skip

    def _pg_ctl(self, action: str, *options: str, failure: str) -> None:
        self._run(
            "pg_ctl", action, "--pgdata", self.data, "--log", self.log,
            "--wait", "--timeout=120", "--silent", *options, failure=failure,
        )  # fmt: skip

    def _write_settings(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._give(self.socket)
        settings = self.data / "moment-map.conf"
        settings.write_text(SETTINGS.format(socket=self.socket))
        self._give(settings)

    def _give(self, path: Path, *, touch: bool = False) -> None:
        if touch:
            path.touch(mode=0o600)
        if path.stat().st_uid != self.account.uid:
            os.chown(path, self.account.uid, self.account.gid)

    def _noted_pid(self) -> int | None:
        """Return the process that the pid file names, whatever that process is."""
        lines = self._pid_file_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _server_pid(self) -> int | None:
        """Return the process that serves our data, None where the pid file is stale or missing."""
        pid = self._noted_pid()
        if pid is None or "postgres" not in (command_of(pid) or ""):
            return None
        return pid if self._serves_our_data() else None

    def _serves_our_data(self) -> bool:
        # A clone that was copied while its server ran has a pid file about the other one's
        # server; in one that was moved the noted folder is gone, and the server is ours.
        noted = Path(self._pid_file_lines()[1].strip())
        return not noted.exists() or noted.samefile(self.data)

    def _pid_file_lines(self) -> list[str]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []
        return lines if len(lines) > 1 else []

    def _remove_stale_pid_file(self) -> None:
        """Remove a pid file whose number now belongs to something else.

        PostgreSQL sees by itself that a process is gone, but not that its number has been given
        to another program since, as happens after a reboot or in a container that was restarted.
        """
        pid = self._noted_pid()
        if pid is None or self._server_pid() is not None or not is_taken(pid):
            return
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        (self.socket / SOCKET_NAME).unlink(missing_ok=True)

    def _explain(self, stop: Stop, position: int) -> Stop:
        said = [
            line.split("FATAL:")[1].strip()
            for line in self.log.read_bytes()[position:].decode(errors="replace").splitlines()
            if "FATAL:" in line
        ]
        if not said:
            return stop
        return Stop(f"The private database did not start: {said[0]} (more in {short(self.log)}).")


def socket_url(folder: Path, role: str, database: str) -> str:
    """Return the address of a database whose server listens in `folder`/socket."""
    return f"postgresql://{role}@/{database}?host={quote(str(folder / 'socket'), safe='')}"


def _quiet_environment() -> dict[str, str]:
    # The person's PGPORT, PGHOST and the like are about other servers.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _utf8_locale() -> str:
    # Plain C would not know that Ŵ is the capital of ŵ.
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_GB.UTF-8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
