import re
import socket

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.label.zpl import RESOLUTIONS

TIMEOUT = 5.0  # seconds
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}").fullmatch
# Below are the ports of services that nobody prints on.
_FIRST_PORT, _LAST_PORT = 1024, 65535


class LotLabelPrinter(models.Model):
    """A printer of labels. Only administrators say where it is: the server opens a connection to
    that place."""

    _name = "lot.label.printer"
    _description = "Label printer"
    _inherit = ["lot.audited"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    connection = fields.Selection(
        [
            ("network", "Network: sent to the printer itself"),
            ("report", "As a report: IoT box, print server or the browser"),
        ],
        required=True,
        default="network",
        help="As a report: whatever takes Odoo's reports to a printer, such as an IoT box or a "
        "module for CUPS, takes the labels as well; assign its printer to the report "
        "“Labels (PDF)” or “Labels (ZPL)”.",
    )
    host = fields.Char("Name or IP address", groups="lot_traceability.group_administrator")
    port = fields.Integer(default=9100, groups="lot_traceability.group_administrator")
    language = fields.Selection(
        [("zpl", "ZPL"), ("pdf", "PDF")], "Understands", required=True, default="zpl"
    )
    dpi = fields.Selection(
        [(str(dpi), f"{dpi} dpi") for dpi in RESOLUTIONS],
        "Resolution",
        required=True,
        default="203",
    )
    dpi_number = fields.Integer(compute="_compute_dpi_number")
    waiting_count = fields.Integer("Waiting", compute="_compute_waiting_count")

    @api.depends("dpi")
    def _compute_dpi_number(self):
        for printer in self:
            printer.dpi_number = int(printer.dpi or 203)

    def _compute_waiting_count(self):
        counts = dict(
            self.env["lot.label.job"]._read_group(
                [("printer_id", "in", self.ids), ("state", "in", ("waiting", "failed"))],
                ["printer_id"],
                ["__count"],
            )
        )
        for printer in self:
            printer.waiting_count = counts.get(printer, 0)

    @api.constrains("host", "port", "connection")
    def _check_place(self):
        for printer in self.filtered(lambda each: each.connection == "network"):
            if not _HOST(printer.host or ""):
                raise ValidationError(
                    self.env._(
                        "Enter the name or the IP address of the printer %s in your network, "
                        "without http:// and without a port.",
                        printer.name,
                    )
                )
            if not _FIRST_PORT <= printer.port <= _LAST_PORT:
                raise ValidationError(
                    self.env._(
                        "Printers listen at port 9100, or another one from 1024 to 65535. Correct "
                        "the port of %s.",
                        printer.name,
                    )
                )

    def _send(self, content: bytes) -> None:
        """Send bytes to the printer.

        :raise OSError: it cannot be reached
        """
        # sudo: where the printer is, is told to nobody else, and need not be to be printed on
        printer = self.sudo()
        with socket.create_connection((printer.host, printer.port), timeout=TIMEOUT) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)

    def action_test(self) -> dict:
        """Print a small label that says which printer it is.

        :return: a message
        :raise UserError: the printer cannot be reached
        """
        self.ensure_one()
        self.check_access("write")
        if self.connection == "network" and self.language == "zpl":
            text = f"^XA^CI28^FO20,20^A0N,40,40^FD{self.env._('Test')}^FS^XZ\n"
            try:
                self._send(text.encode())
            except OSError as error:
                raise UserError(self._unreachable(error)) from error
            message = self.env._("Sent. The printer should have printed a label.")
        else:
            message = self.env._("Print a label on this printer to try it.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }

    def _unreachable(self, error: OSError) -> str:
        return self.env._(
            "%(printer)s cannot be reached (%(reason)s). See that it is switched on and in the "
            "network.",
            printer=self.name,
            reason=error.strerror or str(error) or type(error).__name__,
        )

    def action_waiting(self) -> dict:
        """Open what waits for this printer.

        :return: an action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_label_job_action"
        )
        return action | {"domain": [("printer_id", "in", self.ids)], "context": {}}
