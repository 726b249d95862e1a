/**
 * Keep a page in step with the server: whole states over a websocket, by itself again after any break.
 *
 *   import { connect } from "/static/js/live.js";
 *   connect("/live/malls/mpp-x/board?zone=a", {
 *     onMessage: (board) => draw(board),              // the whole state, never a part
 *     onState: ({ state, since }) => …,               // "connecting" | "live" | "stale", since: Date when stale
 *     longestDelay: 1000, beside: 1000,               // wall screens; all names: DEFAULTS in live-core.js
 *   });
 *
 * onState of a banner: see stale.js. Rules and numbers: live-core.js.
 */

import { begin, step, wakeAt } from "./live-core.js";

/**
 * @param {string} url
 * @param {{onMessage: (message: any) => void,
 *   onState?: (told: {state: string, since: Date | null}) => void} & Record<string, any>} page
 */
export function connect(url, { onMessage, onState = () => {}, ...options }) {
  const address = new URL(url, location.href);
  address.protocol = address.protocol.replace(/^http/, "ws");
  const now = steadyClock();
  const sockets = new Map();
  let model = begin(now(), options);
  let timer = 0;
  let ended = false;

  function happened(event) {
    if (ended) return;
    const result = step(model, event, now());
    model = result.model;
    clearTimeout(timer);
    timer = setTimeout(happened, Math.max(0, wakeAt(model) - now()), { type: "tick" });
    for (const effect of result.effects) {
      try {
        /** @type {Record<string, (effect: any) => void>} */ (effects)[effect.kind](effect);
      } catch (error) {
        reportError(error); // a page that fails to draw one state must still hear of the next
      }
    }
  }

  const effects = {
    open({ id }) {
      const socket = new WebSocket(address);
      sockets.set(id, socket);
      socket.onmessage = ({ data }) => happened({ type: "message", id, text: data });
      socket.onclose = () => {
        sockets.delete(id);
        happened({ type: "closed", id });
      };
    },
    close({ id }) {
      const socket = sockets.get(id);
      sockets.delete(id);
      if (socket === undefined) return;
      socket.onmessage = socket.onclose = null; // a half-open line may take minutes to say that it closed
      socket.close();
    },
    apply({ message }) {
      onMessage(message);
    },
    tell({ state, since }) {
      onState({ state, since: since === null ? null : new Date(Date.now() - (now() - since)) });
    },
  };

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
      for (const id of [...sockets.keys()]) effects.close({ id });
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
