import { Controller, UseFilters } from '@nestjs/common'
import { EventPattern } from '@nestjs/microservices'
import type { StreamBatch } from './batch-transport.ts'
import { FailureFilter } from './failure.filter.ts'
import { LetterIntake } from './letter-intake.ts'
import type { TopicPattern } from './topic-routes.ts'
import { WindowIntake } from './window-intake.ts'

const on = (pattern: TopicPattern) => EventPattern(pattern)

/** Where the transport's batches go, by what their topic holds. */
@Controller()
@UseFilters(FailureFilter)
export class BatchesController {
  constructor(private readonly windows: WindowIntake, private readonly letters: LetterIntake) {}

  @on('windows')
  storeWindows({ stream, batch }: StreamBatch): Promise<void> {
    return this.windows.store(stream, batch)
  }

  @on('late')
  storeLate({ stream, batch }: StreamBatch): Promise<void> {
    return this.letters.storeLate(stream, batch)
  }

  @on('dead-letters')
  storeDead({ stream, batch }: StreamBatch): Promise<void> {
    return this.letters.storeDead(stream, batch)
  }
}
