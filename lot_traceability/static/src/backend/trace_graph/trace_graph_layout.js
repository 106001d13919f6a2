/**
 * Layered drawing of a genealogy, without a DOM: columns by generation from left to
 * right, crossings reduced by barycenter sweeps, rows placed close to what they are
 * linked with. Links over several columns run in lanes between the nodes.
 */
export const NODE_WIDTH = 176;
// Names of customers are long, and nothing stands right of them.
const CUSTOMER_WIDTH = 256;
const NODE_HEIGHT = 44;
const COMPACT_HEIGHT = 24;
const COLUMN_GAP = 112;
const ROW_GAP = 16;
const COMPACT_GAP = 4;
const LANE_HEIGHT = 2;
const LANE_GAP = 12;
const BEFORE_GAP = 20;
// What the quantity of a link takes, at most.
const LABEL_WIDTH = 62;
const LABEL_HEIGHT = 13;
// A column of more nodes than this is drawn with one line a node.
const COMPACT_FROM = 8;
const SWEEPS = 6;

/**
 * @param {Object[]} nodes of `lot.trace.overview`
 * @param {Object[]} links of `lot.trace.overview`
 * @returns {{nodes: Object[], links: Object[], columns: string[][], width: number, height: number}}
 *   nodes with x, y, width, height, column, compact; links with path, labelX, labelY, and
 *   crowded where the quantity would cover another one
 */
export function layoutGraph(nodes, links) {
    const columnOf = assignColumns(nodes, links);
    const grid = new Grid(nodes, links, columnOf);
    grid.order();
    grid.place();
    return grid.result();
}

/**
 * The column of each node. Where a lot feeds another of the same generation, the longest
 * way counts, so that every link but those of a cycle runs from left to right.
 *
 * @returns {Map<string, number>} dense, from 0
 */
export function assignColumns(nodes, links) {
    const byKey = new Map(nodes.map((node) => [node.key, node]));
    const isPartner = (key) => /^(supplier|customer)/.test(byKey.get(key).kind);
    const inner = forwardLinks(
        nodes,
        links.filter((link) => !isPartner(link.source) && !isPartner(link.target)),
    );
    const column = new Map();
    const measure = (start, neighbours, step, follows) => {
        const key = start.key;
        if (column.has(key)) {
            return column.get(key);
        }
        let best = start.level;
        for (const other of neighbours.get(key) || []) {
            const node = byKey.get(other);
            if (follows(node)) {
                const reached = measure(node, neighbours, step, follows) + step;
                best = step > 0 ? Math.max(best, reached) : Math.min(best, reached);
            }
        }
        column.set(key, best);
        return best;
    };
    const lots = nodes.filter((node) => !isPartner(node.key));
    for (const node of lots.filter((node) => node.level >= 0)) {
        measure(node, inner.sources, 1, (other) => other.level >= 0);
    }
    for (const node of lots.filter((node) => node.level < 0)) {
        measure(node, inner.targets, -1, () => true);
    }
    const used = [...column.values(), 0];
    const [first, last] = [Math.min(...used) - 1, Math.max(...used) + 1];
    for (const node of nodes.filter((node) => isPartner(node.key))) {
        column.set(node.key, node.kind.startsWith("supplier") ? first : last);
    }
    const dense = [...new Set(column.values())].sort((a, b) => a - b);
    const index = new Map(dense.map((value, position) => [value, position]));
    return new Map([...column].map(([key, value]) => [key, index.get(value)]));
}

/** Neighbours both ways without the links that close a cycle. */
function forwardLinks(nodes, links) {
    const out = new Map();
    for (const link of links) {
        push(out, link.source, link.target);
    }
    const sources = new Map();
    const targets = new Map();
    const state = new Map();
    const visit = (key) => {
        state.set(key, "open");
        for (const target of out.get(key) || []) {
            if (state.get(target) === "open") {
                continue;
            }
            push(targets, key, target);
            push(sources, target, key);
            if (!state.has(target)) {
                visit(target);
            }
        }
        state.set(key, "done");
    };
    for (const node of [...nodes].sort((a, b) => a.level - b.level)) {
        if (!state.has(node.key)) {
            visit(node.key);
        }
    }
    return { sources, targets };
}

