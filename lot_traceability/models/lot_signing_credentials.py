import time
from collections.abc import MutableMapping
from typing import Any

from odoo import api, models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request
from odoo.tools import format_datetime

from .lot_signature_attempt import MOST_FAILURES

# In the web session: who has signed with all components, and when (seconds).
_SERIES = "lot_signing"


class LotSigningCredentials(models.AbstractModel):
    """Is it really the user who signs? 21 CFR 11.200: two distinct components, such as a user name
    and a password; in a series of signings in one session all of them the first time, and at
    least the one that only its owner can use after that; otherwise all of them each time."""

    _name = "lot.signing.credentials"
    _description = "Credentials of a signature"

    @api.model
    def _verify(self, credentials: dict[str, str], step) -> str:
        """Check what the user has given to sign.

        :param credentials: {"login", "password", "totp" (code of the authenticator app),
            "passkey" (answer of the browser, as JSON)}; what is not needed is left out
        :return: how it was signed: "password", "password+totp" or "passkey", with "series:" before
            it where the user name was not asked again
        :raise UserError: when something is missing, wrong, or the user is locked out. A failure
            is counted and told in transactions of their own.
        """
        user, series = self.env.user, self._in_series()
        asked = self._missing(credentials, step, series)
        if asked:
            raise UserError(asked)
        attempts = self.env["lot.signature.attempt"]
        failures, until = attempts._begin(user, self.env.company.lot_signature_lock_minutes)
        if failures > MOST_FAILURES:
            raise UserError(self._locked_text(until))
        try:
            method = self._check(user, credentials, series)
        except AccessDenied as error:
            self._failed(step, credentials.get("login", ""), failures, until)
            raise UserError(self._wrong_text(user, failures, until)) from error
        attempts._succeeded(user)
        self._continue_series()
        return method

    # -- what is asked -------------------------------------------------------------------------

    @api.model
    def _missing(self, credentials: dict[str, str], step, series: bool) -> str:
        """What has still to be given, as a sentence; empty where nothing is missing."""
        if credentials.get("passkey"):
            return ""
        if not series and not (credentials.get("login") or "").strip():
            return self.env._("Enter your user name: the first signature of a session needs it.")
        if not credentials.get("password"):
            return self.env._("Enter your password to sign.")
        if self._totp_asked(series):
            code = (credentials.get("totp") or "").replace(" ", "")
            if not code.isdecimal():
                return self.env._("Enter the code that your authenticator app shows.")
        elif step.second_factor and not self._has_totp():
            return self.env._(
                "“%s” is signed with a second factor. Set up an authenticator app or a passkey "
                "under My Preferences, Security, and sign again.",
                step.name,
            )
        return ""

    @api.model
    def _has_totp(self) -> bool:
        """Has the user an authenticator app? Only where Odoo's module for it is installed."""
        return self.env.user._mfa_type() == "totp"

    @api.model
    def _totp_asked(self, series: bool) -> bool:
        return self._has_totp() and not series

    @api.model
    def _has_passkey(self) -> bool:
        """Has the user a passkey? Only where Odoo's module for it is installed."""
        user = self.env.user
        # sudo: the user's own keys
        return "auth_passkey_key_ids" in user._fields and bool(user.sudo().auth_passkey_key_ids)

    # -- the check -----------------------------------------------------------------------------

    @api.model
    def _check(self, user, credentials: dict[str, str], series: bool) -> str:
        """:raise AccessDenied: when something is wrong"""
        # sudo: Odoo keeps passwords, keys and codes from everybody; they are the user's own
        own = user.with_user(user).sudo()
        env = {"interactive": True}  # An API key is no password: whoever has it is not the user.
        if credentials.get("passkey"):
            own._check_credentials(
                {"type": "webauthn", "webauthn_response": credentials["passkey"]}, env
            )
            return "passkey"
        login = (credentials.get("login") or "").strip()
        if (login or not series) and login != user.login:
            raise AccessDenied
        own._check_credentials(
            {"type": "password", "login": user.login, "password": credentials["password"]}, env
        )
        if self._totp_asked(series):
            code = int(credentials["totp"].replace(" ", ""))
            own._check_credentials({"type": "totp", "token": code}, env)
            return "password+totp"
        return "series:password" if series else "password"

    # -- a series in one session ---------------------------------------------------------------

    @api.model
    def _session(self) -> MutableMapping[str, Any] | None:
        """The web session of the request; an integration has none, and signs with all components
        each time."""
        session = getattr(request, "session", None) if request else None
        return session if session is not None and session.uid else None

    @api.model
    def _in_series(self) -> bool:
        """Has the user signed with all components in this session, not long ago?"""
        session = self._session()
        if session is None:
            return False
        uid, at = session.get(_SERIES) or (0, 0)
        seconds = self.env.company.lot_signature_series_minutes * 60
        return uid == self.env.uid and 0 <= time.time() - at < seconds

    @api.model
    def _continue_series(self) -> None:
        session = self._session()
        if session is not None:
            session[_SERIES] = [self.env.uid, time.time()]

    # -- failures ------------------------------------------------------------------------------

    @api.model
    def _failed(self, step, login: str, failures: int, until) -> None:
        """Tell of a failure, in the log and, where the user is locked out by it, to quality."""
        record = self.env["lot.audit.event"]._record_apart
        data = {"step": step.name, "typed": login[:64], "failures": failures}
        record("signature_failed", record=self.env.user, data=data)
        if until:
            data["until"] = f"{until:%Y-%m-%d %H:%M:%S}"
            record("signature_locked", record=self.env.user, data=data)
            with self.env.registry.cursor() as cr:
                self.with_env(self.env(cr=cr))._tell_quality(until)

    @api.model
    def _tell_quality(self, until) -> None:
        """Mail those of quality who work in this company."""
        # sudo: who is told is not for the user to see
        users = self.env.ref("lot_traceability.group_quality").sudo().all_user_ids
        told = users.filtered(lambda user: user.active and self.env.company in user.company_ids)
        # sudo: the own name and login, which a portal user may not read
        user = self.env.user.sudo()
        subject = self.env._("Signatures locked: %s", user.name)
        body = self.env._(
            "%(name)s (%(login)s) failed to sign %(count)s times in a row and cannot sign until "
            "%(until)s. Ask whether it was really this person; if not, the password is known to "
            "somebody else and has to be changed.",
            name=user.name,
            login=user.login,
            count=MOST_FAILURES,
            until=self._moment(until),
        )
        # sudo: it comes from the system, not from the one who failed
        root = self.env.ref("base.user_root").sudo()
        root.partner_id.with_user(root).message_notify(
            partner_ids=told.partner_id.ids, subject=subject, body=body
        )

    @api.model
    def _moment(self, instant) -> str:
        """An instant for the user: in the user's time zone, which is named."""
        zone = self.env.user.tz or "UTC"
        text = format_datetime(self.env, instant, tz=zone, dt_format="yyyy-MM-dd HH:mm:ss")
        return f"{text} ({zone})"

    @api.model
    def _wrong_text(self, user, failures: int, until) -> str:
        if until:
            return self._locked_text(until)
        return self.env._(
            "This is not the user name and password of %(user)s. Check both and sign again "
            "(%(left)s attempts left).",
            user=user.name,
            left=MOST_FAILURES - failures,
        )

    @api.model
    def _locked_text(self, until) -> str:
        return self.env._(
            "You cannot sign until %(until)s: signing failed %(count)s times in a row, and quality "
            "has been told.",
            until=self._moment(until),
            count=MOST_FAILURES,
        )
