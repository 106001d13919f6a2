/**
 * The table of GS1 application identifiers, as the server sends it (`tools/gs1/table_json.py`),
 * made ready for reading. There is no second table: without the server's, nothing is read.
 */

const COMPONENT = /^([NXYZ])(\.\.)?([0-9]+)((?: \w+)*)$/;
// Set apart in the General Specifications (figure 7.8.5-2) for identifiers yet to come.
const RESERVED = { "04": 18, 14: 8, 18: 8, 19: 8 };

const prepared = new WeakMap();

function readComponent(text) {
    const optional = text.startsWith("[");
    const [, charset, variable, length, rules] = text.replace(/^\[|\]$/g, "").match(COMPONENT);
    const maximum = Number(length);
    return {
        charset,
        minimum: variable ? 1 : maximum,
        maximum,
        optional,
        rules: rules.split(" ").filter(Boolean),
    };
}

function* codesOf(range) {
    const [first, last = first] = range.split("-");
    for (let number = Number(first); number <= Number(last); number++) {
        yield String(number).padStart(first.length, "0");
    }
}

function identifierOf(code, components, row) {
    const [, , title, flags, kind, unit, qualifiers] = row;
    const digit = Number(code.at(-1));
    const isFixed = components.every((c) => !c.optional && c.minimum === c.maximum);
    return {
        code,
        title: title.replace("{digit}", digit).replace("{ordinal}", digit + 1),
        components,
        kind,
        unit,
        length: isFixed ? components.reduce((sum, c) => sum + c.maximum, 0) : 0,
        predefined: flags.includes("p"),
        attribute: flags.includes("a"),
        decimals: kind === "decimal" || kind === "currency" ? digit : 0,
        hasCheckDigit: components.some((c) => c.rules.includes("check_digit")),
        qualifiers: qualifiers === null ? null : qualifiers.split("|").map((g) => g.match(/\d+/g)),
    };
}

/**
 * @param {Array<Array>} rows the server's table
 * @returns {{identifiers: Map, codeLengths: Map, predefined: Map}} identifiers by code; by the
 *  first two digits of a code: its length, and where it is predefined that of code and value
 */
export function prepare(rows) {
    let table = prepared.get(rows);
    if (!table) {
        table = {
            identifiers: new Map(),
            codeLengths: new Map(),
            predefined: new Map(Object.entries(RESERVED)),
        };
        for (const row of rows) {
            const components = row[1].split(" + ").map(readComponent);
            for (const code of codesOf(row[0])) {
                const identifier = identifierOf(code, components, row);
                table.identifiers.set(code, identifier);
                table.codeLengths.set(code.slice(0, 2), code.length);
                if (identifier.predefined) {
                    table.predefined.set(code.slice(0, 2), code.length + identifier.length);
                }
            }
        }
        prepared.set(rows, table);
    }
    return table;
}

/** @returns {string|null} the code that begins at `position` of `text` */
export function codeAt(table, text, position) {
    const length = table.codeLengths.get(text.slice(position, position + 2));
    const code = length ? text.slice(position, position + length) : "";
    return table.identifiers.has(code) ? code : null;
}

/** Whether a number in brackets has the length of codes that begin like it. */
export function couldBeCode(table, code) {
    return (table.codeLengths.get(code.slice(0, 2)) ?? code.length) === code.length;
}
