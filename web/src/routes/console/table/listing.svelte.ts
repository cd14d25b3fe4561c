import { SvelteSet } from 'svelte/reactivity';
import type { Asked, Page } from '../../../api/pages';

export type Direction = 'up' | 'down';

/** A long list as a table shows it: one page at a time, forward and back by the server's cursors. */
export class Listing<T extends { id: string }> {
  items = $state.raw<readonly T[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  q = $state('');
  /** What the server sorts by, `-` before it for downward; null for its own order. */
  sort = $state<string | null>(null);
  readonly chosen = new SvelteSet<string>();
  private next = $state<string | null>(null);
  /** Cursors of the pages before and of this one; null is the first page's. */
  private way = $state.raw<readonly (string | null)[]>([null]);
  private asked = 0;

  constructor(
    private readonly read: (asked: Asked) => Promise<Page<T>>,
    /** Rows of a page. */
    readonly size = 50,
  ) {}

  readonly hasNext = $derived(this.next !== null);
  readonly hasBefore = $derived(this.way.length > 1);
  /** Number of the first row shown, from 1. */
  readonly first = $derived.by(() => (this.way.length - 1) * this.size + 1);
  readonly isSearched = $derived(this.q.trim() !== '');

  /** Reads the present page anew; what is shown stays until the answer is there. */
  async reload(): Promise<void> {
    const turn = ++this.asked;
    this.state = 'loading';
    try {
      const page = await this.read({ q: this.q.trim(), cursor: this.way.at(-1) ?? null, limit: this.size, sort: this.sort });
      if (turn !== this.asked) return;
      this.items = page.items;
      this.next = page.next;
      this.state = 'ready';
      for (const id of this.chosen) if (!page.items.some((item) => item.id === id)) this.chosen.delete(id);
    } catch (error) {
      if (turn !== this.asked) return;
      this.error = error;
      this.state = 'failed';
    }
  }

  search(q: string): Promise<void> {
    this.q = q;
    return this.begin();
  }

  /** By a column: upward first, then downward, then in the server's own order. */
  sortBy(key: string): Promise<void> {
    this.sort = this.sort === key ? `-${key}` : this.sort === `-${key}` ? null : key;
    return this.begin();
  }

  directionOf(key: string): Direction | null {
    return this.sort === key ? 'up' : this.sort === `-${key}` ? 'down' : null;
  }

  forward(): Promise<void> {
    if (this.next === null) return Promise.resolve();
    this.way = [...this.way, this.next];
    return this.reload();
  }

  back(): Promise<void> {
    if (this.way.length > 1) this.way = this.way.slice(0, -1);
    return this.reload();
  }

  /** A row after its change, where it is on the page. */
  replace(item: T): void {
    this.items = this.items.map((each) => (each.id === item.id ? item : each));
  }

  remove(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
    this.chosen.delete(id);
  }

  private begin(): Promise<void> {
    this.way = [null];
    this.chosen.clear();
    return this.reload();
  }
}
