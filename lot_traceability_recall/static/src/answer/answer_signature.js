import { Component, useState, xml } from "@odoo/owl";
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
            onSignatureChange: () => this.keep(),
        };
    }

    keep() {
        const empty = this.signature.isSignatureEmpty;
        document.querySelector(".o_recall_signature_value").value = empty
            ? ""
            : this.signature.getSignatureImage();
    }
}

registry
    .category("public_components")
    .add("lot_traceability_recall.answer_signature", AnswerSignature);
