// Money as decimal texts: added and rounded exactly, never as floating point.
function readMoney(text) {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(text));
  if (!match) return null;
  const fraction = match[3] || "", exponent = Number(match[4] || 0);
  const digits = BigInt(match[2] + fraction) * (match[1] ? -1n : 1n);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function addMoney(amounts) {
  const read = amounts.map(readMoney).filter(Boolean);
  const scale = Math.max(0, ...read.map((amount) => amount.scale));
  const digits = read.reduce((sum, amount) => sum + amount.digits * 10n ** BigInt(scale - amount.scale), 0n);
  return writeMoney({ digits, scale });
}

function writeMoney({ digits, scale }) {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale), fraction = text.slice(text.length - scale);
  return `${digits < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

// "1,234.57": two decimals, a half away from zero; less than half a cent and not nothing is "<0.01".
function showMoney(text) {
  const amount = readMoney(text);
  if (!amount) return "unknown";
  const negative = amount.digits < 0n;
  const digits = negative ? -amount.digits : amount.digits;
  const unit = 10n ** BigInt(Math.max(0, amount.scale - 2));
  const cents = amount.scale <= 2 ? digits * 10n ** BigInt(2 - amount.scale) : (2n * digits + unit) / (2n * unit);
  if (cents === 0n && digits > 0n) return "<0.01";
  const [whole, rest] = writeMoney({ digits: cents, scale: 2 }).split(".");
  return `${negative ? "−" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}
