/**
 * The table of GS1 application identifiers, as the server sends it (`tools/gs1/table_json.py`),
 * made ready for reading. There is no second table: without the server's, nothing is read.
 */

const COMPONENT = /^([NXYZ])(\.\.)?([0-9]+)((?: \w+)*)$/;
/**
 * Length of code and value together where the first two digits of a code predefine it, in the
 * General Specifications (figure 7.8.5-2), which set some of them apart for identifiers to come.
 */
export const PREDEFINED = new Map([
    ...[
        ["00", 20],
        ["01", 16],
        ["02", 16],
        ["03", 16],
        ["04", 18],
        ["20", 4],
        ["41", 16],
    ],
    ...["11", "12", "13", "14", "15", "16", "17", "18", "19"].map((digits) => [digits, 8]),
    ...["31", "32", "33", "34", "35", "36"].map((digits) => [digits, 10]),
]);

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
    const [, , title, kind, unit, qualifiers] = row;
    const digit = Number(code.at(-1));
    return {
        code,
        title: title.replace("{digit}", digit).replace("{ordinal}", digit + 1),
        components,
        kind,
        unit,
        decimals: kind === "decimal" || kind === "currency" ? digit : 0,
        hasCheckDigit: components.some((c) => c.rules.includes("check_digit")),
        qualifiers:
            typeof qualifiers === "string"
                ? qualifiers.split("|").map((g) => g.match(/\d+/g))
                : null,
    };
}

/**
 * @param {Array<Array>} rows the server's table
 * @returns {{identifiers: Map, codeLengths: Map}} identifiers by code; the length of a code by
 *  its first two digits
 */
export function prepare(rows) {
    let table = prepared.get(rows);
    if (!table) {
        table = { identifiers: new Map(), codeLengths: new Map() };
        for (const row of rows) {
            const components = row[1].split(" + ").map(readComponent);
            for (const code of codesOf(row[0])) {
                const identifier = identifierOf(code, components, row);
                table.identifiers.set(code, identifier);
                table.codeLengths.set(code.slice(0, 2), code.length);
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
