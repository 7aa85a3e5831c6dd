"""Pages for when something goes wrong, in the same dress; never a traceback."""

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

PAGES = {400, 403, 404, 405, 413, 429, 500, 503}


def init_errors(app: Flask) -> None:
    """Answer every error with a page, or with JSON below /api."""
    app.register_error_handler(CSRFError, lambda _error: _answer(400, "errors/expired.html"))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeoutError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return _answer(code)


def _database_away(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("the database did not answer: %s", type(error).__name__)
    return _answer(503)


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unexpected error", exc_info=error)
    return _answer(500)


def _answer(code: int, template: str | None = None) -> ResponseReturnValue:
    if request_ctx.url_adapter is None:
        # A host that is not ours: no address on a page would be right.
        return Response("This site does not answer to that name.\n", 400, mimetype="text/plain")
    if request.path.startswith("/api/"):
        return jsonify({"error": code}), code
    page = code if code in PAGES else (400 if code < 500 else 500)
    return render_template(template or f"errors/{page}.html"), code
