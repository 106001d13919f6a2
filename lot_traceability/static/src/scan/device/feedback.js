/**
 * Good and bad in sounds that cannot be taken for each other over the noise of a hall, and felt in
 * the hand as well. Made here and not loaded: they are there without a link.
 */
const TUNES = {
    // [frequency in Hz, start and length in seconds]
    good: [
        [1320, 0, 0.07],
        [1760, 0.07, 0.11],
    ],
    kept: [[990, 0, 0.1]],
    read: [[1320, 0, 0.05]],
    bad: [
        [196, 0, 0.22],
        [156, 0.26, 0.38],
    ],
};
const TREMORS = { good: [40], kept: [25], read: [15], bad: [180, 90, 180] };

export class Feedback {
    /** @param {{sound: boolean, vibration: boolean}} settings read each time */
    constructor(settings) {
        this.settings = settings;
        this.context = null;
        // What was given last, for who wants to look.
        this.last = "";
    }

    /** A browser lets a page make sounds after somebody touched it or pressed a key. */
    wake() {
        const Context = globalThis.AudioContext || globalThis.webkitAudioContext;
        if (!this.context && Context) {
            this.context = new Context();
        }
        if (this.context?.state === "suspended") {
            this.context.resume().catch(() => {});
        }
    }

    /** @param {"good" | "kept" | "read" | "bad"} kind */
    give(kind) {
        this.last = kind;
        if (this.settings.vibration && globalThis.navigator.vibrate) {
            globalThis.navigator.vibrate(TREMORS[kind]);
        }
        if (this.settings.sound) {
            this.wake();
            if (this.context?.state === "running") {
                TUNES[kind].forEach((note) => this._play(kind, note));
            }
        }
    }

    _play(kind, [frequency, start, length]) {
        const { context } = this;
        const tone = context.createOscillator();
        const volume = context.createGain();
        const begin = context.currentTime + start;
        tone.type = kind === "bad" ? "sawtooth" : "sine";
        tone.frequency.value = frequency;
        volume.gain.setValueAtTime(kind === "bad" ? 0.5 : 0.35, begin);
        volume.gain.exponentialRampToValueAtTime(0.001, begin + length);
        tone.connect(volume).connect(context.destination);
        tone.start(begin);
        tone.stop(begin + length);
    }
}
