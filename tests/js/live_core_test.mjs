/** node --test tests/js/ : the client half of a live screen, without browser, socket or clock. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, step, wakeAt } from "../../mpp/static/js/live-core.js";

/** @import { Event, Options } from "../../mpp/static/js/live-core.js" */

/** A screen whose time is moved by the test. */
class Screen {
  /** @param {Partial<Options>} [options] */
  constructor(options) {
    this.now = 0;
    this.random = () => 1;
    this.model = begin(0, options);
    /** @type {number[]} */
    this.opened = [];
    /** @type {number[]} */
    this.closed = [];
    /** @type {number[]} */
    this.applied = [];
    /** @type {[state: string, since: number | null][]} */
    this.told = [];
    this.happens({ type: "tick" });
  }

  /** @param {Event} event */
  happens(event) {
    const { model, effects } = step(this.model, event, this.now, this.random);
    this.model = model;
    for (const effect of effects) {
      if (effect.kind === "open") this.opened.push(effect.id);
      if (effect.kind === "close") this.closed.push(effect.id);
      if (effect.kind === "apply") this.applied.push(effect.message.version);
      if (effect.kind === "tell") this.told.push([effect.state, effect.since]);
    }
  }

  /**
   * @param {number} id
   * @param {number} version
   */
  hears(id, version) {
    this.happens({ type: "message", id, text: JSON.stringify({ type: "board", version }) });
  }

  /** @param {number} id */
  loses(id) {
    this.happens({ type: "closed", id });
  }

  /**
   * Let time pass, waking the machine exactly when it asks to be woken.
   * @param {number} milliseconds
   */
  passes(milliseconds) {
    const end = this.now + milliseconds;
    for (let wakes = 0; wakeAt(this.model) <= end; wakes += 1) {
      assert.ok(wakes < 1000, "the machine must not wake without end");
      this.now = Math.max(this.now, wakeAt(this.model));
      this.happens({ type: "tick" });
    }
    this.now = end;
  }

  get state() {
    return this.told.at(-1)?.[0];
  }

  /** The line that was opened last. */
  get newest() {
    const id = this.opened.at(-1);
    assert.ok(id !== undefined);
    return id;
  }
}

/** @param {Partial<Options>} [options] */
function liveScreen(options) {
  const screen = new Screen(options);
  screen.hears(1, 10);
  return screen;
}

test("a new screen connects and is live with its first state", () => {
  const screen = new Screen();
  assert.deepEqual(screen.opened, [1]);
  assert.deepEqual(screen.told, [["connecting", null]]);
  screen.hears(1, 10);
  assert.deepEqual(screen.applied, [10]);
  assert.deepEqual(screen.told, [["connecting", null], ["live", null]]);
});

test("a screen that never hears anything is stale since it was opened", () => {
  const screen = new Screen();
  screen.passes(9_999);
  assert.equal(screen.state, "connecting");
  screen.passes(1);
  assert.deepEqual(screen.told.at(-1), ["stale", 0]);
});

test("states of a falling version are not applied on the same connection", () => {
  const screen = liveScreen();
  for (const version of [12, 11, 12, 13]) screen.hears(1, version);
  assert.deepEqual(screen.applied, [10, 12, 12, 13]);
});

test("the first state of a new connection counts, even of a lower version", () => {
  const screen = liveScreen();
  screen.loses(1);
  screen.passes(300);
  assert.deepEqual(screen.opened, [1, 2]);
  screen.hears(2, 3);
  assert.deepEqual(screen.applied, [10, 3]);
});

test("a heartbeat every four seconds keeps one connection for hours", () => {
  const screen = liveScreen();
  for (let beat = 0; beat < 2_000; beat += 1) {
    screen.passes(4_000);
    screen.hears(1, 10);
  }
  assert.deepEqual(screen.opened, [1]);
  assert.deepEqual(screen.closed, []);
  assert.deepEqual(screen.told.at(-1), ["live", null]);
});

test("a short break says connecting, not stale", () => {
  const screen = liveScreen();
  screen.loses(1);
  assert.equal(screen.state, "connecting");
  screen.passes(300);
  screen.hears(2, 11);
  assert.deepEqual(screen.told.map(([state]) => state), ["connecting", "live", "connecting", "live"]);
});

test("silence is suspected first, then stale since the last word, and the silent line is closed", () => {
  const screen = liveScreen();
  screen.passes(3_000);
  screen.hears(1, 11);
  screen.passes(6_000 + 300);
  assert.deepEqual(screen.opened, [1, 2], "a second line is tried beside the silent one");
  assert.equal(screen.state, "live");
  screen.passes(3_700);
  assert.deepEqual(screen.told.at(-1), ["stale", 3_000]);
  assert.ok(screen.closed.includes(1));
});