/** The drawing while it is made: columns of cells, a cell being a node or a lane. */
class Grid {
    constructor(nodes, links, columnOf) {
        this.cells = new Map();
        this.columns = [];
        this.links = links;
        this.routes = new Map();
        const perColumn = new Map();
        for (const column of columnOf.values()) {
            perColumn.set(column, (perColumn.get(column) || 0) + 1);
        }
        for (const node of nodes) {
            const column = columnOf.get(node.key);
            const compact = perColumn.get(column) > COMPACT_FROM;
            this.add(node.key, column, {
                node,
                compact,
                before: node.before,
                height: compact ? COMPACT_HEIGHT : NODE_HEIGHT,
                gap: compact ? COMPACT_GAP : ROW_GAP,
            });
        }
        this.addLanes(columnOf);
    }

    add(key, column, values) {
        const cell = { key, column, left: [], right: [], y: 0, ...values };
        this.cells.set(key, cell);
        (this.columns[column] ||= []).push(cell);
        return cell;
    }

    /** Long links that end (or begin) at one node share its lanes. */
    addLanes(columnOf) {
        const long = { source: new Map(), target: new Map() };
        const span = (link) => columnOf.get(link.target) - columnOf.get(link.source);
        for (const link of this.links.filter((link) => span(link) > 1)) {
            long.source.set(link.source, (long.source.get(link.source) || 0) + 1);
            long.target.set(link.target, (long.target.get(link.target) || 0) + 1);
        }
        for (const link of this.links) {
            const start = columnOf.get(link.source);
            const route = [this.cells.get(link.source)];
            const bySource = long.source.get(link.source) > long.target.get(link.target);
            const owner = bySource ? `from ${link.source}` : `to ${link.target}`;
            for (let column = start + 1; column < start + span(link); column++) {
                const key = `lane ${column} ${owner}`;
                route.push(
                    this.cells.get(key) ||
                        this.add(key, column, {
                            height: LANE_HEIGHT,
                            gap: LANE_GAP,
                            before: link.before,
                        }),
                );
            }
            route.push(this.cells.get(link.target));
            this.routes.set(link, route);
            if (span(link) > 0) {
                for (let step = 1; step < route.length; step++) {
                    route[step - 1].right.push(route[step]);
                    route[step].left.push(route[step - 1]);
                }
            }
        }
    }

    order() {
        const number = (column) => column.forEach((cell, index) => (cell.order = index));
        for (const column of this.columns) {
            column.sort((a, b) => a.before - b.before);
            number(column);
        }
        for (let sweep = 0; sweep < SWEEPS * 2; sweep++) {
            const side = sweep % 2 ? "right" : "left";
            const columns = sweep % 2 ? [...this.columns].reverse() : this.columns;
            for (const column of columns) {
                for (const cell of column) {
                    cell.weight = cell[side].length
                        ? mean(
                              cell[side].map(
                                  (other) => other.order / this.columns[other.column].length,
                              ),
                          )
                        : cell.order / column.length;
                }
                // What left before the suspect input stays apart, below the rest.
                column.sort((a, b) => a.before - b.before || a.weight - b.weight);
                number(column);
            }
        }
    }

    place() {
        for (const column of this.columns) {
            let offset = 0;
            let previous = null;
            for (const cell of column) {
                if (previous) {
                    offset += Math.max(previous.gap, cell.gap);
                    offset += cell.before && !previous.before ? BEFORE_GAP : 0;
                }
                cell.offset = offset + cell.height / 2;
                offset += cell.height;
                previous = cell;
            }
            const middle = offset / 2;
            column.forEach((cell) => (cell.y = cell.offset - middle));
        }
        for (let sweep = 0; sweep < SWEEPS; sweep++) {
            const columns = sweep % 2 ? [...this.columns].reverse() : this.columns;
            columns.forEach((column) => settle(column));
        }
    }

    result() {
        const cells = [...this.cells.values()];
        const top = Math.min(0, ...cells.map((cell) => cell.y - cell.height / 2));
        const bottom = Math.max(0, ...cells.map((cell) => cell.y + cell.height / 2));
        const left = (column) => column * (NODE_WIDTH + COLUMN_GAP);
        for (const cell of cells) {
            cell.x = left(cell.column);
            cell.y -= top;
        }
        const degree = { source: new Map(), target: new Map() };
        for (const link of this.links) {
            push(degree.source, link.source, link);
            push(degree.target, link.target, link);
        }
        return {
            nodes: cells
                .filter((cell) => cell.node)
                .map((cell) => ({
                    ...cell.node,
                    x: cell.x,
                    y: cell.y - cell.height / 2,
                    width: widthOf(cell),
                    height: cell.height,
                    column: cell.column,
                    compact: cell.compact,
                })),
            links: placeLabels(
                this.links.map((link) => {
                    const route = this.routes.get(link);
                    const fansIn =
                        degree.target.get(link.target).length >
                        degree.source.get(link.source).length;
                    return { ...link, ...drawRoute(route, fansIn) };
                }),
            ),
            columns: this.columns.map((column) =>
                column.filter((cell) => cell.node).map((cell) => cell.key),
            ),
            width: Math.max(...cells.map((cell) => cell.x + widthOf(cell))),
            height: bottom - top,
        };
    }
}

