import type { TopicAdmin, TopicChange, TopicSpec } from '@millrace/kafka'
import type { Change, Target } from './change.ts'

/** The topics of all streams. Others are left alone. */
export class KafkaTarget implements Target {
  readonly name = 'Kafka'

  constructor(private readonly admin: TopicAdmin, private readonly specs: readonly TopicSpec[]) {}

  async plan(): Promise<readonly Change[]> {
    return (await this.admin.plan(this.specs)).map(changeOf)
  }

  async apply(): Promise<readonly Change[]> {
    return (await this.admin.apply(this.specs)).map(changeOf)
  }

  async close(): Promise<void> {
    await this.admin.close()
  }
}

function changeOf(change: TopicChange): Change {
  const what = `topic ${change.topic}`
  switch (change.kind) {
    case 'create':
      return { action: 'create', what, detail: `${change.partitions} ${change.partitions === 1 ? 'partition' : 'partitions'}, ${settings(change.config, Object.keys(change.config))}` }
    case 'configure':
      return { action: 'change', what, detail: settings(change.config, change.differs) }
    case 'refused':
      return { action: 'refuse', what, detail: `it has ${change.found} partitions, declared are ${change.declared}. Declare the stream with a new version: events of a key would no longer be in order.` }
  }
}

const settings = (config: Readonly<Record<string, string>>, names: readonly string[]): string => names.map((name) => `${name}=${config[name] ?? ''}`).join(', ')
