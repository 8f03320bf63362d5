import { randomBytes } from 'node:crypto'

/** A new id for a Kafka cluster: 16 bytes as base64url. None begins with a dash, as none of Kafka's own does: its tools take that for an option. */
export const newClusterId = (bytes = randomBytes(16)) => bytes.toString('base64url').replace(/^-/, 'A')
