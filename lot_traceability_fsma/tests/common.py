from odoo.addons.lot_traceability.tests.common import LotTraceabilityCommon

ADDRESS = {
    "is_company": True,
    "phone": "+1 555 0100",
    "city": "Salinas",
    "zip": "93901",
}


class FsmaCommon(LotTraceabilityCommon):
    """A packer of lettuce with a plant and a depot in another street; a grower, a distributor and
    a shop whose addresses are known in full.

    - `listed` makes a product that is on the list and described; `events` finds what a document
      or a lot has recorded
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.america = cls.env.ref("base.us")
        cls.california = cls.env.ref("base.state_us_5")
        cls.grower, cls.distributor, cls.market = cls.env["res.partner"].create(
            [
                cls.address(name, street)
                for name, street in (
                    ("Green Farm", "1 Farm Road"),
                    ("Fresh Distribution", "2 Dock Street"),
                    ("Corner Market", "3 Market Street"),
                )
            ]
        )
        cls.env.company.partner_id.write(cls.address(cls.env.company.name, "4 Plant Avenue"))
        # Flows of tests run to their end; who asks is tested apart.
        cls.env.company.fsma_ask = "later"
        cls.plant.partner_id = cls.env.company.partner_id
        cls.depot = cls.warehouse("Depot", "DEP")
        cls.depot.partner_id = cls.env["res.partner"].create(
            {
                **cls.address("Depot", "5 Cold Street"),
                "is_company": False,
                "parent_id": cls.env.company.partner_id.id,
                "type": "delivery",
            }
        )
        cls.greens = cls.env.ref("lot_traceability_fsma.ftl_leafy_greens")
        cls.lettuce = cls.listed("Romaine hearts")

    @classmethod
    def address(cls, name, street):
        return {
            **ADDRESS,
            "name": name,
            "street": street,
            "state_id": cls.california.id,
            "country_id": cls.america.id,
        }

    @classmethod
    def listed(cls, name, category=None, **values):
        return cls.product(
            name,
            **{
                "fsma_category_id": (category or cls.greens).id,
                "fsma_commodity": "Romaine lettuce",
                "fsma_packaging_size": "12 × 1 lb",
                "fsma_packaging_style": "carton",
                **values,
            },
        )

    @classmethod
    def bought(cls, product, name, quantity, partner=None, **line_values):
        """A receipt as one types it, with what the label told."""
        picking = cls.picking(
            cls.plant.in_type_id,
            {product: quantity},
            source=cls.suppliers,
            partner=partner or cls.distributor,
        )
        picking.move_line_ids.write({"lot_name": name, **line_values})
        cls.validate(picking)
        return picking

    @classmethod
    def coded(cls, product, name, quantity, **kwargs):
        """A lot that came with its code and source."""
        values = {"fsma_code": f"TLC-{name}", "fsma_source_id": cls.grower.id, **kwargs}
        return cls.bought(product, name, quantity, **values).move_line_ids.lot_id.with_env(cls.env)

    @classmethod
    def events(cls, record, kind=None, current=True):
        link = {"stock.picking": "picking_id", "stock.lot": "lot_id"}.get(
            record._name, "production_id"
        )
        domain = [(link, "=", record.id)]
        if kind:
            domain.append(("kind", "=", kind))
        if current:
            domain.append(("replaced_by_id", "=", False))
        return cls.env["lot.fsma.event"].search(domain, order="id")
