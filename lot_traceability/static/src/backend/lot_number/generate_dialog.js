import { patch } from "@web/core/utils/patch";
import { GenerateDialog } from "@stock/widgets/generate_serial";
import { onMounted } from "@odoo/owl";

// The dialog starts with the next number of the product's numbering scheme. Left as it is, it is
// sent empty: the server then takes the numbers that are free at that moment.
patch(GenerateDialog.prototype, {
    setup() {
        super.setup();
        this.offeredNumber = "";
        onMounted(() => this._offerNumber());
    },

    async _offerNumber() {
        if (this.props.mode !== "generate") {
            return;
        }
        const { product_id, picking_type_id } = this.props.move.data;
        this.offeredNumber = await this.orm.call("stock.move", "next_lot_number", [
            product_id.id,
            picking_type_id?.id || this.props.move.context.default_picking_type_id || 0,
        ]);
        if (this.offeredNumber && this.nextSerial.el && !this.nextSerial.el.value) {
            this.nextSerial.el.value = this.offeredNumber;
        }
    },

    async _onGenerateCustomSerial() {
        if (!this.offeredNumber) {
            return super._onGenerateCustomSerial();
        }
        this.nextSerial.el.value = "";
        return this._offerNumber();
    },

    async _onGenerate() {
        const input = this.nextSerial.el;
        if (!input || !this.offeredNumber || input.value !== this.offeredNumber) {
            return super._onGenerate();
        }
        input.value = "";
        try {
            return await super._onGenerate();
        } finally {
            input.value = this.offeredNumber;
        }
    },
});
