// Gives tRPC its object spread back. Its build lowers the spread to a helper that defines property by
// property, and a call copies six objects: a fifth of the daemon's CPU for a call.
import type { Plugin } from 'rolldown'

const HELPER = /function _objectSpread2\(e\) \{[\s\S]*?\n\}/
const NATIVE = `function _objectSpread2(...sources) {
	let whole = {};
	for (const source of sources) whole = { ...whole, ...source };
	return whole;
}`

const isTrpc = /@trpc[\\/+]server/

/** Throws where the helper is there in another form. */
export const nativeSpread: Plugin = {
  name: 'native-spread',
  transform(code, id) {
    if (!isTrpc.test(id) || !code.includes('function _objectSpread2')) return null
    if (!HELPER.test(code)) throw new Error(`${id} has another helper for object spread`)
    return { code: code.replace(HELPER, NATIVE), map: null }
  },
}
