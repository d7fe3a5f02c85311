import { describe, expect, it, vi } from 'vitest'
import { sliceSize, type UploadDoor, upload } from './uploads'

const calm = () => Promise.resolve()

/** A desk that keeps what it is given, and fails when its list says so. */
function desk(size: number, faults: (Error | undefined)[] = []) {
  const kept: number[] = []
  let held = 0
  const state = () => ({ offset: held, complete: held >= size })
  const door = {
    announce: vi.fn(async () => state()),
    held: vi.fn(async () => state()),
    put: vi.fn(async (offset: number, bytes: ArrayBuffer) => {
      const fault = faults.shift()
      if (fault) throw fault
      expect(bytes).toBeInstanceOf(ArrayBuffer)
      expect(offset).toBe(held)
      kept.push(bytes.byteLength)
      held += bytes.byteLength
      return state()
    }),
  } satisfies UploadDoor
  return { door, kept }
}

const file = (size: number) => ({
  size,
  slice: (from: number, to: number) => ({
    arrayBuffer: async () => new ArrayBuffer(Math.min(to, size) - from),
  }),
})
const refusal = (status: number) => Object.assign(new Error('refused'), { status })

describe('upload', () => {
  const never = new AbortController().signal

  it('cuts a file into slices and reports as it goes', async () => {
    const size = 2 * sliceSize + 5
    const { door, kept } = desk(size)
    const report = vi.fn()
    await upload(file(size), door, report, never, calm)
    expect(kept).toEqual([sliceSize, sliceSize, 5])
    expect(report.mock.calls.at(-1)).toEqual([size])
  })

  it('sends nothing for a file that the desk already holds', async () => {
    const { door } = desk(0)
    await upload(file(0), door, () => {}, never, calm)
    expect(door.put).not.toHaveBeenCalled()
  })

  it('asks where to go on after a broken line', async () => {
    const size = 2 * sliceSize
    const { door, kept } = desk(size, [undefined, new TypeError('line')])
    await upload(file(size), door, () => {}, never, calm)
    expect(kept).toEqual([sliceSize, sliceSize])
    expect(door.held).toHaveBeenCalledTimes(1)
  })

  it('gives up after four failures in a row, and a later call goes on', async () => {
    const size = sliceSize + 1
    const line = () => new TypeError('line')
    const { door, kept } = desk(size, [undefined, line(), line(), line(), line()])
    await expect(upload(file(size), door, () => {}, never, calm)).rejects.toThrow('line')
    await upload(file(size), door, () => {}, never, calm)
    expect(kept).toEqual([sliceSize, 1])
  })

  it('does not argue with a refusal', async () => {
    const { door } = desk(5, [refusal(422)])
    await expect(upload(file(5), door, () => {}, never, calm)).rejects.toThrow('refused')
    expect(door.put).toHaveBeenCalledTimes(1)
  })

  it('stops when the file is taken away', async () => {
    const { door } = desk(5)
    const away = new AbortController()
    away.abort()
    await expect(upload(file(5), door, () => {}, away.signal, calm)).rejects.toThrow()
    expect(door.put).not.toHaveBeenCalled()
  })
})
