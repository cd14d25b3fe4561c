import { getContext, setContext } from 'svelte';
import type { Console } from './console.svelte';

const CONSOLE = Symbol('console');

export function provideConsole(console: Console): void {
  setContext(CONSOLE, console);
}

/** What the pages of the console share, for any component below it. */
export function useConsole(): Console {
  return getContext<Console>(CONSOLE);
}
