import { useMemo, useSyncExternalStore } from 'react'
import { readRoute, writeRoute, type Route } from './hash-route.ts'

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener)
  return () => { window.removeEventListener('hashchange', listener) }
}

const hash = (): string => window.location.hash

/** What the address says is shown; it changes with the address. */
export function useRoute(): Route {
  const text = useSyncExternalStore(subscribe, hash)
  return useMemo(() => readRoute(text), [text])
}

/** Goes to a route, as a link to it would. */
export const go = (route: Partial<Route>): void => { window.location.hash = writeRoute(route) }
