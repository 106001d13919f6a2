import hmac
import logging
import os

from odoo import api, models
from odoo.tools import config

_logger = logging.getLogger(__name__)

_VARIABLE = "LOT_TRACEABILITY_WATCH_TOKEN"
_OPTION = "lot_traceability_watch_token"
PARAMETER = "lot_traceability.watch_token"
# Shorter ones can be guessed.
_SHORTEST = 20


class LotHealth(models.AbstractModel):
    """Which programs may ask, over HTTP: those that know the token."""

    _inherit = "lot.health"

    @api.model
    def _token(self) -> str:
        """From the environment, the configuration file or, where those say nothing, a system
        parameter; empty when there is none that is long enough."""
        # sudo: whoever asks may not read parameters
        kept = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        token = (os.environ.get(_VARIABLE) or config.get(_OPTION) or kept or "").strip()
        if token and len(token) < _SHORTEST:
            _logger.warning("%s is too short: it takes %s characters.", PARAMETER, _SHORTEST)
            return ""
        return token

    @api.model
    def _is_known(self, header: str | None) -> bool:
        """Does an Authorization header bring the token?"""
        token = self._token()
        scheme, _space, given = (header or "").partition(" ")
        # Compared in any case, so that the time says nothing.
        same = hmac.compare_digest(given.strip().encode(), token.encode())
        return bool(token) and scheme.lower() == "bearer" and same
