import 'reflect-metadata'
import { ModulesContainer } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { getMetadataStorage } from 'class-validator'

/** As Nest stores the parameters of a route: `<kind>:<index>`, kind 3 a body and 4 a query. */
type Arguments = Readonly<Record<string, { readonly index: number, readonly pipes?: readonly unknown[] }>>

interface Controller { readonly name: string, readonly prototype: object }

/**
 * Bodies and queries of a worker's routes that nothing checks, as `Controller.method`: neither is their type a class
 * with validators, nor have they a pipe of their own.
 */
export function uncheckedInputs(app: NestFastifyApplication): string[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()])
  return controllers.flatMap(({ metatype }) => typeof metatype === 'function' ? uncheckedIn(metatype as unknown as Controller) : [])
}

function uncheckedIn(controller: Controller): string[] {
  return Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
    const given = Reflect.getMetadata('__routeArguments__', controller, method) as Arguments | undefined
    const types = Reflect.getMetadata('design:paramtypes', controller.prototype, method) as unknown[] | undefined
    const unchecked = Object.entries(given ?? {}).filter(([key, { index, pipes = [] }]) =>
      /^[34]:/.test(key) && pipes.length === 0 && !hasValidators(types?.[index]))
    return unchecked.map(([key]) => `${controller.name}.${method} (${key.startsWith('3') ? 'body' : 'query'})`)
  })
}

function hasValidators(type: unknown): boolean {
  return typeof type === 'function' && getMetadataStorage().getTargetValidationMetadatas(type, '', true, false).length > 0
}
