/** Where the days of a figure lie in its small graph. */

export const WIDTH = 180;
export const HEIGHT = 36;
const EDGE = 2;
const DAY = 86_400_000;
// A line over more days without a figure would tell of something that was not measured.
const GAP = 7;
// What the picture is high at least, as a share of its highest value.
const LEAST = 0.1;
// A day alone is drawn as a dash.
const DASH = 1.5;

/**
 * @param {Object} given
 * @param {Array<[string, number]>} given.trend [day, value], the oldest first
 * @param {string} given.first day at the left edge
 * @param {string} given.last day at the right edge
 * @param {number | false} given.target
 * @returns {{runs: string[], target: number | null}} points of each line, and the height of the
 *     target; both from the top left
 */
export function trendShape({ trend, first, last, target }) {
    const values = trend.map(([, value]) => value);
    const isShown = values.length > 0 && target !== false;
    const shown = [...values, ...(isShown ? [target] : [])];
    const high = Math.max(...shown);
    // Not from zero, which would make a line of shares flat; but small changes are drawn small.
    const low = Math.min(...shown, high - Math.abs(high) * LEAST);
    const height = (value) =>
        high === low
            ? HEIGHT - EDGE
            : round(HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE));
    const begin = Date.parse(first);
    const span = Math.max(Date.parse(last) - begin, DAY);
    const place = (day) => EDGE + ((Date.parse(day) - begin) / span) * (WIDTH - 2 * EDGE);
    const runs = [];
    let before = null;
    for (const [day, value] of trend) {
        if (before === null || Date.parse(day) - before > GAP * DAY) {
            runs.push([]);
        }
        runs.at(-1).push([place(day), height(value)]);
        before = Date.parse(day);
    }
    return {
        runs: runs.map((run) =>
            (run.length > 1 ? run : dash(run[0])).map(([x, y]) => `${round(x)},${y}`).join(" "),
        ),
        target: isShown ? height(target) : null,
    };
}

function dash([x, y]) {
    return [
        [Math.max(x - DASH, 0), y],
        [Math.min(x + DASH, WIDTH), y],
    ];
}

function round(number) {
    return Math.round(number * 100) / 100;
}
