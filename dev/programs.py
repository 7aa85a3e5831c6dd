"""Running other programs with their output in a log, and looking at running ones."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.stop import Stop

# What a program's own words mean for the person who reads our sentence.
KNOWN_TROUBLES = (
    ("No space left on device", "the disk is full: free some space and try again"),
    ("ENOSPC", "the disk is full: free some space and try again"),
    ("Temporary failure in name resolution", "no connection to the internet"),
    ("Temporary failure resolving", "no connection to the internet"),
    ("Failed to establish a new connection", "no connection to the internet"),
    ("ENOTFOUND", "no connection to the internet"),
    ("EAI_AGAIN", "no connection to the internet"),
)


@dataclass(frozen=True)
class Account:
    """A system user under whom a program is run."""

    uid: int
    gid: int

    @classmethod
    def current(cls) -> "Account":
        """Return the user who runs this."""
        return cls(os.geteuid(), os.getegid())

    def popen_arguments(self) -> dict:
        """Return what makes subprocess run a program as this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def run_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    failure: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    stdin: int = subprocess.DEVNULL,
) -> None:
    """Run a program to its end; where it fails, stop with the sentence `failure` and its reason.

    The program is in a session of its own, so that Ctrl-C reaches it through us alone, once.
    """
    start = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin, stdout=output, stderr=subprocess.STDOUT,
            cwd=cwd, env=env, start_new_session=True,
            **(account or Account.current()).popen_arguments(),
        )  # fmt: skip
        try:
            code = process.wait()
        except BaseException:
            end_process(process)
            raise
    if code:
        raise Stop(f"{failure}: {reason_in(log, start)} (more in {short(log)}).")


def answer_of(command: Sequence[str | Path], *, account: Account | None = None) -> str | None:
    """Return what a program prints, stripped, or None where it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
            cwd="/", **(account or Account.current()).popen_arguments(),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def end_process(process: subprocess.Popen, seconds: float = 15) -> None:
    """Ask a program and its children to end, and insist after some seconds."""
    if process.poll() is not None:
        return
    _signal_group(process.pid, signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        # A program under another user: only its leader is known to be ours.
        os.kill(pid, number)


def reason_in(log: Path, start: int = 0) -> str:
    """Return why a program failed: a known trouble in plain words, else its last line."""
    with log.open("rb") as output:
        output.seek(start)
        text = output.read().decode(errors="replace")
    for sign, meaning in KNOWN_TROUBLES:
        if sign in text:
            return meaning
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # psql and pip mark the line that matters and go on to give hints.
    lines = [line for line in lines if line.startswith("ERROR:")] or lines
    return lines[-1].rstrip(".")[:300] if lines else "it gave no reason"


def short(path: Path) -> str:
    """Return a path as seen from the current folder, where it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def command_of(pid: int) -> str | None:
    """Return the command line of a running process, or None where there is none."""
    if sys.platform == "linux":
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        # A process that ended and waits to be collected has an empty command line.
        return raw.replace(b"\0", b" ").decode(errors="replace").strip() or None
    return answer_of(["ps", "-o", "command=", "-p", str(pid)]) or None


def is_taken(pid: int) -> bool:
    """Tell whether a process number is in use, by anybody's process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_in_foreground(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str]) -> int:
    """Run a program on the person's terminal and return its exit code.

    It shares our terminal, so that it gets Ctrl-C by itself and may finish in its own way.
    """
    process = subprocess.Popen([str(part) for part in command], cwd=cwd, env=env)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
