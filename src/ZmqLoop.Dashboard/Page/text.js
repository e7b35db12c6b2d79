// What is shown, as text.

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const whole = value => plain.format(value);

export function number(value) {
  if (value === null || value === undefined) return "–";
  return Math.abs(value) >= 100000 ? short.format(value) : (Math.abs(value) < 10 ? fine : plain).format(value);
}

export function time(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  seconds = Math.max(seconds, 0); // the process's clock may have been set back
  if (seconds < 0.0095) return `${fine.format(seconds * 1000)} ms`;
  if (seconds < 1) return `${plain.format(seconds * 1000)} ms`;
  if (seconds < 120) return `${(seconds < 10 ? fine : plain).format(seconds)} s`;
  if (seconds < 7200) return `${plain.format(seconds / 60)} min`;
  return seconds < 172800 ? `${fine.format(seconds / 3600)} h` : `${plain.format(seconds / 86400)} d`;
}

export function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${(count < 10 && unit > 0 ? fine : plain).format(count)} ${units[unit]}`;
}

export const counted = (count, one, many) => `${plain.format(count)} ${count === 1 ? one : many}`;

// Of a callback, with where it came from.
export const storyLength = 4000;

// What somebody else chose, such as a name: what it would hide or turn around is seen, as in logs, and a long one is cut.
export function legible(text, most = 300) {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(/[\p{Zl}\p{Zp}]|[^\P{C}\t\r\n]/gu, hidden => `\\u{${hidden.codePointAt(0).toString(16).toUpperCase()}}`);
}
