/** An amount that a budget counts, as people write it: money in the units of its currency. */

/** Returns `amount` with what it is of: `500.00 EUR` of 50000 cents, `2 messages`. */
export function describeAmount(amount: number, unit: string, currency?: string): string {
  if (currency === undefined) return `${amount} ${unit}`;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(maximumFractionDigits + 1, '0');
  const point = digits.length - maximumFractionDigits;
  const cents = maximumFractionDigits === 0 ? '' : `.${digits.slice(point)}`;
  return `${sign}${digits.slice(0, point)}${cents} ${currency}`;
}
