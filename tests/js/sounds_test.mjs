/** node --test tests/js/ : sounds one after another, and every call announced once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Once } from "../../mpp/static/js/once.js";
import { SoundQueue } from "../../mpp/static/js/sound-queue.js";

const HOUR = 3_600_000;

/** @returns {Pick<Storage, "getItem" | "setItem">} */
function storage() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
  };
}

test("sounds never overlap and keep their order", async () => {
  const queue = new SoundQueue();
  /** @type {string[]} */
  const log = [];
  /** @param {string} name */
  const sound = (name) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${name} ends`);
  };
  await Promise.all([queue.add(sound("bell")), queue.add(sound("voice")), queue.add(sound("bell 2"))]);
  const expected = ["bell", "voice", "bell 2"].flatMap((name) => [`${name} begins`, `${name} ends`]);
  assert.deepEqual(log, expected);
});

test("a sound that fails or hangs does not hold up the next", async () => {
  const queue = new SoundQueue(20);
  const results = await Promise.all([
    queue.add(() => Promise.reject(new Error("no device"))),
    queue.add(() => {
      throw new Error("broken");
    }),
    queue.add(() => new Promise(() => {})),
    queue.add(async () => false),
    queue.add(async () => {}),
  ]);
  assert.deepEqual(results, [false, false, false, false, true]);
});

test("a call is announced once, a recall again", () => {
  const once = new Once("board", { storage: storage() });
  assert.equal(once.isEmpty, true);
  /** @type {[label: string, calls: number][]} */
  const calls = [["A-001", 1], ["A-001", 1], ["A-001", 2], ["B-001", 1], ["A-001", 1]];
  assert.deepEqual(calls.map(([label, count]) => once.isFirst(label, count)), [true, false, true, true, false]);
  assert.equal(once.isEmpty, false);
});

test("asking whether a call is known does not make it known", () => {
  const once = new Once("board", { storage: storage() });
  assert.deepEqual([once.has("A-001", 1), once.isFirst("A-001", 1), once.has("A-001", 1)], [false, true, true]);
});

test("a reload remembers, another board does not", () => {
  const shared = storage();
  new Once("a", { storage: shared }).isFirst("A-001", 1);
  assert.equal(new Once("a", { storage: shared }).isFirst("A-001", 1), false);
  assert.equal(new Once("b", { storage: shared }).isFirst("A-001", 1), true);
});

test("the same number rings again on the next day, but not while it stays on the board", () => {
  let now = 0;
  const once = new Once("board", { storage: storage(), now: () => now });
  once.isFirst("A-001", 1);
  for (; now < 12 * HOUR; now += HOUR / 2) assert.equal(once.isFirst("A-001", 1), false);
  now += 14 * HOUR;
  assert.equal(once.isFirst("A-001", 1), true);
});

test("broken, full or forbidden storage is survived", () => {
  const broken = { getItem: () => "{", setItem: () => { throw new Error("full"); } };
  const once = new Once("board", { storage: broken });
  assert.deepEqual([once.isFirst("A-001", 1), once.isFirst("A-001", 1)], [true, false]);
  const forbidden = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } };
  assert.equal(new Once("board", { storage: forbidden }).isFirst("A-001", 1), true);
});
