"""Starts the demo as a user does, logs in over HTTP, traces a lot by XML-RPC, and stops it.

setup/lib/with-python demo-check
"""

import http.cookiejar
import json
import re
import subprocess
import urllib.parse
import urllib.request
import xmlrpc.client

from . import paths, process
from .errors import SetupError
from .progress import step


def main(arguments: list[str]) -> int:
    """Run the checks; returns the exit code."""
    command = [str(paths.SETUP / "demo"), "--json", "--port", "0"]
    checks = [_log_in, _trace]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            line = demo.stdout.readline()
            if not line:
                raise SetupError("the demo ended before it was ready")
            access = json.loads(line)
            for check in checks:
                with step(check.__doc__):
                    check(access)
        finally:
            with step("The demo stops"):
                subprocess.run([str(paths.SETUP / "demo"), "--stop"], check=False)
                demo.wait(60)
    _gone(access["url"])
    print(f"{len(checks) + 1} passed, 0 failed, 0 skipped")
    return 0


def _log_in(access: dict) -> None:
    """Logging in over HTTP"""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    with browser.open(f"{access['url']}/web/login", timeout=120) as reply:
        page = reply.read().decode()
    token = re.search(r'csrf_token: "([^"]+)"|name="csrf_token" value="([^"]+)"', page)
    form = {
        "login": access["login"],
        "password": access["password"],
        "csrf_token": token[1] or token[2],
    }
    body = urllib.parse.urlencode(form).encode()
    with browser.open(f"{access['url']}/web/login", body, timeout=120) as reply:
        if "/web/login" in reply.url:
            raise SetupError("the demo did not let its own user in")


def _trace(access: dict) -> None:
    """Tracing a lot through XML-RPC"""
    url, database, password = access["url"], access["db"], access["password"]
    user = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(
        database, access["login"], password, {}
    )
    models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")

    def call(model: str, method: str, *arguments):
        return models.execute_kw(database, user, password, model, method, list(arguments))

    # The lots that were bought: one of them reaches customers.
    sources = call("stock.lot", "search", [["supplier_lot", "!=", False]])
    if not sources:
        raise SetupError("the demo has no lot with a supplier's lot number")
    trace = call("lot.trace", "trace", sources, "downstream")
    if not trace["deliveries"] or not trace["edges"]:
        raise SetupError("the trace of the demo's supplier lots reaches no customer")


def _gone(url: str) -> None:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return
    raise SetupError(f"the demo still answers after its stop: {process.log_path('server-demo')}")
