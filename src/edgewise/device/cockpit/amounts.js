// Amounts of money and bytes as a person reads them.

const KILO = 1000;
const UNITS = ["B", "kB", "MB", "GB"];

// Units of currency, with as many digits as tell something.
export function money(value) {
  if (!value) return "0";
  if (value < 0.000001) return "< 0.000001";
  return value >= 1 ? value.toFixed(2) : value.toFixed(value >= 0.1 ? 3 : 6).replace(/0+$/, "");
}

export function bytes(count) {
  let unit = 0;
  let value = count;
  while (value >= KILO && unit < UNITS.length - 1) { value /= KILO; unit += 1; }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
