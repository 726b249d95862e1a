/** node --test tests/js/ : pages of a list on the wall. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextPage } from "../../mpp/display/static/paging.js";

const calls = (/** @type {number} */ fresh, /** @type {number} */ all) => Array.from({ length: all }, (_, i) => i < fresh);

test("without news every page has its turn", () => {
  assert.deepEqual([0, 1, 2].map((page) => nextPage(page, calls(0, 18), 6)), [1, 2, 0]);
});

test("while somebody was just called only the pages that hold such calls are shown", () => {
  assert.deepEqual([0, 1, 2].map((page) => nextPage(page, calls(4, 18), 6)), [0, 0, 0]);
  assert.deepEqual([0, 1, 2].map((page) => nextPage(page, calls(9, 18), 6)), [1, 0, 0]);
});

test("a list of one page or of nothing stays", () => {
  assert.equal(nextPage(0, calls(1, 3), 6), 0);
  assert.equal(nextPage(0, [], Infinity), 0);
  assert.equal(nextPage(0, calls(2, 2), Infinity), 0);
});
