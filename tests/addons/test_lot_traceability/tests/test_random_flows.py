import logging
import os
from collections import Counter

import freezegun
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OptionalAppsCase
from .random_plant import OPERATIONS, Plant

EXAMPLES = int(os.environ.get("LOT_TRACEABILITY_RANDOM_EXAMPLES", "8"))

# Hypothesis gives up by the clock: by the real one.
freezegun.configure(extend_ignore_list=["hypothesis"])
_logger = logging.getLogger(__name__)
number = st.integers(min_value=0, max_value=11)


@st.composite
def histories(draw):
    """Different operations in any order, [(name, three numbers, whether the transaction ends)]."""
    names = draw(st.permutations(OPERATIONS))[: draw(st.integers(8, 14))]
    return [(name, draw(number), draw(number), draw(number), draw(st.booleans())) for name in names]


@tagged("post_install", "-at_install")
class TestRandomFlows(OptionalAppsCase):
    """Whatever people do, and in whatever order, the genealogy kept step by step is what a full
    rebuild finds, and its figures add up. `LOT_TRACEABILITY_RANDOM_EXAMPLES` runs more examples,
    other ones each time."""

    def test_the_upkeep_equals_a_rebuild_after_any_history(self):
        self.plant = Plant(self)
        self.plant.start()
        self.accepted = set()
        derandomize = "LOT_TRACEABILITY_RANDOM_EXAMPLES" not in os.environ

        @settings(
            max_examples=EXAMPLES,
            derandomize=derandomize,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(histories())
        def check(steps):
            self.check_history(steps)

        check()
        self.assertEqual(set(OPERATIONS) - self.accepted, set(), "chance never did these")

    def check_history(self, steps):
        savepoint = self.env.cr.savepoint()
        try:
            waiting = []
            for *step, ends in steps:
                waiting.append(step)
                if ends:
                    self.try_transaction(waiting)
                    waiting = []
            self.try_transaction(waiting)
            lots = self.plant.lots()
            self.assert_balanced(lots)
            self.assert_quantities_add_up()
            self.assert_both_directions_agree(lots[len(lots) % 4 :: 4])
            self.assert_rebuild_changes_nothing()
        finally:
            savepoint.close(rollback=True)

    def try_transaction(self, steps):
        """Odoo may refuse what chance asks for; then nothing of it happened."""
        try:
            with self.env.cr.savepoint():
                for name, *numbers in steps:
                    self.plant.do(name, *numbers)
        except UserError as error:
            _logger.info("refused %s: %s", steps, error)
        else:
            self.accepted.update(name for name, *_numbers in steps)
        self.assert_no_drift()

    # -- what holds after any history --------------------------------------------------------

    def assert_quantities_add_up(self):
        """No document passes on more of a lot than went in, nor makes more than came out; and
        all of it where every output has a lot and no lot went into itself."""
        for order in self.plant.orders():
            went_in = self.by_lot(order.move_raw_ids, "location_dest_id")
            came_out = self.by_lot(order.move_finished_ids, "location_id")
            edges = self.env["lot.genealogy.edge"].search(
                [
                    ("res_model", "=", "mrp.production"),
                    ("res_id", "=", order.id),
                    ("kind", "=", "production"),
                ]
            )
            passed, made = Counter(), Counter()
            for edge in edges:
                passed[edge.parent_lot_id] += edge.parent_quantity
                made[edge.child_lot_id, edge.parent_lot_id.product_id] += edge.child_quantity
            exact = False not in came_out and not went_in.keys() & came_out.keys()
            for lot in went_in.keys() - {False}:
                self.assertLessEqual(passed[lot], went_in[lot] + 1e-4)
                if came_out and exact:
                    self.assertAlmostEqual(passed[lot], went_in[lot], 3)
            for (lot, _product), quantity in made.items():
                self.assertLessEqual(quantity, came_out[lot] + 1e-4)

    def by_lot(self, moves, production_side):
        """{lot or False: quantity} of the done lines that cross the production location."""
        sums = {}
        for line in moves.move_line_ids:
            if line.state == "done" and line[production_side].usage == "production":
                lot = line.lot_id or False
                sums[lot] = sums.get(lot, 0) + line.quantity_product_uom
        return {lot: quantity for lot, quantity in sums.items() if quantity > 0}

    def assert_both_directions_agree(self, lots):
        """Of these lots, one is downstream of another exactly when the other is upstream of it:
        over all links, and over those that count in time unless stock was booked out early."""
        trace = self.env["lot.trace"].trace
        reached, counted, untimed = {}, {}, False
        for direction in ("downstream", "upstream"):
            for lot in lots.ids:
                result = trace([lot], direction)
                untimed |= any(w["code"] == "negative_stock" for w in result["warnings"])
                others = [row for row in result["lots"] if row["id"] in lots.ids]
                reached[direction, lot] = {row["id"] for row in others}
                counted[direction, lot] = {row["id"] for row in others if not row["before"]}
        for found in (reached, counted) if not untimed else (reached,):
            down = {(a, b) for a in lots.ids for b in found["downstream", a]}
            up = {(a, b) for b in lots.ids for a in found["upstream", b]}
            self.assertEqual(down, up)

    def assert_rebuild_changes_nothing(self):
        before = self.snapshot()
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.assertEqual(before, self.snapshot())

    def snapshot(self):
        """Both tables, without ids, quantities to four decimals."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT res_model, res_id, parent_lot_id, child_lot_id, kind, certainty,
                      ROUND(parent_quantity::numeric, 4), ROUND(child_quantity::numeric, 4),
                      date, date_out, company_id FROM lot_genealogy_edge ORDER BY 1, 2, 3, 4, 5"""
        )
        edges = self.env.cr.fetchall()
        self.env.cr.execute(
            """SELECT move_line_id, kind, lot_id, quantity, partner_id, picking_id, date
                 FROM lot_genealogy_movement ORDER BY 1, 2"""
        )
        return edges, self.env.cr.fetchall()
