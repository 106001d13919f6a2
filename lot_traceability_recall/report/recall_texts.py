"""What the tables of a recall's reports share."""

from odoo.tools import format_date, format_datetime


class RecallTexts:
    """Words, days and addresses as a report says them."""

    def __init__(self, recall) -> None:
        self.recall = recall
        self.env = recall.env

    def _words(self, model: str, name: str) -> dict[str, str]:
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _when(self, value) -> str:
        return format_datetime(self.env, value) if value else ""

    def _day(self, value) -> str:
        return format_date(self.env, value) if value else ""

    def _address(self, partner) -> str:
        parts = (partner.street, partner.city, partner.state_id.code, partner.zip)
        country = partner.country_id.name
        return ", ".join(filter(None, (*parts, country)))
