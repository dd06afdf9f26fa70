// What of a text is never kept in the index: things that open doors. The one place where that is said.
// It knows the shapes that keys have and the names that people give to secrets; what has neither shape
// nor name is not known. Pure.

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]'

// Keys by the shapes that their makers gave them.
const keys = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\b(?:npm|hf)_[A-Za-z0-9]{30,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
]

const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g

const credentialsInUrl = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)/gi

const authorization =
  /(\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:[a-z]+\s{1,4})?)[^\s"',;]{6,}/gi
const bearer = /(\bbearer\s{1,4})[A-Za-z0-9._~+/=-]{12,}/gi

// NAME=value, "name": "value", --name value: what is named as a secret.
const named =
  /([\w-]{0,64}(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|credentials?)(?:[_-](?:id|key|value))?["']?\s{0,4}[:=]\s{0,4})("[^"\n]{4,2000}"|'[^'\n]{4,2000}'|[^\s"',;&|)}\]]{4,2000})/gi
const namedToken =
  /(\b[\w-]{0,64}token["']?\s{0,4}[:=]\s{0,4})("[^"\n]{8,2000}"|'[^'\n]{8,2000}'|[A-Za-z0-9._~+/=-]{16,2000})/gi

// A look that is quick: most texts have none of it.
const suspicious =
  /sk-|gh[pousr]_|github_pat_|glpat-|xox|AKIA|ASIA|AIza|npm_|hf_|[rs]k_(?:live|test)_|eyJ|PRIVATE KEY|:\/\/[^\s/]{0,200}:|authorization|bearer|passw|passphrase|secret|key|token|credential/i

/** The text without what opens doors. */
export const textToRedacted = (text: string): string => {
  if (!suspicious.test(text)) return text
  // Names first: what has both would else be replaced in part, twice.
  const withoutNamed = text
    .replace(privateKey, REDACTED)
    .replace(credentialsInUrl, `$1${REDACTED}`)
    .replace(authorization, `$1${REDACTED}`)
    .replace(bearer, `$1${REDACTED}`)
    .replace(named, `$1${REDACTED}`)
    .replace(namedToken, `$1${REDACTED}`)
  return keys.reduce((rest, key) => rest.replace(key, REDACTED), withoutNamed)
}
