import { describe, expect, it } from 'vitest'
import { threadToLabels } from './thread-labels.ts'

const thread = (name: string | null, preview = '') => ({
  id: '01a1fc0c-ba09-7743-b42b-321cb1689cd9',
  name,
  preview,
})
const free = () => false

describe('labels of a thread', () => {
  it('takes the name, its prefix for the title only', () => {
    expect(threadToLabels(thread('[repo] docs review'), free)).toEqual({
      name: 'docs review',
      handle: '@docs-review',
      title: '[repo] docs review',
    })
  })

  it('takes the id where there is no name, and says in the title how it begins', () => {
    expect(threadToLabels(thread(null, 'Fix the\nbuild'), free)).toEqual({
      name: '01a1fc0c',
      handle: '@01a1fc0c',
      title: 'Fix the build',
    })
    expect(threadToLabels(thread(null), free).title).toBe(thread(null).id)
  })

  it('keeps control characters and a name that is all prefix from doing harm', () => {
    expect(threadToLabels(thread('a\u001b[31m\nb'), free).title).toBe('a [31m b')
    expect(threadToLabels(thread('[repo]'), free).name).toBe('[repo]')
    expect(threadToLabels(thread('@docs'), free).handle).toBe('@docs')
  })

  it('gives a taken handle a number', () => {
    const taken = (handle: string) => handle === '@docs'
    expect(threadToLabels(thread('docs'), taken).handle).toBe('@docs-2')
  })
})
