const m = 0x5bd1e995

const byte = (data: Uint8Array, at: number) => data[at] ?? 0

/**
 * Kafka's own hash of a key (`org.apache.kafka.common.utils.Utils.murmur2`), a signed 32-bit number.
 *
 * Equal to the one of kafkajs bit by bit and some thirty times faster: kafkajs computes on a Long class.
 */
export function murmur2(data: Uint8Array): number {
  const { length } = data
  const whole = length & ~3
  let h = 0x9747b28c ^ length

  for (let i = 0; i < whole; i += 4) {
    let k = byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16) | (byte(data, i + 3) << 24)
    k = Math.imul(k, m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }

  const rest = length - whole
  if (rest === 3) h ^= byte(data, whole + 2) << 16
  if (rest >= 2) h ^= byte(data, whole + 1) << 8
  if (rest >= 1) h = Math.imul(h ^ byte(data, whole), m)

  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}

/** The partition that Kafka's clients give a key. */
export const partitionOf = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions
