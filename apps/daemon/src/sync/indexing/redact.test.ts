import { describe, expect, it } from 'vitest'
import { REDACTED, textToRedacted } from './redact.ts'

const r = REDACTED
const long = 'Ab3'.repeat(14)

describe('what opens doors', () => {
  it.each<[string, string]>([
    [`OPENAI_API_KEY=sk-proj-${long}`, `OPENAI_API_KEY=${r}`],
    [`use sk-${long} now`, `use ${r} now`],
    [`ghp_${long} github_pat_${long}`, `${r} ${r}`],
    [`glpat-${long}, xoxb-1234567890-${long}`, `${r}, ${r}`],
    ['AKIAIOSFODNN7EXAMPLE', r],
    [`AIza${long}`, r],
    [`sk_live_${long}`, r],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', r],
    [`Authorization: Bearer ${long}`, `Authorization: Bearer ${r}`],
    ['curl -H "Authorization: Basic dXNlcjpwYXNz"', `curl -H "Authorization: Basic ${r}"`],
    [`bearer ${long}`, `bearer ${r}`],
    ['postgres://me:hunter22@db/x', `postgres://me:${r}@db/x`],
    ['"password": "correct horse"', `"password": ${r}`],
    ["db_password = 'x y z w'", `db_password = ${r}`],
    ['export AWS_SECRET_ACCESS_KEY=abcd/efgh+1234', `export AWS_SECRET_ACCESS_KEY=${r}`],
    ['client_secret: 8f7e6d5c', `client_secret: ${r}`],
    [`refresh_token=${long}`, `refresh_token=${r}`],
    [
      'a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nb',
      `a\n${r}\nb`,
    ],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\ncut here', r],
  ])('%j', (text, expected) => expect(textToRedacted(text)).toBe(expected))

  it.each([
    'the key is under the mat',
    'tokens: 1204 used, max_tokens = 4096',
    'https://example.org:8080/path?key=1',
    'const key = map.keys()',
    'see the password section',
    'src/auth/token.ts',
    'task-1234567890123456789',
  ])('leaves %j', (text) => expect(textToRedacted(text)).toBe(text))

  it('takes no longer for a text that is made to be slow', () => {
    const texts = [
      'token',
      'secret_',
      'a://',
      '-----BEGIN PRIVATE KEY',
      'authorization',
      '"key": "',
    ]
    for (const text of texts) {
      const began = performance.now()
      expect(textToRedacted(text.repeat(40_000 / text.length)).length).toBeGreaterThan(0)
      // Linear is some ms; what is not would take minutes.
      expect(performance.now() - began).toBeLessThan(5_000)
    }
  })
})
