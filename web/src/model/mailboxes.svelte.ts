import { SvelteMap } from 'svelte/reactivity';
import type { Id, Mailbox, MailboxRole } from '../jmap';
import type { CountDelta } from './patch';

/** The order people expect; other mailboxes follow by sortOrder and name. */
const ROLE_ORDER: readonly MailboxRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

export class Mailboxes {
  readonly byId = new SvelteMap<Id, Mailbox>();
  readonly special = $derived.by(() => ROLE_ORDER.flatMap((role) => this.withRole(role) ?? []));
  readonly own = $derived.by(() => ownMailboxes([...this.byId.values()]));

  withRole(role: MailboxRole): Mailbox | undefined {
    for (const mailbox of this.byId.values()) if (mailbox.role === role) return mailbox;
    return undefined;
  }

  /** A mailbox by its id or, in addresses of pages, by its role. */
  find(key: string): Mailbox | undefined {
    return this.byId.get(key) ?? [...this.byId.values()].find((mailbox) => mailbox.role === key);
  }

  replace(list: readonly Mailbox[]): void {
    this.byId.clear();
    this.merge(list);
  }

  /** Takes in whole or partial mailboxes (a /get with chosen properties). */
  merge(list: readonly (Partial<Mailbox> & { id: Id })[]): void {
    for (const mailbox of list) {
      const known = this.byId.get(mailbox.id);
      if (known) this.byId.set(mailbox.id, { ...known, ...mailbox });
      else if (mailbox.name !== undefined) this.byId.set(mailbox.id, mailbox as Mailbox);
    }
  }

  forget(ids: readonly Id[]): void {
    for (const id of ids) this.byId.delete(id);
  }

  count(deltas: ReadonlyMap<Id, CountDelta>): void {
    for (const [id, delta] of deltas) {
      const mailbox = this.byId.get(id);
      if (!mailbox) continue;
      this.byId.set(id, {
        ...mailbox,
        totalEmails: Math.max(0, mailbox.totalEmails + delta.total),
        unreadEmails: Math.max(0, mailbox.unreadEmails + delta.unread),
      });
    }
  }
}

export interface MailboxNode {
  mailbox: Mailbox;
  /** 0 for a mailbox at the top. */
  depth: number;
}

/** Mailboxes without a role as a tree in reading order; a lost parent makes a top mailbox, a circle is cut. */
export function ownMailboxes(all: readonly Mailbox[]): MailboxNode[] {
  const own = all.filter((mailbox) => mailbox.role === null);
  const known = new Set(own.map((mailbox) => mailbox.id));
  const children = groupByParent(own, known);
  const nodes: MailboxNode[] = [];
  const seen = new Set<Id>();
  const visit = (parent: Id | null, depth: number): void => {
    for (const mailbox of (children.get(parent) ?? []).sort(bySortOrder)) {
      if (seen.has(mailbox.id)) continue;
      seen.add(mailbox.id);
      nodes.push({ mailbox, depth });
      visit(mailbox.id, depth + 1);
    }
  };
  visit(null, 0);
  for (const mailbox of own) if (!seen.has(mailbox.id)) nodes.push({ mailbox, depth: 0 });
  return nodes;
}

function parentOf(mailbox: Mailbox, known: ReadonlySet<Id>): Id | null {
  return mailbox.parentId !== null && known.has(mailbox.parentId) ? mailbox.parentId : null;
}

function groupByParent(own: readonly Mailbox[], known: ReadonlySet<Id>): Map<Id | null, Mailbox[]> {
  const groups = new Map<Id | null, Mailbox[]>();
  for (const mailbox of own) {
    const parent = parentOf(mailbox, known);
    groups.set(parent, [...(groups.get(parent) ?? []), mailbox]);
  }
  return groups;
}

const collator = new Intl.Collator('th');

function bySortOrder(a: Mailbox, b: Mailbox): number {
  return a.sortOrder - b.sortOrder || collator.compare(a.name, b.name);
}
