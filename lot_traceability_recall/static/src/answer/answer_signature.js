import { Component, onMounted, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { NameAndSignature } from "@web/core/signature/name_and_signature";

/** A signature drawn by hand, kept in a hidden field of the page. */
export class AnswerSignature extends Component {
    static template = xml`<NameAndSignature t-props="signatureProps"/>`;
    static components = { NameAndSignature };
    static props = ["*"];

    setup() {
        this.signature = useState({
            name: "",
            getSignatureImage: () => "",
            resetSignature: () => {},
        });
        this.signatureProps = {
            signature: this.signature,
            noInputName: true,
            mode: "draw",
            fontColor: "black",
        };
        onMounted(() => {
            const place = document.querySelector(".o_recall_signature_value");
            // Drawn on a surface that had no size while it was folded away.
            place
                .closest("details")
                .addEventListener("toggle", () => this.signature.resetSignature());
            place.form.addEventListener("submit", () => this.keep(place));
        });
    }

    keep(place) {
        // One that was sent with an earlier try stays until it is drawn anew.
        if (this.signature.isSignatureEmpty === false) {
            place.value = this.signature.getSignatureImage();
        }
    }
}

registry
    .category("public_components")
    .add("lot_traceability_recall.answer_signature", AnswerSignature);