const widthOf = (cell) => (cell.node?.kind === "customer" ? CUSTOMER_WIDTH : NODE_WIDTH);

/** Move the cells of a column to the middle of their neighbours, in their order. */
function settle(column) {
    const blocks = [];
    for (const cell of column) {
        const around = [...cell.left, ...cell.right];
        const wish = around.length ? mean(around.map((other) => other.y)) : cell.y;
        blocks.push({ sum: wish - cell.offset, count: 1 });
        // Neighbours that would overlap move together, to the mean of their wishes.
        while (blocks.length > 1) {
            const [above, below] = blocks.slice(-2);
            if (above.sum / above.count <= below.sum / below.count) {
                break;
            }
            blocks.splice(-2, 2, { sum: above.sum + below.sum, count: above.count + below.count });
        }
    }
    let index = 0;
    for (const block of blocks) {
        for (let step = 0; step < block.count; step++, index++) {
            column[index].y = column[index].offset + block.sum / block.count;
        }
    }
}

function drawRoute(route, fansIn) {
    const [start, end] = [route[0], route.at(-1)];
    let [x, y] = [start.x + NODE_WIDTH, start.y];
    let path = `M${round(x)} ${round(y)}`;
    const bend = COLUMN_GAP / 2;
    if (end.x <= start.x) {
        return drawBack(start, end, bend);
    }
    let places = null;
    for (const cell of route.slice(1)) {
        const [toX, toY] = [cell.x, cell.y];
        path += `C${round(x + bend)} ${round(y)} ${round(toX - bend)} ${round(toY)} ${round(toX)} ${round(toY)}`;
        if (!places || !fansIn) {
            const along = fansIn ? [0.26, 0.4, 0.54, 0.68] : [0.74, 0.6, 0.46, 0.32];
            const [fromX, fromY] = [x, y];
            places = along.map((t) => curvePoint(fromX, fromY, toX, toY, bend, t));
        }
        [x, y] = [toX, toY];
        if (cell !== end) {
            x += NODE_WIDTH;
            path += `H${round(x)}`;
        }
    }
    return { path, places };
}

/** Each quantity stands where it covers no other one, as near to its fan's end as it can. */
function placeLabels(links) {
    const taken = new Map();
    const row = (y) => Math.floor(y / LABEL_HEIGHT);
    const isFree = ({ x, y }) =>
        [row(y) - 1, row(y), row(y) + 1].every((near) =>
            (taken.get(near) || []).every(
                (other) =>
                    Math.abs(other.x - x) >= LABEL_WIDTH || Math.abs(other.y - y) >= LABEL_HEIGHT,
            ),
        );
    return links.map(({ places, ...link }) => {
        const free = places.find(isFree);
        const place = free || places[0];
        if (free) {
            push(taken, row(free.y), free);
        }
        return { ...link, labelX: round(place.x), labelY: round(place.y), crowded: !free };
    });
}

/** A link of a cycle leaves to the right and comes back in from the left, below the nodes. */
function drawBack(start, end, bend) {
    const [from, to] = [start.x + NODE_WIDTH, end.x];
    const below = Math.max(start.y, end.y) + NODE_HEIGHT;
    const [y, toY, low] = [round(start.y), round(end.y), round(below)];
    return {
        path:
            `M${from} ${y}C${from + bend} ${y} ${from + bend} ${low} ${from} ${low}` +
            `H${to}C${to - bend} ${low} ${to - bend} ${toY} ${to} ${toY}`,
        places: [{ x: (from + to) / 2, y: low }],
    };
}

function curvePoint(x0, y0, x1, y1, bend, t) {
    const at = (a, b, c, d) =>
        a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t ** 2 * (1 - t) + d * t ** 3;
    return { x: at(x0, x0 + bend, x1 - bend, x1), y: at(y0, y0, y1, y1) };
}

function push(map, key, value) {
    if (map.has(key)) {
        map.get(key).push(value);
    } else {
        map.set(key, [value]);
    }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value) => Math.round(value * 10) / 10;
