// Reckoning with colours, as WCAG does it. For the tests of the tokens.

/** Red, green, blue and how much of them covers, each from 0 to 1, as stored: not linear. */
export type Colour = readonly [number, number, number, number];

/** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`. */
export function parsed(hex: string): Colour {
  const digits = hex.match(/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i)?.[1];
  if (!digits) throw new Error(`${hex} is no colour`);
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? []);
  const [red = 0, green = 0, blue = 0, alpha = 1] = pairs.map((pair) => Number.parseInt(pair, 16) / 255);
  return [red, green, blue, alpha];
}

/** A ground that is seen through the colour above it. */
export function over([red, green, blue, alpha]: Colour, below: Colour): Colour {
  const blend = (above: number, under: number) => above * alpha + under * (1 - alpha);
  return [blend(red, below[0]), blend(green, below[1]), blend(blue, below[2]), 1];
}

/** Half of each. */
export function mixed(one: Colour, other: Colour): Colour {
  return over([one[0], one[1], one[2], 0.5], other);
}

/** From 1, the same, to 21, black on white. */
export function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What a screen shows of it: cut off where the screen has no such colour. `hue` in degrees. */
export function ofOklch(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    stored(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    stored(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    stored(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    1,
  ];
}

function stored(linear: number): number {
  const cut = Math.max(0, Math.min(1, linear));
  return cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055;
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(stored: number): number {
  return stored <= 0.04045 ? stored / 12.92 : ((stored + 0.055) / 1.055) ** 2.4;
}
