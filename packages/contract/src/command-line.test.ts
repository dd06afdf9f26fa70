import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  commandToShown,
  commandToWords,
  isPrefixByNameOf,
  isPrefixOf,
  prefixToWords,
} from './command-line.ts'

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

  it('is read in its parts where its shell was given it with escapes', () => {
    const command = `bash -lc "git commit -m \\"it's\\" && git push"`
    expect(commandToWords(command)).toEqual({
      plain: null,
      parts: [
        ['git', 'commit', '-m', "it's"],
        ['git', 'push'],
      ],
    })
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

describe('a command line as it is shown in a line', () => {
  it.each([
    ["/bin/bash -lc 'touch x'", 'touch x'],
    ['/bin/bash -lc ls', 'ls'],
    ["bash -c 'ls && rm x'", 'ls && rm x'],
    ["/usr/bin/zsh -lc 'echo $HOME'", 'echo $HOME'],
    ["sh -c 'a\nb'", 'a\nb'],
    // As it is quoted where single quotes do not do.
    [`/bin/bash -lc "echo \\"it's\\" a\\\\b"`, `echo "it's" a\\b`],
    [`/bin/bash -lc "echo it's "'$HOME'`, `echo it's $HOME`],
    [`/bin/bash -lc 'echo '\\''a'\\'''`, `echo 'a'`],
    [`/bin/bash -lc 'echo '"'"'a'"'"''`, `echo 'a'`],
    ["/bin/bash -lc '/tmp/bash -lc ls'", '/tmp/bash -lc ls'],
  ])('%s', (command, shown) => {
    expect(commandToShown(command)).toBe(shown)
  })

  it.each([
    'git status',
    "bash -lc 'ls' x",
    "bash -x -lc 'ls'",
    "bash 'ls'",
    "bash -lc ''",
    "bash -lc ' '",
    "bash -lc 'ls",
    "bash -lc 'ls' && rm x",
    'bash -lc ls; rm x',
    'bash -lc "$(rm x)"',
    'bash -lc $HOME',
    "A=1 bash -lc 'ls'",
    "/tmp/bash -lc 'ls'",
    "./bash -lc 'ls'",
    "python -c 'ls'",
    '',
  ])('%s stays as it is', (command) => {
    expect(commandToShown(command)).toBe(command)
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
