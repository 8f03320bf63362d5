import { deadLetterTopic, lateTopic, windowTopic, type Catalogue, type StreamDeclaration } from '@millrace/stream-kit'

/** What a topic holds: the pattern of the handler of its batches. */
export type TopicPattern = 'windows' | 'late' | 'dead-letters'

export interface TopicRoute {
  readonly pattern: TopicPattern
  readonly stream: StreamDeclaration
}

/** Which topics are read, and what each of them holds of which stream. */
export class TopicRoutes {
  readonly #routes: ReadonlyMap<string, TopicRoute>

  constructor({ streams }: Pick<Catalogue, 'streams'>) {
    this.#routes = new Map(streams.flatMap((stream): [string, TopicRoute][] => [
      [windowTopic(stream), { pattern: 'windows', stream }],
      [lateTopic(stream), { pattern: 'late', stream }],
      [deadLetterTopic(stream), { pattern: 'dead-letters', stream }],
    ]))
  }

  get topics(): string[] {
    return [...this.#routes.keys()]
  }

  find(topic: string): TopicRoute {
    const route = this.#routes.get(topic)
    if (!route) throw new Error(`A batch of topic ${topic} arrived, which is not read; read are ${this.topics.join(', ')}.`)
    return route
  }
}
