import { OpenRead, RequireScope } from '@millrace/service'
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common'
import { Faults, type FaultState } from '../faults/faults.ts'
import { EarthquakeService } from '../earthquakes/earthquake-service.ts'
import { TradeService } from '../trades/trade-service.ts'
import { ControlDto, TruthQueryDto } from './control.dto.ts'
import { simulatorChanged } from '../simulator.signals.ts'

/** The state of the simulator, as `GET /control` and `POST /control` answer it. */
export interface SimulatorState {
  /** The moment the earthquakes' clock shows. */
  readonly now: string
  readonly speed: number | 'max'
  /** Where that clock stands still. */
  readonly end: string
  readonly earthquakes: { readonly total: number, readonly visible: number, readonly revised: number }
  readonly trades: {
    readonly rate: number
    /** New trades until the pause; null without one. */
    readonly stopAfter: number | null
    readonly duplicateShare: number
    readonly disorderMs: number
    readonly produced: number
    readonly duplicates: number
    readonly oldest: number
    readonly latest: number
  }
  /** What goes wrong, how probable it is, and how often it has happened. */
  readonly faults: FaultState
}

export interface TruthPage {
  readonly stream: string
  /** What has been served, each once, with how often. */
  readonly data: readonly object[]
  readonly next: number | null
  /** Over everything, not only this page. */
  readonly distinct: number
  readonly served: number
  /** Whether all that was ever served is still listed. */
  readonly isComplete: boolean
  /** How many broken records were served; the list with `kind=broken`. */
  readonly broken: { readonly distinct: number, readonly served: number }
}

@Controller('control')
export class ControlController {
  constructor(private readonly earthquakes: EarthquakeService, private readonly trades: TradeService, private readonly faults: Faults) {}

  @Get()
  @OpenRead()
  state(): SimulatorState {
    this.trades.production.catchUp()
    const { clock } = this.earthquakes
    const now = clock.now()
    const { tape, production } = this.trades
    return {
      now: new Date(now).toISOString(), speed: clock.speed, end: new Date(clock.end).toISOString(),
      earthquakes: this.earthquakes.counts(now),
      trades: { ...production.pace, ...production.counts, oldest: tape.oldest, latest: tape.latest },
      faults: this.faults.state,
    }
  }

  @Post()
  @HttpCode(200)
  @RequireScope('stream:control')
  change(@Body() { speed, start, trades, faults }: ControlDto): SimulatorState {
    if (speed !== undefined || start !== undefined) this.earthquakes.clock.set({ speed, start: start === undefined ? undefined : Date.parse(start) })
    if (trades !== undefined) this.trades.production.change(trades)
    if (faults !== undefined) this.faults.change(faults)
    const state = this.state()
    simulatorChanged({ state })
    return state
  }

  @Get('truth')
  @OpenRead()
  truth(@Query() { stream, kind, after, limit }: TruthQueryDto): TruthPage {
    const { served } = this.faults[stream]
    const broken = served.totals
    if (kind === 'broken') {
      const data = served.read(after, limit)
      return { stream, data, next: after + data.length < broken.distinct ? after + data.length : null, ...broken, isComplete: true, broken }
    }
    if (stream === 'earthquakes') {
      const data = this.earthquakes.served.read(after, limit)
      const { totals } = this.earthquakes.served
      return { stream, data, next: after + data.length < totals.distinct ? after + data.length : null, ...totals, isComplete: true, broken }
    }
    const data = this.trades.servedAfter(after, limit)
    const last = data.at(-1)?.seq
    const hasMore = last !== undefined && this.trades.servedAfter(last, 1).length > 0
    return { stream, data, next: hasMore ? last : null, ...this.trades.totals, isComplete: this.trades.tape.dropped === 0, broken }
  }
}
