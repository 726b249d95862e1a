/**
 * The bell: two struck tones, made by the browser, no sound file.
 *
 *   const chime = createChime({ onChange: () => { hint.hidden = !chime.needsGesture; } });
 *   await chime.ring();                     // false if the browser would not let it sound
 *   chime.queue.add(() => say("…"));        // what must come after the bell and never over it
 *
 * Browsers keep pages silent until somebody touches them, unless they are started with
 * --autoplay-policy=no-user-gesture-required. Until then `needsGesture` is true; the first touch or key
 * anywhere on the page unlocks it. A bell that could not sound is not made up for later.
 */

import { SoundQueue } from "./sound-queue.js";

const TONES = [
  { hertz: 783.99, at: 0 }, // G5
  { hertz: 622.25, at: 0.55 }, // E flat 5
];
const PARTIALS = [
  // a bell's overtones: ratio, loudness, seconds until it has died away
  { ratio: 1, gain: 0.5, fade: 1.9 },
  { ratio: 2, gain: 0.16, fade: 1.1 },
  { ratio: 2.76, gain: 0.07, fade: 0.6 },
  { ratio: 5.4, gain: 0.03, fade: 0.25 },
];
const LENGTH = 2.1; // s until the next sound may begin
const RESUME_WITHIN = 300; // ms

export function createChime({ onChange = () => {}, queue = new SoundQueue() } = {}) {
  /** @type {AudioContext | null} */
  let context = null;
  let locked = false;

  /** @param {boolean} value */
  function setLocked(value) {
    if (value === locked) return;
    locked = value;
    onChange();
  }

  /** Try to get permission to sound; true when there is. */
  async function unlock() {
    context ??= new AudioContext();
    if (context.state !== "running") {
      // Without permission resume() neither resolves nor fails.
      await Promise.race([context.resume(), pause(RESUME_WITHIN)]).catch(() => {});
    }
    setLocked(context.state !== "running");
    return !locked;
  }

  async function strikeBell() {
    if (!(await unlock()) || context === null) return false;
    strike(context, context.currentTime + 0.02);
    await pause(LENGTH * 1000);
    return true;
  }

  const onGesture = () => {
    if (locked || context === null) unlock();
  };
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, onGesture, { passive: true, capture: true });
  }
  unlock();

  return {
    queue,
    unlock,
    ring: () => queue.add(strikeBell),
    get needsGesture() {
      return locked;
    },
  };
}

/**
 * Schedule the bell on an audio context, from `start` (s of its clock) on.
 * @param {BaseAudioContext} context
 * @param {number} start
 */
export function strike(context, start) {
  for (const tone of TONES) {
    for (const partial of PARTIALS) {
      const from = start + tone.at;
      const oscillator = new OscillatorNode(context, { frequency: tone.hertz * partial.ratio });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(partial.gain, from + 0.008);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + partial.fade);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(from + partial.fade);
    }
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
