import { complete, type Completion } from '../../api/completions';
import { i18n } from '../../i18n/index.svelte';
import type { EmailAddress } from '../../jmap';
import type { Mail } from '../../model';
import { suggest } from './suggest';

/** What stands in the list under the field. `inside`: a member of the group that is open above it. */
export interface Offer {
  key: string;
  person: EmailAddress;
  /** Post and unit, or how many members. */
  about: string;
  members: readonly EmailAddress[];
  inside: boolean;
}

/** Milliseconds without a key before the server is asked. */
const PAUSE = 80;

/** Everybody an offer stands for. */
export function allOf(offer: Offer): readonly EmailAddress[] {
  return offer.members.length > 0 ? offer.members : [offer.person];
}

/** Offers for one field: at once from mail on this screen, then from the server, which knows contacts and the directory. */
export class Suggesting {
  /** Key of the group whose members are shown. */
  opened = $state<string | null>(null);
  #offers = $state.raw<readonly Offer[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor(
    private readonly mail: Mail,
    private readonly finder: typeof complete = complete,
  ) {}

  /** Offers without those already chosen, members of the open group below it. */
  shown(chosen: readonly EmailAddress[]): Offer[] {
    const there = new Set(chosen.map((person) => person.email.toLowerCase()));
    return this.#offers
      .filter((offer) => offer.members.length > 0 || !there.has(offer.person.email.toLowerCase()))
      .flatMap((offer) => (offer.key === this.opened ? [offer, ...offer.members.map((person) => inside(offer, person))] : [offer]));
  }

  ask(text: string, chosen: readonly EmailAddress[]): void {
    this.stop();
    this.opened = null;
    this.#offers = suggest(this.mail, text, chosen).map(seen);
    if (text.trim() === '') return;
    this.#timer = setTimeout(() => void this.#find(text), PAUSE);
  }

  open(offer: Offer | null): void {
    this.opened = offer === null || this.opened === offer.key ? null : offer.key;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  async #find(text: string): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const found = (await this.finder(text, asked.signal)).map(offerOf);
      if (asked.signal.aborted) return;
      const known = new Set(found.map((offer) => offer.person.email.toLowerCase()));
      this.#offers = [...found, ...this.#offers.filter((offer) => !known.has(offer.person.email.toLowerCase()))].slice(0, 10);
    } catch {
      // Without an answer there is what this screen knows; sending does not depend on it.
    }
  }
}

function inside(group: Offer, person: EmailAddress): Offer {
  return { key: `${group.key}/${person.email}`, person, about: '', members: [], inside: true };
}

function seen(person: EmailAddress): Offer {
  return { key: person.email.toLowerCase(), person, about: '', members: [], inside: false };
}

function offerOf(found: Completion): Offer {
  const english = i18n.language === 'en';
  const name = english ? found.nameEn || found.name : found.name || found.nameEn;
  const post = english ? found.postEn || found.postTh : found.postTh || found.postEn;
  const unit = english ? found.unitEn || found.unitTh : found.unitTh || found.unitEn;
  const members = found.members.map((member) => ({ name: member.name || null, email: member.email }));
  const about = members.length > 0 ? i18n.t.memberCount(members.length) : [post, unit].filter(Boolean).join(' · ');
  const key = found.email.toLowerCase() || `list:${found.cardId ?? ''}`;
  return { key, person: { name: name || null, email: found.email }, about, members, inside: false };
}
