import loader, { type Highs } from 'highs'

/** The package's types describe its CommonJS entry, while Node loads its module entry: there the loader itself is the default. */
const load = loader as unknown as typeof loader.default

/** One instance of HiGHS in WebAssembly, with a memory of its own. */
export const loadHighs = (): Promise<Highs> => load()
