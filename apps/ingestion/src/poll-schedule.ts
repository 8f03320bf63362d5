import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common'
import { SchedulerRegistry } from '@nestjs/schedule'
import { StreamWorkers } from './pipeline/stream-workers.ts'

/** Starts the workers and tells each, as often as its stream declares, that a poll is due. */
@Injectable()
export class PollSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly workers: StreamWorkers, private readonly schedule: SchedulerRegistry) {}

  onApplicationBootstrap(): void {
    this.workers.start()
    for (const worker of this.workers) {
      const { name, pollMs } = worker.stream
      if (pollMs !== null) this.schedule.addInterval(`poll ${name}`, setInterval(() => { worker.poll() }, pollMs))
    }
  }

  async onModuleDestroy(): Promise<void> {
    for (const name of this.schedule.getIntervals()) this.schedule.deleteInterval(name)
    await this.workers.stop()
  }
}