test("the silent line may come back before its rival speaks", () => {
  const screen = liveScreen();
  screen.passes(6_500);
  screen.hears(1, 12);
  screen.hears(2, 12);
  assert.deepEqual(screen.closed, [1], "two lines are one too many: the newer stays");
  assert.deepEqual(screen.applied, [10, 12, 12]);
  assert.equal(screen.state, "live");
});

test("a line that was replaced is not listened to any more", () => {
  const screen = liveScreen();
  screen.passes(6_500);
  screen.hears(2, 20);
  screen.hears(1, 99);
  screen.loses(1);
  assert.deepEqual(screen.applied, [10, 20]);
  assert.equal(screen.state, "live");
});

test("stale stays stale until a state arrives, whatever opens and closes meanwhile", () => {
  const screen = liveScreen();
  screen.passes(20_000);
  const tellings = screen.told.length;
  screen.loses(screen.newest);
  screen.passes(20_000);
  assert.equal(screen.told.length, tellings);
  screen.hears(screen.newest, 30);
  assert.equal(screen.state, "live");
});

test("delays grow from 0.3 s to 5 s and are jittered by half", () => {
  /** @param {number} random */
  const delays = (random) => {
    const screen = liveScreen();
    screen.random = () => random;
    const found = [];
    screen.loses(1);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const from = screen.now;
      const count = screen.opened.length;
      while (screen.opened.length === count) screen.passes(1);
      found.push(screen.now - from);
      screen.loses(screen.newest);
    }
    return found;
  };
  const longest = delays(1);
  assert.equal(longest[0], 300);
  assert.ok(longest.every((delay, index) => index === 0 || delay >= longest[index - 1]));
  assert.equal(longest.at(-1), 5_000);
  const shortest = delays(0);
  assert.equal(shortest[0], 150);
  assert.equal(shortest.at(-1), 2_500);
});

test("a wall screen with a longest delay of 1.5 s tries at least that often while cut off", () => {
  const screen = liveScreen({ longestDelay: 1_500 });
  screen.passes(60_000);
  const before = screen.opened.length;
  screen.passes(15_000);
  assert.ok(screen.opened.length - before >= 10);
});

test("no more than three lines wait for their first word, none longer than ten seconds", () => {
  const screen = liveScreen({ longestDelay: 1_500 });
  for (let second = 0; second < 120; second += 1) {
    screen.passes(1_000);
    const waiting = screen.opened.filter((id) => id !== 1 && !screen.closed.includes(id));
    assert.ok(waiting.length <= 3);
  }
});

test("a line that breaks after its first word every time is tried ever more slowly", () => {
  const screen = new Screen();
  for (let round = 0; round < 12; round += 1) {
    screen.hears(screen.newest, round);
    screen.loses(screen.newest);
    const count = screen.opened.length;
    while (screen.opened.length === count) screen.passes(10);
  }
  assert.ok(screen.now > 20_000, `12 rounds took only ${screen.now} ms`);
});

test("a check does nothing while all is well and tries at once when in doubt, only once", () => {
  const screen = liveScreen();
  screen.passes(1_000);
  screen.happens({ type: "check" });
  assert.deepEqual(screen.opened, [1]);
  screen.loses(1);
  for (let time = 0; time < 3; time += 1) screen.happens({ type: "check" });
  assert.deepEqual(screen.opened, [1, 2]);
});

test("a device that slept is stale and tries as soon as it is looked at", () => {
  const screen = liveScreen();
  screen.now += 3_600_000; // no timer ran meanwhile
  screen.happens({ type: "check" });
  assert.deepEqual(screen.told.at(-1), ["stale", 0]);
  assert.deepEqual(screen.opened, [1, 2]);
});

test("what is not a state is as good as silence", () => {
  const screen = liveScreen();
  for (const text of ["", "null", "[]", "7", "{", '{"type": "board"}', '{"version": "9"}']) {
    screen.happens({ type: "message", id: 1, text });
  }
  assert.deepEqual(screen.applied, [10]);
  screen.passes(10_000);
  assert.equal(screen.state, "stale");
});

test("step leaves the model it was given alone", () => {
  const model = Object.freeze(begin(0));
  Object.freeze(model.waiting);
  const first = step(model, { type: "tick" }, 0, () => 0);
  assert.deepEqual(model.waiting, []);
  assert.equal(first.model.waiting.length, 1);
});
