/** The queue of the Scan app, without a browser: what is kept is done exactly once, in order. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../lot_traceability/static/src/scan/queue/memory_store.js";
import { withPending } from "../../lot_traceability/static/src/scan/queue/pending.js";
import {
    BATCH,
    KEPT_DONE,
    LoggedOutError,
    NoLinkError,
    OtherUserError,
    ScanQueue,
    ServerError,
} from "../../lot_traceability/static/src/scan/queue/queue.js";
import { makeUid } from "../../lot_traceability/static/src/scan/queue/uid.js";

/** A server that does each command once, by its identity, as ours does. */
class Server {
    done = new Map();
    requests = [];
    down = null;
    /** Work is done, and the answer is lost on the way. */
    deaf = false;
    refuses = () => null;

    async send(commands) {
        this.requests.push(commands.map(({ uid }) => uid));
        if (this.down) {
            throw this.down;
        }
        const answers = commands.map((command) => {
            const known = this.done.get(command.uid);
            const answer = known || { uid: command.uid, state: "done", message: "", choices: [] };
            Object.assign(answer, known ? {} : this.refuses(command));
            this.done.set(command.uid, answer);
            return answer;
        });
        if (this.deaf) {
            throw new NoLinkError("lost");
        }
        return answers;
    }

    get order() {
        return [...this.done.keys()];
    }
}

function given({ server = new Server(), store = new MemoryStore(), user = 7 } = {}) {
    const timers = [];
    const queue = new ScanQueue({
        store,
        send: (commands) => server.send(commands),
        later: (work, delay) => timers.push({ work, delay }),
        cancel: () => timers.pop(),
    });
    return { queue, server, store, timers, user, ready: queue.load(user) };
}

const take = (text) => ({ flow: "pick", action: "take", text, data: { quantity: 1 } });

async function filled(count, options) {
    const all = given(options);
    await all.ready;
    const uids = [];
    for (let number = 0; number < count; number++) {
        uids.push((await all.queue.add(take(`L-${number}`))).uid);
    }
    await all.queue.running;
    return { ...all, uids };
}

test("what is given with a link is answered at once", async () => {
    const { queue, server, uids } = await filled(3);
    assert.deepEqual(server.order, uids);
    assert.equal(queue.waiting.length, 0);
    assert.equal(queue.done.length, 3);
    assert.equal(queue.link, "online");
});

test("a command is kept on the device before it is sent", async () => {
    const all = given();
    await all.ready;
    let kept = -1;
    all.server.send = async (commands) => {
        kept = (await all.store.listCommands()).length;
        return commands.map(({ uid }) => ({ uid, state: "done" }));
    };
    await all.queue.add(take("L"));
    await all.queue.running;
    assert.equal(kept, 1);
});

test("without a link all waits, survives a reload, and is sent in order", async () => {
    const server = new Server();
    server.down = new NoLinkError("no wifi");
    const { store, uids, queue } = await filled(45, { server });
    assert.equal(queue.link, "offline");
    assert.equal(server.done.size, 0);
    // The battery is changed.
    server.down = null;
    const anew = given({ server, store });
    await anew.ready;
    assert.equal(anew.queue.waiting.length, 45);
    await anew.queue.hurry();
    assert.deepEqual(server.order, uids);
    assert.ok(server.requests.every((request) => request.length <= BATCH));
});

test("with each request it is told what waits besides", async () => {
    const server = new Server();
    server.down = new NoLinkError("no wifi");
    const { store, uids } = await filled(45, { server });
    const left = [];
    const queue = new ScanQueue({
        store,
        send: async (commands, others) => {
            left.push(others.map(({ uid }) => uid));
            return commands.map(({ uid }) => ({ uid, state: "done" }));
        },
    });
    await queue.load(7);
    await queue.flush();
    assert.deepEqual(left, [uids.slice(BATCH), uids.slice(2 * BATCH), []]);
});

test("what was done while the answer got lost is not done again", async () => {
    const server = new Server();
    server.deaf = true;
    const { queue, uids } = await filled(2, { server });
    assert.equal(server.done.size, 1);
    assert.equal(queue.waiting.length, 2);
    server.deaf = false;
    await queue.hurry();
    assert.deepEqual(server.order, uids);
    assert.equal(queue.waiting.length, 0);
});

