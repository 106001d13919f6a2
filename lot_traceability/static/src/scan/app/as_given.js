import { markRaw } from "@odoo/owl";

/**
 * For what is replaced as a whole and never changed, as answers of the server: a component that gets
 * it would else remember each one that it ever showed, to be told of changes.
 */
export function asGiven(value) {
    return value && typeof value === "object" ? markRaw(value) : value;
}
