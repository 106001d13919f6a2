/**
 * What `store.js` keeps on the device, kept in memory alone: for tests, and for a browser window
 * that may keep nothing. Same methods.
 */
export class MemoryStore {
    durable = false;
    commands = new Map();
    values = new Map();
    next = 1;

    async addCommand(command) {
        const kept = { ...command, seq: this.next++ };
        this.commands.set(kept.seq, kept);
        return kept.seq;
    }

    async putCommand(command) {
        this.commands.set(command.seq, { ...command });
    }

    async dropCommands(seqs) {
        for (const seq of seqs) {
            this.commands.delete(seq);
        }
    }

    async listCommands() {
        return [...this.commands.values()]
            .sort((one, other) => one.seq - other.seq)
            .map((command) => ({ ...command }));
    }

    async read(key) {
        return this.values.get(key);
    }

    async write(key, value) {
        this.values.set(key, value);
    }

    async forget(key) {
        this.values.delete(key);
    }

    async keys() {
        return [...this.values.keys()];
    }
}