test("it is tried again after longer and longer pauses, up to a minute", async () => {
    const server = new Server();
    server.down = new NoLinkError("no wifi");
    const { queue, timers } = await filled(1, { server });
    const delays = [];
    for (let turn = 0; turn < 7; turn++) {
        const { work, delay } = timers.at(-1);
        delays.push(delay);
        await work();
    }
    assert.deepEqual(delays, [2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    assert.equal(queue.waiting.length, 1);
});

test("a refused one comes back and does not hold up the others", async () => {
    const server = new Server();
    server.refuses = ({ text }) =>
        text === "L-1" ? { state: "refused", message: "On hold.", choices: [{ code: "x" }] } : null;
    const { queue, store } = await filled(3, { server });
    assert.deepEqual(
        queue.refused.map(({ text, answer }) => [text, answer.message]),
        [["L-1", "On hold."]],
    );
    assert.equal(queue.done.length, 2);
    const anew = given({ store });
    await anew.ready;
    assert.equal(anew.queue.refused.length, 1);
});

test("a decision is a new command that follows the refused one", async () => {
    const server = new Server();
    server.refuses = ({ data }) => (data.more ? null : { state: "refused", message: "More?" });
    const { queue, uids, store } = await filled(1, { server });
    const next = await queue.decide(uids[0], { more: true });
    await queue.running;
    assert.notEqual(next.uid, uids[0]);
    assert.equal(next.follows, uids[0]);
    assert.deepEqual(next.data, { quantity: 1, more: true });
    assert.equal(queue.refused.length, 0);
    assert.equal((await store.listCommands()).length, 1);
});

test("a decision that is pressed twice is one command", async () => {
    const server = new Server();
    server.refuses = ({ data }) => (data.more ? null : { state: "refused", message: "More?" });
    const { queue, uids } = await filled(1, { server });
    const made = await Promise.all([
        queue.decide(uids[0], { more: true }),
        queue.decide(uids[0], { more: true }),
    ]);
    await queue.running;
    assert.equal(made.filter(Boolean).length, 1);
    assert.equal(await queue.decide(uids[0], {}), null);
    assert.equal(server.done.size, 2);
});

test("what is dropped is gone from the device", async () => {
    const server = new Server();
    server.refuses = () => ({ state: "refused", message: "No." });
    const { queue, uids, store } = await filled(1, { server });
    await queue.drop(uids[0]);
    assert.equal(queue.refused.length, 0);
    assert.equal((await store.listCommands()).length, 0);
});

test("without a login all waits, and nothing is tried again by itself", async () => {
    const server = new Server();
    server.down = new LoggedOutError("expired");
    const { queue, timers } = await filled(2, { server });
    assert.equal(queue.link, "logged_out");
    assert.equal(queue.waiting.length, 2);
    assert.equal(timers.length, 0);
    server.down = null;
    await queue.hurry();
    assert.equal(queue.done.length, 2);
});

test("what one user did is not sent by another one", async () => {
    const server = new Server();
    server.down = new OtherUserError("somebody else");
    const { store, queue } = await filled(2, { server });
    assert.equal(queue.link, "other_user");
    server.down = null;
    const other = given({ server, store, user: 8 });
    await other.ready;
    assert.equal(other.queue.waiting.length, 0);
    await other.queue.flush();
    assert.equal(server.done.size, 0);
    const back = given({ server, store, user: 7 });
    await back.ready;
    await back.queue.hurry();
    assert.equal(server.done.size, 2);
});

test("another user takes over while work of the first one waits: it goes out under its own name", async () => {
    const store = new MemoryStore();
    const sent = [];
    const queue = new ScanQueue({
        store,
        send: async (commands, _waiting, user) => {
            sent.push([user, commands.length]);
            if (user === 7) {
                throw new OtherUserError("somebody else");
            }
            return commands.map(({ uid }) => ({ uid, state: "done" }));
        },
        later: () => {},
    });
    await queue.load(7);
    await queue.add(take("L-1"));
    await queue.running;
    // The device reads what is kept for the other one, and meanwhile the link is back.
    const loaded = queue.load(8);
    const added = queue.add(take("L-2"));
    await queue.hurry();
    await Promise.all([loaded, added]);
    await queue.hurry();
    assert.ok(sent.every(([user, count]) => [7, 8].includes(user) && count === 1));
    const kept = await store.listCommands();
    assert.deepEqual(
        kept.map(({ user, state }) => [user, state]),
        [
            [7, "waiting"],
            [8, "done"],
        ],
    );
});

test("a command that the server cannot take is given back, and the next ones go on", async () => {
    const server = new Server();
    const send = server.send.bind(server);
    server.send = async (commands) => {
        if (commands.some(({ text }) => text === "L-0")) {
            throw new ServerError("It broke.");
        }
        return send(commands);
    };
    const { queue, uids, timers } = await filled(3, { server });
    for (let turn = 0; turn < 4 && queue.waiting.length; turn++) {
        await timers.at(-1).work();
    }
    assert.deepEqual(
        queue.refused.map(({ uid, answer }) => [uid, answer.message]),
        [[uids[0], "It broke."]],
    );
    assert.deepEqual(server.order, uids.slice(1));
});

test("what is given while others are being sent goes with the next ones", async () => {
    const all = given();
    await all.ready;
    const send = all.server.send.bind(all.server);
    let more;
    all.server.send = async (commands) => {
        more ||= all.queue.add(take("second"));
        await more;
        return send(commands);
    };
    await all.queue.add(take("first"));
    await all.queue.running;
    assert.deepEqual(
        all.queue.done.map(({ text }) => text),
        ["first", "second"],
    );
    assert.equal(all.server.requests.length, 2);
});

test("a thousand scans leave no thousand behind", async () => {
    const { queue, store } = await filled(1000);
    assert.ok(queue.done.length < KEPT_DONE * 2);
    assert.equal((await store.listCommands()).length, queue.done.length);
    assert.equal(queue.answers.size, 0);
});

test("an answer can be waited for", async () => {
    const all = given();
    await all.ready;
    const { uid } = await all.queue.add(take("L"));
    assert.equal((await all.queue.answer(uid)).uid, uid);
});

test("identities are UUIDs, with and without the browser's own maker", () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    assert.match(makeUid(), uuid);
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
        const made = new Set(Array.from({ length: 100 }, makeUid));
        assert.equal(made.size, 100);
        made.forEach((one) => assert.match(one, uuid));
    } finally {
        Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true });
    }
});

