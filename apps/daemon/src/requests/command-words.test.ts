import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandToWords, isPrefixByNameOf, isPrefixOf, prefixToWords } from './command-words.ts'

const plainOf = (command: string) => commandToWords(command).plain

describe('a command line', () => {
  it.each([
    ['git status', ['git', 'status']],
    ["/bin/bash -lc 'git status'", ['git', 'status']],
    ['/bin/bash -lc ls', ['ls']],
    ['bash -c "git status"', ['git', 'status']],
    [`zsh -lc "git commit -m 'a; b'"`, ['git', 'commit', '-m', 'a; b']],
    ["  git \t commit  -m 'a && b' ", ['git', 'commit', '-m', 'a && b']],
    ["git commit -m ''", ['git', 'commit', '-m', '']],
    ['git log --format=%h', ['git', 'log', '--format=%h']],
    ['a\\ b c', ['a b', 'c']],
    // More words than a script: the shell is the command.
    ["bash -lc 'ls' x", ['bash', '-lc', 'ls', 'x']],
  ])('%s is one plain command', (command, words) => {
    expect(plainOf(command)).toEqual(words)
  })

  it.each([
    "bash -lc 'git status && rm -rf x'",
    'git status; rm x',
    'git status | sh',
    'git status & rm x',
    'git status > /etc/passwd',
    'git status < x',
    'git $(rm x)',
    'git `rm x`',
    'git "$(rm x)"',
    'git "`rm x`"',
    'git $HOME',
    'git *',
    'git ?',
    'git [a]',
    'git {a,b}',
    'git ~/x',
    'git # rest',
    'git !x',
    'git status\nrm x',
    'git status\rrm x',
    "git 'unclosed",
    'git "unclosed',
    'git \\',
    'git "a\\"b"',
    'PATH=/evil git status',
    'FOO+=x git status',
    '(git status)',
    '',
    '   ',
    "bash -lc ''",
  ])('%s is none', (command) => {
    expect(plainOf(command)).toBeNull()
  })

  it('is read in its parts, whatever joins them', () => {
    const { parts } = commandToWords("bash -lc 'A=1 git push && (rm -rf x) | tee $(cat y)'")
    expect(parts).toEqual([
      ['git', 'push'],
      ['rm', '-rf', 'x'],
      ['tee', '$'],
      ['cat', 'y'],
    ])
  })

  it('never throws, and what is plain has no operator outside of quotes', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'git',
        ' ',
        ' ',
        "'",
        '"',
        '\\',
        ';',
        '&&',
        '|',
        '$(',
        ')',
        '`',
        '>',
        '\n',
        '*',
        '=',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const command = pieces.join('')
        const { plain } = commandToWords(command)
        if (plain === null) return
        const bare = command.replaceAll(/'[^']*'|"[^"]*"|\\./gs, '')
        expect(bare).not.toMatch(/[;&|<>()$`*\n]/)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a prefix', () => {
  it('is compared word by word', () => {
    const words = ['git', 'push', 'origin']
    expect(isPrefixOf(['git'], words)).toBe(true)
    expect(isPrefixOf(['git', 'push'], words)).toBe(true)
    expect(isPrefixOf(['git', 'pu'], words)).toBe(false)
    expect(isPrefixOf(['gi'], words)).toBe(false)
    expect(isPrefixOf([], words)).toBe(false)
    expect(isPrefixOf([...words, 'main'], words)).toBe(false)
  })

  it('denies a program wherever it is, and allows it only as it is written', () => {
    const words = ['/usr/bin/git', 'push']
    expect(isPrefixByNameOf(['git', 'push'], words)).toBe(true)
    expect(isPrefixOf(['git', 'push'], words)).toBe(false)
    expect(isPrefixByNameOf(['/usr/bin/git'], words)).toBe(true)
  })

  it('is typed or listed', () => {
    expect(prefixToWords(' git  push ')).toEqual(['git', 'push'])
    expect(prefixToWords(['git', 'a b'])).toEqual(['git', 'a b'])
  })
})
