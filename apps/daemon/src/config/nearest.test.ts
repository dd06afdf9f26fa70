import { describe, expect, it } from 'vitest'
import { nearestOf } from './nearest.ts'

const known = ['approval_policy', 'approvals_reviewer', 'effort', 'env', 'sandbox']

describe('the nearest word', () => {
  it.each([
    ['aproval_policy', 'approval_policy'],
    ['approval-policy', 'approval_policy'],
    ['efort', 'effort'],
    ['Sandbox', 'sandbox'],
    ['nev', 'env'],
    ['approval', 'approval_policy'],
  ])('of %s is %s', (word, meant) => {
    expect(nearestOf(word, known)).toBe(meant)
  })

  it('is none where none is near', () => {
    expect(nearestOf('temperature', known)).toBeNull()
    expect(nearestOf('x', [])).toBeNull()
  })
})
