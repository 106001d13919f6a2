from datetime import timedelta

from odoo import api, fields, models


class StockMove(models.Model):
    """Expiry dates of lots that are only generated or pasted, by the one rule of days."""

    _inherit = "stock.move"

    def _expiry_of_new_lot(self, expiry, picking, product):
        """The expiry that core counts for a lot still to come, on the day that is meant by it."""
        company = self.company_id or picking.company_id or self.env.company
        calendar = self.env["lot.calendar"]
        start = calendar._day(picking.scheduled_date or fields.Datetime.now(), company)
        day = start + timedelta(days=product.expiration_time)
        return calendar._on_day(expiry, day, company)

    @api.model
    def action_generate_lot_line_vals(self, context_data, mode, first_lot, count, lot_text):
        """As core, with the expiry on its day where the company is.

        :return: the values of the lines that are generated
        """
        vals_list = super().action_generate_lot_line_vals(
            context_data, mode, first_lot, count, lot_text
        )
        product = self.env["product.product"].browse(context_data.get("default_product_id"))
        picking = self.env["stock.picking"].browse(context_data.get("default_picking_id"))
        since = picking.scheduled_date or fields.Datetime.today()
        counted = since + timedelta(days=product.expiration_time)
        for vals in vals_list:
            if vals.get("expiration_date") == counted:
                vals["expiration_date"] = self._expiry_of_new_lot(counted, picking, product)
        return vals_list

    def _generate_serial_move_line_commands(
        self, field_data, location_dest_id=False, origin_move_line=None
    ):
        commands = super()._generate_serial_move_line_commands(
            field_data, location_dest_id, origin_move_line
        )
        counted = fields.Datetime.today() + timedelta(days=self.product_id.expiration_time)
        for *_, vals in commands:
            if isinstance(vals, dict) and vals.get("expiration_date") == counted:
                vals["expiration_date"] = self._expiry_of_new_lot(
                    counted, self.env["stock.picking"], self.product_id
                )
        return commands

    def _convert_string_into_field_data(self, string, options):
        result = super()._convert_string_into_field_data(string, options)
        if isinstance(result, dict) and result.get("expiration_date"):
            calendar = self.env["lot.calendar"]
            company = self.company_id[:1] or self.env.company
            typed = result["expiration_date"]
            # Core takes a pasted day for its midnight in UTC.
            result["expiration_date"] = calendar._on_day(typed, typed.date(), company)
        return result
