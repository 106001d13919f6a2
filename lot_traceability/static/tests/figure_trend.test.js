import { describe, expect, test } from "@odoo/hoot";
import {
    HEIGHT,
    trendShape,
    WIDTH,
} from "@lot_traceability/backend/watch_board/figure_trend_layout";

describe.current.tags("headless");

const shape = (trend, target = false) =>
    trendShape({ trend, first: "2026-01-01", last: "2026-04-01", target });

test("days stand from left to right, and more is higher", () => {
    const { runs } = shape([
        ["2026-01-01", 0],
        ["2026-01-02", 5],
        ["2026-01-03", 10],
    ]);
    const points = runs[0].split(" ").map((point) => point.split(",").map(Number));
    expect(points.length).toBe(3);
    expect(points[0][0] < points[1][0] && points[1][0] < points[2][0]).toBe(true);
    expect(points[0][1] > points[1][1] && points[1][1] > points[2][1]).toBe(true);
});

test("a week without figures is a gap, and a day alone a dash", () => {
    const { runs } = shape([
        ["2026-01-01", 1],
        ["2026-01-08", 1],
        ["2026-03-01", 1],
    ]);
    expect(runs.length).toBe(2);
    expect(runs[1].split(" ").length).toBe(2);
});

test("the target is in the picture, above or below all days", () => {
    expect(shape([["2026-01-01", 50]], 98).target).toBe(2);
    expect(shape([["2026-01-01", 50]], 0).target).toBe(HEIGHT - 2);
});

test("shares near a hundred differ in height", () => {
    const { runs } = shape([
        ["2026-01-01", 100],
        ["2026-01-02", 80],
    ]);
    const heights = runs[0].split(" ").map((point) => Number(point.split(",")[1]));
    expect(heights).toEqual([2, HEIGHT - 2]);
});

test("nothing, zeros and negatives are drawn inside the picture", () => {
    expect(shape([]).runs).toEqual([]);
    expect(shape([], 98).target).toBe(null);
    for (const trend of [
        [["2026-01-01", 0]],
        [
            ["2026-04-01", -3],
            ["2026-04-02", -1],
        ],
    ]) {
        for (const run of shape(trend, 0).runs) {
            for (const point of run.split(" ")) {
                const [x, y] = point.split(",").map(Number);
                expect(x >= 0 && x <= WIDTH + 4 && y >= 0 && y <= HEIGHT).toBe(true);
            }
        }
    }
});
