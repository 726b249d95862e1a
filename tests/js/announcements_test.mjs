/** node --test tests/js/ : which calls of a board are announced, and when not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Announcements } from "../../mpp/display/static/announcements.js";
import { Once } from "../../mpp/static/js/once.js";

/** @import { Board, Call } from "../../mpp/display/static/announcements.js" */
/** @typedef {[label: string, calls: number, seconds: number, state?: string]} Line   called `seconds` past nine */

const NINE = Date.UTC(2026, 10, 23, 2);

/** @returns {Pick<Storage, "getItem" | "setItem">} */
function storage() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
}

function page(kept = storage()) {
  return new Announcements(new Once("board-a", { storage: kept }));
}

/**
 * A board at `seconds` past nine.
 * @param {number} seconds
 * @param {Line[]} calls newest first
 */
function board(seconds, calls, day = "2026-11-23") {
  /** @param {number} second */
  const time = (second) => new Date(NINE + second * 1000).toISOString();
  const called = calls.map(([label, count, at, state = "called"]) => ({
    label, calls: count, called_at: time(at), state,
  }));
  return { day, at: time(seconds), called };
}

/** @param {Call[]} calls */
const labels = (calls) => calls.map((call) => `${call.label}:${call.calls}`);

/**
 * @param {Announcements} announcements
 * @param {Board} message
 */
function announceAll(announcements, message) {
  return labels(announcements.due(message).filter((call) => announcements.begin(call)));
}

test("each call is announced once, oldest first, a recall again", () => {
  const wall = page();
  assert.deepEqual(announceAll(wall, board(0, [])), []);
  assert.deepEqual(announceAll(wall, board(2, [["A-002", 1, 2], ["A-001", 1, 1]])), ["A-001:1", "A-002:1"]);
  assert.deepEqual(announceAll(wall, board(4, [["A-002", 1, 2], ["A-001", 1, 1]])), []);
  assert.deepEqual(announceAll(wall, board(9, [["A-001", 2, 8], ["A-002", 1, 2]])), ["A-001:2"]);
});

test("a page that is opened announces only what was called just now", () => {
  /** @type {Line[]} */
  const calls = [["A-002", 1, 95], ["A-001", 1, 60]];
  const wall = page();
  assert.deepEqual(announceAll(wall, board(100, calls)), ["A-002:1"]);
  assert.deepEqual(announceAll(wall, board(104, calls)), [], "nor later what was too late then");
});

test("a reload announces nothing twice", () => {
  const kept = storage();
  announceAll(page(kept), board(2, [["A-001", 1, 1]]));
  assert.deepEqual(announceAll(page(kept), board(5, [["A-001", 1, 1]])), []);
  assert.deepEqual(announceAll(page(kept), board(9, [["A-001", 2, 8]])), ["A-001:2"]);
});

test("a reload while calls wait for their turn loses none of them", () => {
  const kept = storage();
  const message = board(3, [["A-002", 1, 2], ["A-001", 1, 1]]);
  const wall = page(kept);
  const [first] = wall.due(message);
  wall.begin(first);
  assert.deepEqual(announceAll(page(kept), message), ["A-002:1"]);
});

test("after a break what was called meanwhile is announced if it is still awaited", () => {
  const wall = page();
  announceAll(wall, board(0, []));
  /** @type {Line[]} */
  const meanwhile = [["A-003", 1, 110, "serving"], ["A-002", 1, 100], ["A-001", 1, 90, "serving"]];
  assert.deepEqual(announceAll(wall, board(300, meanwhile)), ["A-002:1"]);
});

test("what is gone or called again when its turn comes is left out", () => {
  const wall = page();
  const [gone, again] = wall.due(board(1, [["A-002", 1, 1], ["A-001", 1, 0]]));
  assert.equal(wall.waiting, 2);
  const [recall] = wall.due(board(9, [["A-002", 2, 9]]));
  assert.deepEqual([gone, again, recall].map((call) => wall.begin(call)), [false, false, true]);
  assert.equal(wall.waiting, 0);
});

test("a call that is quickly served is announced all the same", () => {
  const wall = page();
  announceAll(wall, board(0, []));
  assert.deepEqual(announceAll(wall, board(1, [["A-001", 1, 1, "serving"]])), ["A-001:1"]);
});

test("tomorrow's number is another ticket", () => {
  const wall = page();
  announceAll(wall, board(1, [["A-001", 1, 1]]));
  const day = 24 * 3600;
  assert.deepEqual(announceAll(wall, board(day, [["A-001", 1, day]], "2026-11-24")), ["A-001:1"]);
});
