import { MemoryStore } from "./memory_store.js";

/**
 * What is kept on the device, in the browser's database: commands in the order in which they were
 * given, and values by name. It survives a reload, a crash and a change of battery.
 */
const VERSION = 1;
const COMMANDS = "commands";
const VALUES = "values";

class DeviceStore {
    durable = true;

    /** @param {IDBDatabase} database */
    constructor(database) {
        this.database = database;
        // A newer version of the app in another window wants to change the database.
        database.onversionchange = () => database.close();
    }

    /**
     * @param {string} name of the part
     * @param {"readonly" | "readwrite"} mode
     * @param {(part: IDBObjectStore) => IDBRequest} work
     */
    _do(name, mode, work) {
        return new Promise((resolve, reject) => {
            // Strict: on the device's disk before anybody is told that it is kept.
            const options = { durability: mode === "readwrite" ? "strict" : "default" };
            const transaction = this.database.transaction(name, mode, options);
            const request = work(transaction.objectStore(name));
            transaction.oncomplete = () => resolve(request && request.result);
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
    }

    addCommand(command) {
        return this._do(COMMANDS, "readwrite", (part) => part.add(command));
    }

    putCommand(command) {
        return this._do(COMMANDS, "readwrite", (part) => part.put(command));
    }

    dropCommands(seqs) {
        return this._do(COMMANDS, "readwrite", (part) => {
            seqs.forEach((seq) => part.delete(seq));
        });
    }

    listCommands() {
        return this._do(COMMANDS, "readonly", (part) => part.getAll());
    }

    read(key) {
        return this._do(VALUES, "readonly", (part) => part.get(key));
    }

    write(key, value) {
        return this._do(VALUES, "readwrite", (part) => part.put(value, key));
    }

    forget(key) {
        return this._do(VALUES, "readwrite", (part) => part.delete(key));
    }

    keys() {
        return this._do(VALUES, "readonly", (part) => part.getAllKeys());
    }
}

/**
 * Open what is kept for one Odoo database; in memory alone where the browser keeps nothing, which
 * `durable` tells.
 *
 * @param {string} name of the Odoo database
 * @returns {Promise<DeviceStore | MemoryStore>}
 */
export function openStore(name) {
    return new Promise((resolve) => {
        if (!globalThis.indexedDB) {
            resolve(new MemoryStore());
            return;
        }
        const request = indexedDB.open(`lot_scan_${name}`, VERSION);
        request.onupgradeneeded = () => {
            request.result.createObjectStore(COMMANDS, { keyPath: "seq", autoIncrement: true });
            request.result.createObjectStore(VALUES);
        };
        request.onsuccess = () => resolve(new DeviceStore(request.result));
        request.onerror = () => resolve(new MemoryStore());
    });
}
