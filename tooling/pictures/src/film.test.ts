// From what a program wrote to what moves.
import { expect, test } from 'vitest'
import { makeFilm, makeStill } from './film.ts'
import { framesOf, lastScreen } from './replay.ts'

const size = { columns: 30, rows: 4 }
const escape = '\u001b['

test('a still has each run in its column and its colour, and what would be markup as text', async () => {
  const text = `${escape}1mREF${escape}22m     STATUS\r\n0k7M4a  ${escape}32midle${escape}39m <&>\r\n`
  const svg = makeStill(await lastScreen([{ at: 0, text }], size), { title: 'a', columns: 30 })
  expect(svg).toContain('<text class="t b" x="0" y="13.5" textLength="25.2"')
  expect(svg).toContain('>REF</text>')
  expect(svg).toMatch(/class="t" x="67.2"[^>]*>STATUS</)
  expect(svg).toMatch(/class="g" x="67.2"[^>]*>idle</)
  expect(svg).toContain('>&lt;&amp;&gt;</text>')
})

test('a row in inverse is shaded over its gaps', async () => {
  const text = `${escape}7ma    b${escape}27m`
  const svg = makeStill(await lastScreen([{ at: 0, text }], size), { title: 'a', columns: 30 })
  expect(svg).toContain('<rect class="t" x="0" width="50.4" height="18"/>')
  expect(svg).toMatch(/class="s" x="42"[^>]*>b</)
})

test('a film has each text once, ends as the program did, and goes down where it is longer', async () => {
  const writes = [
    { at: 0, text: 'one\r\n' },
    { at: 10, text: 'too soon to be seen' },
    { at: 500, text: '\r\u001b[Kworks' },
    { at: 1_000, text: '\r\u001b[Kdone\r\nthree' },
  ]
  const frames = await framesOf(writes, size)
  expect(frames.map(({ at }) => at)).toEqual([10, 500, 1_000])
  const svg = makeFilm(frames, { title: 'a', columns: 30, rows: 2 })
  for (const word of ['one', 'too soon to be seen', 'works', 'done', 'three']) {
    expect(svg.split(`>${word}<`)).toHaveLength(2)
  }
  expect(svg).toContain('#r1{transform:translateY(-54px);animation:r1 7s step-end infinite}')
  expect(svg).toMatch(/@keyframes camera\{0%\{transform:translateY\(0px\)\}14.3%\{/)
  expect(svg).toContain('prefers-reduced-motion')
})
