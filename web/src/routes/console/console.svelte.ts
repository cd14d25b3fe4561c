import { listRoots, readAgency, type Agency } from '../../api/agencies';
import { readOffice, type Office } from '../../api/duties';
import { RequestRefused } from '../../jmap';
import type { Mail } from '../../model';
import { errorKind } from '../../model';
import { consoleRoute, type ConsolePage } from '../route';
import { router } from '../router.svelte';
import { NotProved, Presence } from '../settings/security/presence.svelte';
import { refusalText } from './refusals';

export type ConsoleStatus = 'opening' | 'open' | 'noDuty' | 'noFactor' | 'failed';

/** What all pages of the console share: who administers, and which agency is looked at. */
export class Console {
  status = $state<ConsoleStatus>('opening');
  office = $state.raw<Office | null>(null);
  roots = $state.raw<readonly Agency[]>([]);
  /** The agency looked at; null until it is read, and for an operator of a service without agencies. */
  unit = $state.raw<Agency | null>(null);
  /** The administered agencies above it, the highest first. */
  above = $state.raw<readonly Agency[]>([]);
  /** Asks who is there before a dangerous act. */
  readonly presence = new Presence();
  private readonly known = new Map<string, Agency>();
  private asked = 0;

  constructor(private readonly mail: Mail) {}

  /** Whether the person runs the whole service. */
  readonly isOperator = $derived(this.office?.runsService ?? false);

  async open(unitId: string | null): Promise<void> {
    this.status = 'opening';
    try {
      this.office = await readOffice();
      if (this.office.duties.length === 0) this.status = 'noDuty';
      else if (!this.office.mayAdminister) this.status = 'noFactor';
      else {
        this.roots = await listRoots();
        for (const root of this.roots) this.known.set(root.id, root);
        await this.look(unitId);
        this.status = 'open';
      }
    } catch (error) {
      this.status = 'failed';
      this.problem(error);
    }
  }

  /** Takes up an agency, or the first of one's own where none is named or the named one is not theirs. */
  async look(unitId: string | null): Promise<void> {
    const wanted = unitId ?? this.unit?.id ?? this.roots[0]?.id ?? null;
    if (wanted === null || (wanted === this.unit?.id && this.known.has(wanted))) return;
    const turn = ++this.asked;
    let unit = this.roots[0] ?? null;
    try {
      unit = await this.agency(wanted);
    } catch (error) {
      if (!(error instanceof RequestRefused) || error.status !== 404) throw error;
    }
    const above = unit === null ? [] : await this.wayTo(unit);
    if (turn !== this.asked) return;
    this.unit = unit;
    this.above = above;
  }

  /** An agency, read once. */
  async agency(id: string): Promise<Agency> {
    const known = this.known.get(id) ?? (await readAgency(id));
    this.known.set(id, known);
    return known;
  }

  /** Something about an agency changed: what is known of it and of the way to it is read anew. */
  async changed(agency: Agency): Promise<void> {
    this.known.set(agency.id, agency);
    this.roots = this.roots.map((root) => (root.id === agency.id ? agency : root));
    if (this.unit === null) return;
    this.unit = this.known.get(this.unit.id) ?? this.unit;
    this.above = await this.wayTo(this.unit);
  }

  forget(agencyId: string): void {
    this.known.delete(agencyId);
  }

  private async wayTo(unit: Agency): Promise<readonly Agency[]> {
    const start = unit.path.findIndex((id) => this.roots.some((root) => root.id === id));
    return start < 0 ? [] : Promise.all(unit.path.slice(start, -1).map((id) => this.agency(id)));
  }

  /** To a page of the console, about the agency looked at. */
  go(page: ConsolePage, item: string | null = null): void {
    router.go(consoleRoute(page, this.unit?.id ?? null, item));
  }

  /** Tells what was done, with the way back where there is one. */
  say(text: string, undo: (() => void) | null = null): void {
    this.mail.notices.show('said', { name: text, undo });
  }

  /** Runs an act that may need a fresh proof of who is there. */
  guard<T>(act: () => Promise<T>): Promise<T> {
    return this.presence.guard(act);
  }

  problem(error: unknown): void {
    if (error instanceof NotProved || errorKind(error) === 'expired') return;
    this.mail.notices.show('said', { name: refusalText(error), tone: 'problem' });
  }
}
