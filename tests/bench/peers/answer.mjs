// The checksum of an answer, as tests/bench/workload_engine.h defines it.

const kOffset = 14695981039346656037n;
const kPrime = 1099511628211n;
const kMask = (1n << 64n) - 1n;
const encoder = new TextEncoder();

export function checksumOfRow(values) {
  let sum = kOffset;
  for (const value of values) {
    for (const byte of encoder.encode(String(value))) sum = ((sum ^ BigInt(byte)) * kPrime) & kMask;
    sum = ((sum ^ 0x1Fn) * kPrime) & kMask;
  }
  return sum;
}

/** [rows, checksum in hexadecimal digits] of rows that are arrays of integers, texts, booleans and nulls. */
export function answerOf(rows) {
  let sum = 0n;
  for (const row of rows) sum = (sum + checksumOfRow(row)) & kMask;
  return [rows.length, sum.toString(16).padStart(16, '0')];
}
