import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The guided tours for the roles of the user, each with a button that starts it. */
export class LearnPage extends Component {
    static template = "lot_traceability.LearnPage";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.tour = useService("tour_service");
        this.ui = useService("ui");
        this.state = useState({ tours: [] });
        onWillStart(async () => {
            this.state.tours = await this.orm.call("lot.learn", "tours", []);
        });
    }

    async start(name) {
        await this.orm.call("lot.learn", "begin", []);
        await this.tour.startTour(name, { mode: "manual", redirect: false });
    }
}

registry.category("actions").add("lot_traceability.learn", LearnPage);
