// The rows around the body: what runs, the lists, what is said, and the keys or what is asked.
import { paint, type Screen } from '../../../output/screen.ts'
import { visibleLine } from '../../../output/visible.ts'
import { pad, truncate, widthOf } from '../../../output/width.ts'
import { type Binding, commonKeys, placeIn, placeKeys } from '../model/keymap.ts'
import { countNeeding } from '../model/order.ts'
import { rowsOf } from '../model/rows.ts'
import { type TopState, views } from '../model/state.ts'
import { needWords } from './edge.ts'

const codexWords = ({ codex, link }: TopState): string =>
  codex && link === 'live'
    ? `Codex ${codex.version ?? ''} ${codex.state}`.replaceAll('  ', ' ')
    : ''

const laneWords = ({ lanes, waiting }: TopState): string => {
  if (lanes === null) return ''
  const needing = countNeeding(lanes, waiting)
  const busy = lanes.filter(({ status }) => status === 'busy').length
  return [
    `${lanes.length} ${lanes.length === 1 ? 'lane' : 'lanes'}`,
    ...(needing > 0 ? [needWords(needing)] : []),
    ...(busy > 0 ? [`${busy} busy`] : []),
  ].join(', ')
}

/** The first row. */
export const renderHead = (state: TopState, screen: Screen): string => {
  const [name, codex] = ['dispatch top', visibleLine(codexWords(state))]
  const lanes = truncate(laneWords(state), Math.max(0, screen.columns - name.length - 2))
  const room = screen.columns - name.length - widthOf(lanes) - 4
  const right = room >= widthOf(codex) ? codex : ''
  const tone = state.codex?.state === 'ready' ? 'dim' : 'red'
  return (
    paint(screen, 'bold', name) +
    pad(`  ${lanes}`, screen.columns - name.length - widthOf(right)) +
    paint(screen, tone, right)
  )
}

/** The second row: the lists, and what they are narrowed to. */
export const renderTabs = (state: TopState, screen: Screen): string => {
  const counts = { ...state, queue: state.waitingTotal }
  const tabs = views.map((view, at) => {
    const count = view === 'queue' ? counts.queue : rowsOf({ ...state, filter: '' }, view).length
    return { isShown: view === state.view, text: `${at + 1} ${view} ${count}` }
  })
  const width = tabs.reduce((sum, { text }) => sum + text.length + 3, 0)
  const filter = state.filter === '' ? '' : `/${visibleLine(state.filter)}`
  const shown = tabs.map(({ isShown, text }) =>
    isShown ? paint(screen, 'bold', `[${text}]`) : paint(screen, 'dim', ` ${text} `),
  )
  // Too narrow for all of them: the one that is shown.
  const line = width <= screen.columns ? shown : shown.filter((_, at) => tabs[at]?.isShown)
  const room = Math.max(0, screen.columns - (width <= screen.columns ? width : 24))
  return `${line.join(' ')} ${paint(screen, 'cyan', truncate(filter, room))}`.trimEnd()
}

/** The row above the last one: what was said, or what is wrong. */
export const renderNotice = (state: TopState, screen: Screen): string => {
  const { notice, link, codex } = state
  const cut = (text: string): string => truncate(visibleLine(text), screen.columns)
  if (notice) return paint(screen, notice.tone === 'error' ? 'red' : 'green', cut(notice.text))
  if (link === 'lost') {
    return paint(screen, 'red', cut('The daemon is gone. Waiting for it; dispatch up starts it.'))
  }
  if (codex && codex.state !== 'ready') {
    const why = codex.error ? `: ${codex.error}` : ''
    return paint(screen, 'yellow', cut(`Codex is ${codex.state}${why}`))
  }
  return ''
}

const nameOf = ({ keys, shown }: Binding): string => shown ?? keys[0] ?? ''

/** The last row: the keys that matter here. */
export const renderKeys = (state: TopState, screen: Screen): string => {
  const here = placeKeys[placeIn(state)]
  const wanted = [...here, ...commonKeys].filter(({ quiet }) => !quiet)
  const words = wanted.map((binding) => ({ key: nameOf(binding), label: binding.label }))
  // The way out and the help are never what is left out.
  const last = words.splice(-2)
  const width = (list: typeof words): number =>
    list.reduce((sum, { key, label }) => sum + widthOf(key) + label.length + 3, 0)
  while (words.length > 0 && width([...words, ...last]) > screen.columns) words.pop()
  return [...words, ...last]
    .map(({ key, label }) => `${paint(screen, 'bold', key)} ${paint(screen, 'dim', label)}`)
    .join('  ')
}

/** From here on the keys of the place stand beside the common ones. */
const WIDE = 76

/** Every key with what it does. */
export const renderHelp = (state: TopState, screen: Screen): string[] => {
  const place = placeIn(state)
  const isWide = screen.columns >= WIDE
  const width = isWide ? Math.floor(screen.columns / 2) - 1 : screen.columns
  const block = (title: string, keys: readonly Binding[]): string[] => [
    paint(screen, 'bold', pad(truncate(title, width), width)),
    ...keys.map((binding) => {
      const name = pad(nameOf(binding), 10)
      return pad(truncate(`  ${name}${binding.help}`, width), width)
    }),
  ]
  const title = place === 'lane' ? 'In a lane' : `In the list of ${place}`
  const [here, common] = [block(title, placeKeys[place]), block('Everywhere', commonKeys)]
  if (!isWide) return [...here, ...common]
  return Array.from(
    { length: Math.max(here.length, common.length) },
    (_, at) => `${here[at] ?? ' '.repeat(width)}  ${common[at] ?? ''}`,
  )
}
