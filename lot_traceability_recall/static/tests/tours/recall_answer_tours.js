import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const amount = (name) => `.o_recall_amount[data-amount=${name}]`;
const type = (name, text) => ({
    content: `Type ${text} as ${name}`,
    trigger: amount(name),
    run: `edit ${text}`,
});
const sums = (text, wrong = false) => ({
    content: `The figures come to: ${text}`,
    trigger: `.o_recall_sum${wrong ? ".text-danger" : ":not(.text-danger)"}:contains(${text})`,
});
const send = {
    content: "Send the answer",
    trigger: ".o_recall_send",
    run: "click",
    expectUnloadPage: true,
};
const sign = [
    { content: "Every instruction was followed", trigger: "#followed_yes", run: "click" },
    { content: "Who answers", trigger: "#name", run: "edit Ann Clerk" },
    { content: "Sign it", trigger: "#agreed", run: "click" },
];
const thanks = (version) => ({
    content: `Answer ${version} has arrived`,
    trigger: `.alert-success:contains(Thank you):contains(/Answer:\\s*${version}/)`,
});
const goods = { content: "The goods are named", trigger: ".o_recall_lot:contains(CHEESE-1)" };

tours.add("recall_answer_fill_in", {
    steps: () => [
        goods,
        type("found", "4"),
        type("quarantined", "5"),
        sums("More is set aside", true),
        type("quarantined", "4"),
        type("consumed", "2"),
        sums("Accounted for: 6 of 6"),
        ...sign,
        send,
        thanks(1),
        {
            content: "Something was wrong",
            trigger: "a:contains(Correct the answer)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Who answered before", trigger: ".alert-info:contains(Ann Clerk)" },
        { content: "What was found", trigger: `${amount("found")}:value(4)` },
        { content: "It is signed anew", trigger: "#agreed:not(:checked)" },
        type("found", "5"),
        type("consumed", "1"),
        sums("Accounted for: 6 of 6"),
        { content: "Sign it", trigger: "#agreed", run: "click" },
        send,
        thanks(2),
    ],
});

tours.add("recall_answer_more_than_received", {
    steps: () => [
        goods,
        type("found", "9"),
        sums("Accounted for: 9 of 6", true),
        ...sign,
        send,
        {
            content: "It is asked once more, where the eye is",
            trigger: "#questions:focus:contains(come to 9 kg, but 6 kg were sent)",
        },
        { content: "What was typed stays", trigger: `${amount("found")}:value(9)` },
        { content: "It is right", trigger: "#confirmed", run: "click" },
        send,
        thanks(1),
    ],
});

tours.add("recall_answer_expired", {
    steps: () => [
        {
            content: "It is said, and whom to ask",
            trigger: "h1:contains(This link does not work, or not any more)",
        },
        { content: "The phone number", trigger: "a[href='tel:+15550199']" },
        { content: "Nothing of the recall", trigger: "body:not(:contains(CHEESE-1))" },
    ],
});

tours.add("recall_answer_phone", {
    steps: () => [
        goods,
        {
            content: "Nothing is beyond the edge",
            trigger: "#wrap",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} is wider than the phone: ${clientWidth}`);
                }
            },
        },
        { content: "I have none of it", trigger: "#none_found", run: "click" },
        { content: "Nothing is found then", trigger: `${amount("found")}[readonly]` },
        {
            content: "But I have all of it",
            trigger: ".o_recall_all:contains(I have all of it, and it is set aside)",
            run: "click",
        },
        { content: "All that was received", trigger: `${amount("quarantined")}:value(6)` },
        { content: "None is not said any more", trigger: "#none_found:not(:checked)" },
        sums("Accounted for: 6 of 6"),
        type("found", "4"),
        type("quarantined", "4"),
        type("sold_on", "2"),
        ...sign,
        send,
        {
            content: "To whom it was sold is asked",
            trigger: "#problems:focus:contains(name them below)",
        },
        {
            content: "To a kiosk",
            trigger: ".o_recall_row:first [name=sold_name]",
            run: "edit Kiosk",
        },
        {
            content: "Two of it",
            trigger: ".o_recall_row:first [name=sold_quantity]",
            run: "edit 2",
        },
        { content: "And to another", trigger: ".o_recall_add", run: "click" },
        {
            content: "There is room for it",
            trigger: ".o_recall_row:last [name=sold_name]:focus:value()",
        },
        send,
        thanks(1),
    ],
});
