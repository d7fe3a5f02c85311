import { fireEvent, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { keys } from '@/api/keys'
import type { TicketRow as Row } from '@/api/types'
import { render } from '@/testing/render'
import { neighbour } from './neighbour'
import { TicketList } from './TicketList'
import { TicketRow } from './TicketRow'

const row = (number: number, more: Partial<Row> = {}): Row => ({
  id: `t${number}`,
  number,
  subject: `Subject ${number}`,
  status: 'open',
  priority: 'normal',
  requester: { id: 'c', name: 'Olivia', email: 'olivia@post.example', partner: false },
  tags: [],
  preview: 'Where is it?',
  unread: false,
  sides_open: 0,
  sides_ours: 0,
  sides_unread: 0,
  attention: false,
  created_at: '2026-05-13T09:00:00Z',
  updated_at: '2026-05-13T09:00:00Z',
  version: 1,
  ...more,
})

const filter = { view: 'mine' }

function list(rows: Row[], selected?: number) {
  const act = { onSelect: vi.fn(), onEnter: vi.fn() }
  render(
    <TicketList
      filter={filter}
      selected={selected}
      link={(_, className, content) => (
        <a href="#x" className={className}>
          {content}
        </a>
      )}
      {...act}
    />,
    (queries) => {
      queries.setDefaultOptions({ queries: { staleTime: Number.POSITIVE_INFINITY } })
      queries.setQueryData(keys.list(filter), {
        pages: [{ tickets: rows, seq: 1 }],
        pageParams: [undefined],
      })
    },
  )
  return act
}

describe('neighbour', () => {
  const rows = [{ number: 9 }, { number: 7 }, { number: 5 }]
  it.each([
    [undefined, 1, 0],
    [undefined, -1, 2],
    [9, 1, 1],
    [9, -1, 0],
    [5, 1, 2],
    [404, 1, 0],
  ] as const)('from %s by %s is row %s', (selected, by, want) => {
    expect(neighbour(rows, selected, by)).toBe(want)
  })
})

describe('the list', () => {
  it('moves by J and K, and enters by Enter', () => {
    const act = list([row(9), row(7), row(5)], 7)
    fireEvent.keyDown(document.body, { key: 'j' })
    fireEvent.keyDown(document.body, { key: 'k' })
    fireEvent.keyDown(document.body, { key: 'Enter' })
    expect(act.onSelect.mock.calls).toEqual([[5], [9]])
    expect(act.onEnter).toHaveBeenCalledTimes(1)
  })

  it('teaches where it is empty', () => {
    list([])
    expect(screen.getByText('You have no open ticket')).toBeVisible()
    expect(screen.getByText(/press M/)).toBeVisible()
  })
})

describe('a row', () => {
  const now = new Date('2026-05-13T09:05:00Z')

  it('says what waits beside the customer’s thread', () => {
    render(
      <TicketRow row={row(1, { sides_open: 2, sides_ours: 1, sides_unread: 1, unread: true })} now={now} />,
    )
    expect(
      screen.getByRole('img', { name: '2 open side conversations, our turn in 1, news in 1' }),
    ).toBeInTheDocument()
    expect(screen.getByRole('img', { name: 'Unread' })).toBeInTheDocument()
  })

  it('shows neither mark where nothing waits', () => {
    render(<TicketRow row={row(1)} now={now} />)
    expect(screen.queryByRole('img')).toBeNull()
  })
})
