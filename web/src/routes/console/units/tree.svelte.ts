import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { listChildren, type Agency } from '../../../api/agencies';

/** One line of the tree as it is shown. */
export interface Line {
  agency: Agency;
  /** From 1. */
  level: number;
  isOpen: boolean;
  /** Known to have nothing below it. */
  isLeaf: boolean;
}

/** The tree of agencies, read level by level as it is opened. */
export class Tree {
  roots = $state.raw<readonly Agency[]>([]);
  private readonly below = new SvelteMap<string, readonly Agency[]>();
  private readonly opened = new SvelteSet<string>();

  constructor(roots: readonly Agency[]) {
    this.roots = roots;
  }

  readonly lines = $derived.by((): readonly Line[] => this.linesOf(this.roots, 1));

  private linesOf(agencies: readonly Agency[], level: number): Line[] {
    return agencies.flatMap((agency) => {
      const below = this.below.get(agency.id);
      const isOpen = this.opened.has(agency.id) && below !== undefined && below.length > 0;
      const line = { agency, level, isOpen, isLeaf: below?.length === 0 };
      return isOpen ? [line, ...this.linesOf(below, level + 1)] : [line];
    });
  }

  async open(id: string): Promise<void> {
    this.opened.add(id);
    if (!this.below.has(id)) await this.read(id);
  }

  close(id: string): void {
    this.opened.delete(id);
  }

  /** Opens everything on the way to an agency. */
  async reveal(path: readonly string[]): Promise<void> {
    const start = path.findIndex((id) => this.roots.some((root) => root.id === id));
    if (start < 0) return;
    for (const id of path.slice(start, -1)) await this.open(id);
  }

  /** Reads again what lies below an agency. */
  async read(id: string): Promise<void> {
    this.below.set(id, await listChildren(id));
  }

  /** An agency after its change. */
  replace(agency: Agency): void {
    const put = (list: readonly Agency[]): readonly Agency[] => list.map((each) => (each.id === agency.id ? agency : each));
    this.roots = put(this.roots);
    if (agency.parentId !== null) this.below.set(agency.parentId, put(this.below.get(agency.parentId) ?? []));
  }

  /** An agency that is gone from where it was. */
  drop(agency: Agency): void {
    this.roots = this.roots.filter((each) => each.id !== agency.id);
    const beside = agency.parentId === null ? undefined : this.below.get(agency.parentId);
    if (agency.parentId !== null && beside) this.below.set(agency.parentId, beside.filter((each) => each.id !== agency.id));
  }
}
