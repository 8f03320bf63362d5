import { expect, it } from '@jest/globals'
import { storedSoFar } from './stored-so-far.ts'

it('has reached offsets when every partition asked for has', () => {
  expect(storedSoFar({ 0: 5, 1: 3 }, { 0: 5, 1: 9 })).toEqual({ reached: true, offsets: { 0: 5, 1: 9 }, lag: { 0: 0, 1: 0 } })
  expect(storedSoFar({ 0: 5, 1: 10 }, { 0: 5, 1: 9 })).toEqual({ reached: false, offsets: { 0: 5, 1: 9 }, lag: { 0: 0, 1: 1 } })
})

it('has reached nothing but the beginning where nothing is stored', () => {
  expect(storedSoFar({ 0: 1 }, {})).toMatchObject({ reached: false, lag: { 0: 1 } })
  expect(storedSoFar({ 0: 0 }, {}).reached).toBe(true)
})
