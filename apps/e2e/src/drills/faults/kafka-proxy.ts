import { answeredCorrelationOf, apiKeyOf, correlationOf, kafkaFrameLength, produceKey } from '@millrace/testing/kafka-frames'
import { OneWayProxy } from '@millrace/testing/one-way-proxy'
import type { Line } from '../../line/line.ts'
import { engineSetting } from './engine-setting.ts'
import type { Processes } from './processes.ts'

/** The listener that only the proxy reaches, and the address by which the broker calls it: the proxy's own. */
const listenerPort = 19_094
const proxyPort = 19_095

/** What comes over the proxy and is about records. */
export interface ProduceRules {
  /** A page on its way to the broker. */
  onProduce?: () => 'pass' | 'hold'
  /** The broker's answer to one: the records are on the topic. */
  onProduced?: () => 'pass' | 'drop' | 'hold'
}

/** A way to Kafka that a drill holds in its hand. Kafka names its listeners to its clients, so this one needs a listener of its own. */
export class KafkaProxy {
  rules: ProduceRules = {}
  readonly proxy: OneWayProxy
  readonly #produced = new Map<number, Set<number>>()

  private constructor(line: Line) {
    this.proxy = new OneWayProxy({ target: `127.0.0.1:${listenerPort + line.portOffset}`, port: proxyPort + line.portOffset, frameLength: kafkaFrameLength })
    this.proxy.onRequest = (frame, connection) => {
      if (apiKeyOf(frame) !== produceKey) return 'pass'
      const fate = this.rules.onProduce?.() ?? 'pass'
      if (fate === 'pass') this.#requestsOf(connection).add(correlationOf(frame))
      return fate
    }
    this.proxy.onAnswer = (frame, connection) => {
      const requests = this.#requestsOf(connection)
      const correlation = answeredCorrelationOf(frame)
      if (!requests.has(correlation)) return 'pass'
      const fate = this.rules.onProduced?.() ?? 'pass'
      if (fate !== 'hold') requests.delete(correlation)
      return fate
    }
  }

  /** Opens it; gives the line's Kafka the listener where it has none yet. */
  static async open(line: Line, processes: Processes): Promise<KafkaProxy> {
    const [port, advertised] = [listenerPort + line.portOffset, proxyPort + line.portOffset]
    await engineSetting(line, processes, 'kafka', (text) => text.includes('DRILL:') ? text : text
      .replace(/^(listeners=.*)$/m, `$1,DRILL://127.0.0.1:${port}`)
      .replace(/^(advertised\.listeners=.*)$/m, `$1,DRILL://127.0.0.1:${advertised}`)
      .replace(/^(listener\.security\.protocol\.map=.*)$/m, '$1,DRILL:PLAINTEXT'))
    const opened = new KafkaProxy(line)
    await opened.proxy.open()
    return opened
  }

  get address(): string {
    return this.proxy.address
  }

  /** The rules were changed: what is held is looked at again. */
  follow(rules: ProduceRules): void {
    this.rules = rules
    this.proxy.release()
  }

  #requestsOf(connection: number): Set<number> {
    const requests = this.#produced.get(connection) ?? new Set()
    this.#produced.set(connection, requests)
    return requests
  }
}