const DOCUMENT = {
    model: "stock.picking",
    id: 5,
    lines: [
        {
            id: 1,
            product: { id: 3 },
            asked: 0.3,
            taken: 0.1,
            allocated: [{ lot_id: 11, lot: "A" }],
            entries: [{ id: 90, lot: "A", quantity: 0.1 }],
        },
        { id: 2, product: { id: 4 }, asked: 5, taken: 0, allocated: [], entries: [] },
    ],
};

test("what waits is counted on its line, by line, lot or product", () => {
    const shown = withPending(DOCUMENT, [
        { action: "take", data: { lot_id: 11, quantity: 0.1 } },
        { action: "take", data: { product_id: 4, quantity: 2 } },
        { action: "take", data: { line_id: 2, quantity: 1 } },
        { action: "take", data: { line_id: 99, quantity: 1 } },
    ]);
    assert.deepEqual(
        shown.lines.map(({ pending, left }) => [pending, left]),
        [
            [0.1, 0.1],
            [3, 2],
        ],
    );
    assert.equal(DOCUMENT.lines[0].taken, 0.1);
});

test("what waits to be taken back is taken back on the screen", () => {
    const [line] = withPending(DOCUMENT, [{ action: "undo", data: { entry_id: 90 } }]).lines;
    assert.deepEqual([line.taken, line.left, line.entries.length], [0, 0.3, 0]);
});

test("what was made and what waits to be made count together, until they are taken back", () => {
    const order = { lines: [], made: { asked: 10, taken: 4, lots: [{ lot_id: 1, lot: "L" }] } };
    const made = (...commands) => withPending(order, commands).made;
    const produce = { action: "produce", data: { quantity: 3 } };
    const undo = { action: "undo", data: { made: true } };
    assert.deepEqual([made(produce).taken, made(produce).pending], [4, 3]);
    assert.deepEqual(made(produce, undo), { asked: 10, taken: 0, lots: [], pending: 0 });
    assert.deepEqual(made(undo, produce), { asked: 10, taken: 0, lots: [], pending: 3 });
    assert.equal(order.made.taken, 4);
    assert.equal(withPending(DOCUMENT, [undo]).made, undefined);
});
