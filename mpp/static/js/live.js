/**
 * Keep a page in step with the server: whole states over a websocket, by itself again after any break.
 *
 *   import { connect } from "/static/js/live.js";
 *   connect("/live/malls/mpp-x/board?zone=a", {
 *     onMessage: (board) => draw(board),              // the whole state, never a part
 *     onState: ({ state, since }) => …,               // "connecting" | "live" | "stale", since: Date of the server's clock
 *     onConnected: () => …,                           // a new connection speaks: its versions are a new count
 *     longestDelay: 1000, beside: 1000,               // wall screens; all names: DEFAULTS in live-core.js
 *   });
 *
 * onState of a banner: see stale.js. Rules and numbers: live-core.js.
 */

import { begin, step, wakeAt } from "./live-core.js";

/** @import { Effect, Event, Options, Standing, State } from "./live-core.js" */

/**
 * @template {State} Message
 * @param {string} url
 * @param {{onMessage: (message: Message) => void, onConnected?: () => void,
 *   onState?: (told: {state: Standing, since: Date | null}) => void} & Partial<Options>} page
 */
export function connect(url, { onMessage, onConnected = () => {}, onState = () => {}, ...options }) {
  const address = new URL(url, location.href);
  address.protocol = address.protocol.replace(/^http/, "ws");
  const now = steadyClock();
  /** @type {Map<number, WebSocket>} */
  const sockets = new Map();
  let model = begin(now(), options);
  /** What time it is for the server, and when it said so: first with the page. The device's own clock may be wrong. */
  let told = { at: Number(document.documentElement.dataset.madeAt ?? Date.now()), steady: now() };
  let timer = 0;
  let ended = false;

  /** @param {Event} event */
  function happened(event) {
    if (ended) return;
    const result = step(model, event, now());
    const isNew = result.model.current !== null && result.model.current !== model.current;
    model = result.model;
    clearTimeout(timer);
    timer = setTimeout(happened, Math.max(0, wakeAt(model) - now()), { type: "tick" });
    if (isNew) onConnected();
    for (const effect of result.effects) {
      try {
        follow(effect);
      } catch (error) {
        reportError(error); // a page that fails to draw one state must still hear of the next
      }
    }
  }

  /** @param {Effect} effect */
  function follow(effect) {
    if (effect.kind === "open") open(effect.id);
    else if (effect.kind === "close") close(effect.id);
    else if (effect.kind === "apply") apply(/** @type {Message} */ (effect.message)); // as this address speaks
    else onState({ state: effect.state, since: effect.since === null ? null : momentOf(effect.since) });
  }

  /** @param {Message} message */
  function apply(message) {
    if (message.at) told = { at: Date.parse(message.at), steady: model.heardAt };
    onMessage(message);
  }

  /** @param {number} id */
  function open(id) {
    const socket = new WebSocket(address);
    sockets.set(id, socket);
    socket.onmessage = ({ data }) => happened({ type: "message", id, text: data });
    socket.onclose = () => {
      sockets.delete(id);
      happened({ type: "closed", id });
    };
  }

  /** @param {number} id */
  function close(id) {
    const socket = sockets.get(id);
    sockets.delete(id);
    if (socket === undefined) return;
    socket.onmessage = socket.onclose = null; // a half-open line may take minutes to say that it closed
    socket.close();
  }

  /** @param {number} steady of this connection's clock */
  function momentOf(steady) {
    return new Date(told.at + steady - told.steady);
  }

  const check = () => happened({ type: "check" });
  const checkIfVisible = () => {
    if (document.visibilityState === "visible") check();
  };
  /** @type {[EventTarget, string, () => void][]} */
  const listeners = [
    [window, "online", check],
    [window, "offline", check],
    [window, "pageshow", check],
    [document, "visibilitychange", checkIfVisible],
  ];
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
  happened({ type: "tick" });

  return {
    /** Try now if there is any doubt. */
    check,
    close() {
      ended = true;
      clearTimeout(timer);
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
      for (const id of [...sockets.keys()]) close(id);
    },
  };
}

/** Milliseconds that never go back when the clock is set, and go on while the device sleeps. */
function steadyClock() {
  let elapsed = 0;
  let wall = Date.now();
  let steady = performance.now();
  return () => {
    const [nextWall, nextSteady] = [Date.now(), performance.now()];
    elapsed += Math.max(0, nextWall - wall, nextSteady - steady);
    [wall, steady] = [nextWall, nextSteady];
    return elapsed;
  };
}
