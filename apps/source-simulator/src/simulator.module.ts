import { readSettings, systemClock, type Clock, type SettingsOf } from '@millrace/service'
import { Module } from '@nestjs/common'
import { PositionFile } from './clock/position-file.ts'
import { ControlController } from './control/control.controller.ts'
import { EarthquakeService } from './earthquakes/earthquake-service.ts'
import { EarthquakesController } from './earthquakes/earthquakes.controller.ts'
import { recordedQuakes } from './earthquakes/recorded-quakes.ts'
import type { FaultPlan } from './faults/fault-plan.ts'
import { Faults } from './faults/faults.ts'
import { simulatorSettings, speedOf } from './simulator.settings.ts'
import { TradeService } from './trades/trade-service.ts'
import { TradesController } from './trades/trades.controller.ts'

/** The settings as read; tests put their own in its place. */
export const simulatorSettingsToken = Symbol('simulator settings')

/** The real clock, behind both the earthquakes' own and the trades'; tests put their own in its place. */
export const realClockToken = Symbol('real clock')

type Settings = SettingsOf<typeof simulatorSettings>

@Module({
  controllers: [EarthquakesController, TradesController, ControlController],
  providers: [
    { provide: simulatorSettingsToken, useFactory: () => readSettings(simulatorSettings) },
    { provide: realClockToken, useValue: systemClock },
    { provide: Faults, inject: [simulatorSettingsToken], useFactory: ({ faults }: Settings) => new Faults(JSON.parse(faults) as Partial<FaultPlan>) },
    {
      provide: EarthquakeService, inject: [simulatorSettingsToken, realClockToken],
      useFactory: ({ seed, speed, position }: Settings, real: Clock) => new EarthquakeService({ quakes: recordedQuakes, seed, speed: speedOf(speed), real, keeper: new PositionFile(position, speedOf(speed), () => real.now()) }),
    },
    {
      provide: TradeService, inject: [simulatorSettingsToken, realClockToken],
      useFactory: ({ seed, rate, kept }: Settings, clock: Clock) => new TradeService({ seed, rate, kept, clock }),
    },
  ],
})
export class SimulatorModule {}
