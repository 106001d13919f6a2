"""Addresses that are a credential do not go into the log of requests.

>>> record = logging.LogRecord("werkzeug", 20, "", 0, '"GET %s HTTP/1.1" 200',
...                            ("/secret/answer/abc-123?x=1",), None)
>>> hide("/secret/answer/")
>>> _hidden.filter(record), record.getMessage()
(True, '"GET /secret/answer/… HTTP/1.1" 200')
"""

import logging
import re

# What writes a line for each request, and those that complain about one.
_LOGGERS = (
    "werkzeug",
    "odoo.http",
    "odoo.addons.base.models.ir_http",
    "odoo.addons.http_routing.models.ir_http",
    "odoo.addons.website.models.ir_http",
)


class _Hidden(logging.Filter):
    """Takes out of a line what follows the beginning of such an address."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: set[str] = set()
        self.pattern: re.Pattern | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        if self.pattern:
            text = record.getMessage()
            shown = self.pattern.sub(r"\1…", text)
            if shown != text:
                record.msg, record.args = shown, ()
        return True


_hidden = _Hidden()


def hide(start: str) -> None:
    """Keep the rest of all addresses that begin so out of the log.

    :param start: up to where the secret begins, such as "/recall/answer/"
    """
    _hidden.starts.add(start)
    starts = "|".join(map(re.escape, sorted(_hidden.starts)))
    _hidden.pattern = re.compile(rf"({starts})[^\s\"'<>]+")
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_hidden)
