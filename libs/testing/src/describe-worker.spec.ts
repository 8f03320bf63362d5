import { Health, OpenRead, RequireScope, systemClock } from '@millrace/service'
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common'
import { describe, expect, it } from '@jest/globals'
import { IsInt } from 'class-validator'
import { describeWorker } from './describe-worker.ts'
import { FakeClock } from './fake-clock.ts'
import { testService } from './test-service.ts'
import { uncheckedInputs } from './unchecked-inputs.ts'

class Made {
  @IsInt()
  count!: number
}

@Controller('v1/things')
class ThingsController {
  @Get(':name')
  @OpenRead()
  read(): string[] {
    return []
  }

  @Post()
  @RequireScope('ingest:trigger')
  make(@Body() made: Made): Made {
    return made
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {
  constructor(health: Health) {
    health.add('things', () => systemClock.sleep(1))
  }
}

describeWorker(() => ThingsModule, { name: 'things' })

describe('uncheckedInputs', () => {
  it('names a body and a query that nothing checks', async () => {
    @Controller('loose')
    class LooseController {
      @Post()
      make(@Body() body: Record<string, unknown>, @Query('limit') limit: string, @Query() made: Made): unknown {
        return { body, limit, made }
      }
    }
    @Module({ controllers: [LooseController] })
    class LooseModule {}
    const app = await testService(LooseModule)
    expect(uncheckedInputs(app).sort()).toEqual(['LooseController.make (body)', 'LooseController.make (query)'])
    await app.close()
  })
})

describe('FakeClock', () => {
  it('wakes sleepers in the order of their time, at their time', async () => {
    const clock = new FakeClock(0)
    const woken: [string, number][] = []
    void clock.sleep(20).then(() => woken.push(['b', clock.now()]))
    void clock.sleep(10).then(async () => {
      woken.push(['a', clock.now()])
      await clock.sleep(5)
      woken.push(['c', clock.now()])
    })
    await clock.advance(15)
    expect(woken).toEqual([['a', 10], ['c', 15]])
    expect(clock.sleepers).toBe(1)
  })

  it('gives up a sleep when its signal aborts', async () => {
    const clock = new FakeClock()
    const stop = new AbortController()
    const slept = clock.sleep(1_000, stop.signal)
    stop.abort(new Error('stop'))
    await expect(slept).rejects.toThrow('stop')
    expect(clock.sleepers).toBe(0)
  })
})
