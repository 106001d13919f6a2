class LotTraceabilityAssertions:
    """What flows have to leave in the genealogy; needs `env` and `reader` (lowest rights)."""

    def edges(self, document=None):
        """{(parent name, child name, kind, certainty): (quantity in, quantity out)}"""
        domain = []
        if document is not None:
            domain = [("res_model", "=", document._name), ("res_id", "in", document.ids)]
        return {
            (edge.parent_lot_id.name, edge.child_lot_id.name, edge.kind, edge.certainty): (
                round(edge.parent_quantity, 4),
                round(edge.child_quantity, 4),
            )
            for edge in self.env["lot.genealogy.edge"].search(domain)
        }

    def assertEdges(self, document, expected, kind="production", certainty="recorded"):
        """The document has exactly these edges: {(parent, child): (quantity in, out)}, or with
        (parent, child, kind, certainty) where they differ from the common ones."""
        wanted = {}
        for key, value in expected.items():
            wanted[key if len(key) == 4 else (*key, kind, certainty)] = value
        self.assertEqual(self.edges(document), wanted)

    def assertMovements(self, lot, expected):
        """The lot crossed the border of the stock exactly so: [(kind, quantity, partner)], in
        the order of time."""
        rows = self.env["lot.genealogy.movement"].search(
            [("lot_id", "=", lot.id)], order="date, move_line_id, id"
        )
        self.assertEqual(
            [(row.kind, round(row.quantity, 4), row.partner_id.name or "") for row in rows],
            [
                (kind, quantity, partner.name if partner else "")
                for kind, quantity, partner in expected
            ],
        )

    def traced(self, lots, direction, before=False):
        """Names of the lots that a trace by the lowest rights reaches, origins left out."""
        result = self.env["lot.trace"].with_user(self.reader).trace(lots.ids, direction)
        return {
            row["name"]
            for row in result["lots"]
            if row["side"] != "origin" and row["before"] == before
        }

    def received_by(self, lots):
        """{partner: (sent, came back)} of what was made of these lots."""
        result = self.env["lot.trace"].with_user(self.reader).trace(lots.ids, "downstream")
        return {
            row["name"]: (row["quantities"][0]["quantity"], row["quantities"][0]["returned"])
            for row in result["partners"]
            if row["role"] == "customer"
        }

    def assertReached(self, lots, upstream=None, downstream=None):
        if upstream is not None:
            self.assertEqual(self.traced(lots, "upstream"), set(upstream))
        if downstream is not None:
            self.assertEqual(self.traced(lots, "downstream"), set(downstream))

    def assertNoDrift(self):
        """The tables kept up to date equal what a full rebuild gives, and hold nothing else."""
        documents = {
            model: self.env[model].search([]).ids
            for model in self.env["lot.genealogy.edge"]._documents_of_moves()
        }
        lines = self.env["stock.move.line"].search([("state", "=", "done")])
        drift = self.env["lot.genealogy.rebuild"]._drift(documents, lines.ids)
        self.assertEqual(drift, {"edges": [], "movements": [], "unlabelled": []})
        for edge in self.env["lot.genealogy.edge"].search([]):
            self.assertIn(edge.res_id, documents[edge.res_model])
        self.assertLessEqual(
            set(self.env["lot.genealogy.movement"].search([]).move_line_id.ids), set(lines.ids)
        )
