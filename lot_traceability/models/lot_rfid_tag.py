from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.rfid_printing import write_command
from ..tools.rfid_tag import read_tag


class LotRfidTag(models.Model):
    """What a tag is on. Most tags carry no lot: they are known by this register, into which they
    come when they are written, or enrolled by hand."""

    _name = "lot.rfid.tag"
    _description = "RFID tag"
    _order = "id desc"
    _rec_name = "identity"
    _check_company_auto = True

    identity = fields.Char(
        "Tag", required=True, readonly=True, help="The number that the tag names, however written"
    )
    epc = fields.Char("EPC", required=True, help="In hexadecimal digits, or as a URN")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
    )
    lot_id = fields.Many2one(
        "stock.lot", check_company=True, index="btree_not_null", ondelete="cascade"
    )
    package_id = fields.Many2one(
        "stock.package", check_company=True, index="btree_not_null", ondelete="cascade"
    )
    quantity = fields.Float(
        default=1.0,
        digits="Product Unit",
        help="How much the tag stands for, in the product's unit: 12 on a case of 12",
    )
    origin = fields.Selection(
        [("encoded", "Written here"), ("enrolled", "Enrolled")],
        default="enrolled",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _identity_unique = models.UniqueIndex(
        "(company_id, identity)", "This tag is registered already."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A tag stands for more than nothing."
    )

    @api.depends("lot_id")
    def _compute_product_id(self):
        for tag in self:
            tag.product_id = tag.lot_id.product_id or tag.product_id

    @api.constrains("lot_id", "package_id", "product_id")
    def _check_subject(self):
        for tag in self:
            if not (tag.lot_id or tag.package_id or tag.product_id):
                raise ValidationError(
                    self.env._("Say which lot, product or package the tag %s is on.", tag.identity)
                )
            if not tag.lot_id and not tag.package_id and tag.product_id.tracking != "none":
                raise ValidationError(
                    self.env._(
                        "Say which lot of %(product)s the tag %(tag)s is on.",
                        product=tag.product_id.display_name,
                        tag=tag.identity,
                    )
                )
            if tag.lot_id and tag.product_id != tag.lot_id.product_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not of %(product)s.",
                        lot=tag.lot_id.name,
                        product=tag.product_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(self._read_epc(vals.get("epc")))
        tags = super().create(vals_list)
        tags._tell_registered()
        return tags

    def write(self, vals):
        if "epc" in vals:
            vals = vals | self._read_epc(vals["epc"])
        result = super().write(vals)
        if "lot_id" in vals:
            self._tell_registered()
        return result

    def _tell_registered(self) -> None:
        """Which lot a tag is on decides what is counted and moved: its history says so."""
        for (lot, origin), tags in self.grouped(lambda tag: (tag.lot_id, tag.origin)).items():
            if lot:
                label = dict(self._fields["origin"]._description_selection(self.env))[origin]
                self.env["lot.audit.event"]._record(
                    "tagged",
                    lot=lot,
                    company=tags[0].company_id,
                    data={"count": len(tags), "format": label, "first": tags[0].identity},
                )

    @api.model
    def _read_epc(self, epc) -> dict:
        """:raise UserError: there is no EPC. One that cannot be decoded is a number as well."""
        tag = read_tag(epc if isinstance(epc, str) else "")
        if not tag.identity:
            raise UserError(self.env._("Read the tag, or type its EPC."))
        return {"identity": tag.identity, "epc": tag.epc}

    @api.model
    def enroll(self, epcs: list[str], lot_id: int, quantity: float = 1.0) -> list[int]:
        """Register tags that are on goods of a lot already; a tag that is registered for other
        goods is now on these.

        :param epcs: EPCs as hexadecimal digits or URNs
        :param lot_id: id of a `stock.lot`
        :param quantity: how much each tag stands for, in the product's unit
        :return: ids of the tags
        :raise UserError: there is no EPC among them, or the lot does not exist
        """
        lot = self.env["stock.lot"].browse(lot_id).exists()
        if not lot:
            raise UserError(self.env._("This lot does not exist any more. Search for it again."))
        lot.check_access("read")
        company = lot.company_id or self.env.company
        values = {"lot_id": lot.id, "package_id": False, "quantity": quantity}
        wanted = {vals["identity"]: vals for vals in map(self._read_epc, epcs)}
        known = self.search([("company_id", "=", company.id), ("identity", "in", list(wanted))])
        known.write(values | {"product_id": lot.product_id.id})
        for identity in known.mapped("identity"):
            del wanted[identity]
        return (
            known
            + self.create([vals | values | {"company_id": company.id} for vals in wanted.values()])
        ).ids

    @api.model
    def encode(self, lot_id: int, quantity: int, per_tag: float = 1.0) -> list[dict]:
        """New tags for a lot, registered, as a printer takes them.

        :param lot_id: id of a `stock.lot`
        :param quantity: how many tags, 1 for an item with a serial number
        :param per_tag: how much each one stands for, in the product's unit
        :return: [{"epc": hexadecimal digits, "zpl": the commands that write it}]
        :raise AccessError: without the right to register tags
        :raise UserError: the lot does not exist, or something does not fit on a tag
        """
        lot = self.env["stock.lot"].browse(lot_id).exists()
        if not lot:
            raise UserError(self.env._("This lot does not exist any more. Search for it again."))
        lot.check_access("read")
        epcs = lot._rfid_encodings(quantity, per_tag)
        return [{"epc": epc, "zpl": write_command(epc)} for epc in epcs]
