import { call } from '../../api/rest';
import type { Client } from '../../jmap';

/** Entries of a card by id; those whose id begins with `dir` come from the directory. */
type Entries<T> = Record<string, T>;

/** A ContactCard (rfc9610) as far as these pages know it; what they do not know stays as it is. */
export interface Card {
  id: string;
  uid: string;
  kind?: string;
  addressBookIds: Record<string, boolean>;
  name?: { full?: string; components?: { kind: string; value: string }[] };
  emails?: Entries<{ address: string }>;
  phones?: Entries<{ number: string }>;
  titles?: Entries<{ name: string }>;
  organizations?: Entries<{ name?: string; units?: { name: string }[] }>;
  notes?: Entries<{ note: string }>;
  members?: Record<string, boolean>;
  'pirab.go.th:person'?: string;
}

export interface Notice {
  cardId: string;
  name: string;
  noticedAt: string;
  changes: { field: string; old: string; new: string }[];
  isSeen: boolean;
}

export interface Import {
  id: string;
  name: string;
  made: number;
  passedOver: number;
  errors: { row: number; value: string; th: string; en: string }[];
  undoneAt: string | null;
}

const PAGE = 200;

export function shownName(card: Card): string {
  const parts = card.name?.components?.filter((part) => part.kind !== 'separator').map((part) => part.value) ?? [];
  const first = <T>(entries: Entries<T> | undefined): T | undefined => Object.values(entries ?? {})[0];
  return card.name?.full || parts.join(' ') || first(card.organizations)?.name || first(card.emails)?.address || '–';
}

export function firstAddress(card: Card): string {
  return Object.values(card.emails ?? {})[0]?.address ?? '';
}

/** The cards of one account: a page of them at a time, found by words. */
export class Book {
  cards = $state.raw<readonly Card[]>([]);
  total = $state(0);
  text = $state('');
  error = $state<unknown>(null);
  isReady = $state(false);
  #asked = 0;

  constructor(readonly client: Client) {}

  async find(text: string): Promise<void> {
    this.text = text;
    await this.#load(0);
  }

  async more(): Promise<void> {
    await this.#load(this.cards.length);
  }

  async card(id: string): Promise<Card | null> {
    const answer = await this.client.call<{ list: Card[] }>('ContactCard/get', { ids: [id] });
    return answer.list[0] ?? null;
  }

  /** Keeps a new card in the default book, or changes one. Returns its id. */
  async save(id: string | null, changes: Record<string, unknown>): Promise<string> {
    const given = id === null ? { create: { card: { addressBookIds: { [await this.#defaultBook()]: true }, ...changes } } } : { update: { [id]: changes } };
    const answer = await this.client.call<SetAnswer>('ContactCard/set', given);
    const refused = answer.notCreated?.['card'] ?? (id === null ? undefined : answer.notUpdated?.[id]);
    if (refused) throw new Error(refused.description ?? refused.type);
    await this.#load(0);
    return id ?? answer.created?.['card']?.id ?? '';
  }

  async remove(id: string): Promise<void> {
    await this.client.call('ContactCard/set', { destroy: [id] });
    await this.#load(0);
  }

  async bring(file: File): Promise<Import> {
    const url = `${this.client.resourceUrl('contact-imports')}?name=${encodeURIComponent(file.name.slice(0, 200))}`;
    const response = await fetch(url, { method: 'POST', body: file, credentials: 'same-origin', headers: { 'X-Pirab-Request': '1' } });
    const answer = (await response.json()) as Import & { detail?: string };
    if (!response.ok) throw new Error(answer.detail ?? String(response.status));
    await this.#load(0);
    return answer;
  }

  async undo(id: string): Promise<number> {
    const answer = await call<{ removed: number }>('DELETE', `/accounts/${this.client.accountId}/contact-imports/${id}`);
    await this.#load(0);
    return answer.removed;
  }

  async notices(): Promise<Notice[]> {
    return (await call<{ items: Notice[] }>('GET', `/accounts/${this.client.accountId}/contact-notices`)).items;
  }

  async seen(): Promise<void> {
    if (this.client.mayWrite) await call('POST', `/accounts/${this.client.accountId}/contact-notices/seen`);
  }

  async #defaultBook(): Promise<string> {
    const answer = await this.client.call<{ list: { id: string; isDefault: boolean }[] }>('AddressBook/get', { ids: null });
    return answer.list.find((book) => book.isDefault)?.id ?? '';
  }

  async #load(position: number): Promise<void> {
    const asked = ++this.#asked;
    try {
      const filter = this.text.trim() === '' ? null : { text: this.text.trim() };
      const sort = [{ property: 'name/given' }, { property: 'name/surname' }, { property: 'created' }];
      const batch = this.client.batch();
      const query = batch.add<{ ids: string[]; total: number }>('ContactCard/query', { filter, sort, position, limit: PAGE, calculateTotal: true });
      await this.client.send(batch);
      const found = query.result();
      const { list } = await this.client.call<{ list: Card[] }>('ContactCard/get', { ids: found.ids });
      if (asked !== this.#asked) return;
      const byId = new Map(list.map((card) => [card.id, card]));
      const page = found.ids.flatMap((id) => byId.get(id) ?? []);
      this.cards = position === 0 ? page : [...this.cards, ...page];
      this.total = found.total;
      this.error = null;
    } catch (error) {
      if (asked === this.#asked) this.error = error;
    }
    this.isReady = true;
  }
}

interface SetAnswer {
  created: Record<string, { id: string }> | null;
  notCreated: Record<string, Refusal> | null;
  notUpdated: Record<string, Refusal> | null;
}

interface Refusal {
  type: string;
  description?: string;
}
