/** What the desk's keys and clocks say; run by tests/test_js.py. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { combination } from "../../mpp/queue/static/keys.js";
import { span, words } from "../../mpp/queue/static/timers.js";

/**
 * @param {string} key
 * @param {Partial<KeyboardEvent>} more
 */
const press = (key, more = {}) =>
  combination({ key, code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more });

test("function keys are themselves", () => {
  assert.equal(press("F2"), "F2");
});

test("with Alt a letter counts by its place, whatever the keyboard types", () => {
  assert.equal(press("å", { code: "KeyA", altKey: true }), "Alt+A");
  assert.equal(press("t", { code: "KeyT", altKey: true }), "Alt+T");
});

test("other modifiers belong to the browser", () => {
  for (const modifier of ["ctrlKey", "metaKey", "shiftKey"]) assert.equal(press("F2", { [modifier]: true }), null);
});

test("a span counts minutes and seconds, never below nothing", () => {
  assert.equal(span(0), "0.00");
  assert.equal(span(65.9), "1.05");
  assert.equal(span(3725), "62.05");
  assert.equal(span(-3), "0.00");
});

test("a wait is told in whole minutes, the first one in seconds", () => {
  assert.equal(words(12), "12 detik");
  assert.equal(words(-1), "0 detik");
  assert.equal(words(12 * 60 + 20), "12 menit");
});
