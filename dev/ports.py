"""The port that the site listens on."""

import errno
import os
import socket

from dev.stop import Stop

DEFAULT_PORT = 5000
HOST = "127.0.0.1"


def chosen_port() -> int:
    """Return the port that PORT names, or the usual one."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Stop(f"PORT must be a number from 1 to 65535, and it is “{text}”.")
    return int(text)


def ensure_free(port: int) -> None:
    """Stop with a sentence where the port cannot be had."""
    with socket.socket() as listener:
        # As servers do, so that connections that are still closing do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(1)
        except OSError as error:
            raise Stop(_why_not(port, error)) from None


def _why_not(port: int, error: OSError) -> str:
    other = DEFAULT_PORT + 1 if port == DEFAULT_PORT else DEFAULT_PORT
    choose = f"choose another, as in “make run PORT={other}”."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} is kept for the administrator of this machine: {choose}"
    return f"Port {port} is in use by another program: {choose}"
