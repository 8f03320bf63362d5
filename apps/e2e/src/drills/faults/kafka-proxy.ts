import { answeredCorrelationOf, apiKeyOf, correlationOf, kafkaFrameLength, offsetCommitKey, produceKey } from '@millrace/testing/kafka-frames'
import { OneWayProxy, type Fate } from '@millrace/testing/one-way-proxy'
import type { Line } from '../../line/line.ts'
import { engineSetting } from './engine-setting.ts'
import type { Processes } from './processes.ts'

/** The listener that only the proxy reaches, and the address by which the broker calls it: the proxy's own. */
const listenerPort = 19_094
const proxyPort = 19_095

/** What comes over the proxy and is of interest: records on their way, and how far a group has read. */
export interface ProxyRules {
  /** A page on its way to the broker. */
  onProduce?: (frame: Buffer) => 'pass' | 'hold'
  /** The broker's answer to one: the records are on the topic. */
  onProduced?: () => Fate
  /** The broker's answer to a group's offsets: what was read is done for good. */
  onCommitted?: () => Fate
}

/** A way to Kafka that a drill holds in its hand. Kafka names its listeners to its clients, so this one needs a listener of its own. */
export class KafkaProxy {
  rules: ProxyRules = {}
  readonly proxy: OneWayProxy
  /** Requests whose answers are of interest, by connection and number. */
  readonly #asked = new Map<number, Map<number, 'onProduced' | 'onCommitted'>>()

  private constructor(line: Line) {
    this.proxy = new OneWayProxy({ target: `127.0.0.1:${listenerPort + line.portOffset}`, port: proxyPort + line.portOffset, frameLength: kafkaFrameLength })
    this.proxy.onRequest = (frame, connection) => {
      const key = apiKeyOf(frame)
      const fate = key === produceKey ? this.rules.onProduce?.(frame) ?? 'pass' : 'pass'
      if (fate === 'pass' && key === produceKey) this.#askedOn(connection).set(correlationOf(frame), 'onProduced')
      if (key === offsetCommitKey) this.#askedOn(connection).set(correlationOf(frame), 'onCommitted')
      return fate
    }
    this.proxy.onAnswer = (frame, connection) => {
      const asked = this.#askedOn(connection)
      const correlation = answeredCorrelationOf(frame)
      const rule = asked.get(correlation)
      if (!rule) return 'pass'
      const fate = this.rules[rule]?.() ?? 'pass'
      if (fate !== 'hold') asked.delete(correlation)
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
  follow(rules: ProxyRules): void {
    this.rules = rules
    this.proxy.release()
  }

  #askedOn(connection: number): Map<number, 'onProduced' | 'onCommitted'> {
    const asked = this.#asked.get(connection) ?? new Map<number, 'onProduced' | 'onCommitted'>()
    this.#asked.set(connection, asked)
    return asked
  }
}
