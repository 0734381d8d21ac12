// Two soft tones, made here: there is no file to load.

const TONES = [
  { hertz: 659.3, at: 0 },
  { hertz: 880, at: 0.09 },
];
const TONE_S = 0.22;
const LOUDNESS = 0.08;

let context: AudioContext | null = null;

/** Silent where the browser lets no page sound before somebody has touched it. */
export async function playSound(): Promise<void> {
  if (navigator.userActivation?.hasBeenActive === false) return;
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume();
  const start = context.currentTime;
  for (const { hertz, at } of TONES) {
    const tone = new OscillatorNode(context, { frequency: hertz, type: "sine" });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start + at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.000_1, start + at + TONE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + TONE_S);
  }
}
