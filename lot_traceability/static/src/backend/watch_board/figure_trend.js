import { Component } from "@odoo/owl";
import { HEIGHT, trendShape, WIDTH } from "./figure_trend_layout";

/** The last 90 days of a figure, small; a dashed line is its target. */
export class FigureTrend extends Component {
    static template = "lot_traceability.FigureTrend";
    static props = {
        trend: Array,
        first: String,
        last: String,
        target: { type: [Number, Boolean] },
        state: String,
    };

    get WIDTH() {
        return WIDTH;
    }

    get HEIGHT() {
        return HEIGHT;
    }

    get shape() {
        return trendShape(this.props);
    }
}
