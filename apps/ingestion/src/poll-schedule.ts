import { streamLabel } from '@millrace/stream-kit'
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { SchedulerRegistry } from '@nestjs/schedule'
import { Connections } from './connections.ts'
import { StreamWorkers } from './pipeline/stream-workers.ts'

/** Starts the workers when there is something to work with, and tells each, as often as its stream declares, that a poll is due. */
@Injectable()
export class PollSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly workers: StreamWorkers, private readonly schedule: SchedulerRegistry, private readonly connections: Connections) {}

  onApplicationBootstrap(): void {
    void this.connections.opened().then((isOpen) => { if (isOpen) this.workers.start() })
    for (const worker of this.workers) {
      const { pollMs } = worker.stream
      if (pollMs !== null) this.schedule.addInterval(`poll ${streamLabel(worker.stream)}`, setInterval(() => { worker.poll() }, pollMs))
    }
  }

  async onModuleDestroy(): Promise<void> {
    for (const name of this.schedule.getIntervals()) this.schedule.deleteInterval(name)
    await this.workers.stop()
  }
}
