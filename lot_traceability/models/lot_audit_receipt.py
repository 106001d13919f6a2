import base64
import json
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import requests
from odoo import api, fields, models
from odoo.tools import config

from ..tools.audit_format import Receipt, receipt_of
from ..tools.audit_proof import receipt_line
from ..tools.audit_timestamp import TimestampError, build_request, verify_response

_logger = logging.getLogger(__name__)
_FOLDER_OPTION = "lot_audit_folder"
_TSA_OPTION = "lot_audit_tsa_url"
_TSA_SECONDS = 10


class LotAuditReceipt(models.Model):
    """A receipt that left the database as a file of its own: by mail, as an attachment, and with a
    time-stamp of an authority where one is named. Each block's receipt goes to the receipts file."""

    _name = "lot.audit.receipt"
    _description = "Receipt of the audit log"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Integer("Block", required=True, readonly=True, index=True)
    line = fields.Text("Receipt", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    timestamp = fields.Binary("Time-stamp (RFC 3161)", readonly=True, attachment=True)
    timestamp_at = fields.Datetime("Stamped on", readonly=True)
    timestamp_authority = fields.Char("Stamped by", readonly=True)
    timestamp_problem = fields.Char("Why there is no time-stamp", readonly=True)
    mailed_to = fields.Char(readonly=True)
