import { enterWithPassword, type Way } from '../api/session';
import { Client, SessionExpired, signOut, type Id } from '../jmap';
import { LocalDrafts } from './local-drafts';
import { Mail, type Place } from './mail.svelte';

/** Where this tab keeps which account it shows. */
const SHOWN = 'pirab.account';

export type AccountStatus = 'checking' | 'signedOut' | 'open' | 'unreachable';

/** Who is signed in. An expired sign-in keeps the page and all it holds; only signing out clears them. */
export class Account {
  status = $state<AccountStatus>('checking');
  isExpired = $state(false);
  /** The person's office demands a second factor, and they have none yet. */
  mustEnrol = $state(false);
  mail = $state.raw<Mail | null>(null);

  /** fetch, with an eye on the sign-in. */
  private readonly watchedFetch: typeof fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    if (response.status === 401 && this.mail) this.isExpired = true;
    return response;
  };

  /** Looks whether this browser is signed in already. */
  async start(place: Place = 'elsewhere'): Promise<void> {
    this.status = 'checking';
    try {
      await this.show(remembered(await Client.open(this.watchedFetch)), place);
    } catch (error) {
      this.status = error instanceof SessionExpired ? 'signedOut' : 'unreachable';
    }
  }

  /**
   * With the password. Where a second factor has to follow, its ways are the answer and nothing is open yet.
   *
   * @throws SessionExpired on a wrong password; the other errors of the client.
   */
  async signIn(login: string, password: string): Promise<readonly Way[]> {
    const { ways, mustEnrol } = await enterWithPassword(login, password);
    if (ways.length === 0) await this.enter();
    this.mustEnrol = mustEnrol;
    return ways;
  }

  /** The browser is signed in, however it came to be: open the mail, or go on with what was open. */
  async enter(): Promise<void> {
    const open = this.mail;
    const fresh = await Client.open(this.watchedFetch);
    if (!open) {
      await this.show(fresh);
      return;
    }
    this.isExpired = false;
    if (fresh.session.username === open.username) {
      open.hurry();
      return;
    }
    // Somebody else signed in on this page: nothing of the person before may stay on the screen.
    await this.show(fresh);
  }

  /** Goes to another account of the person. What was being written stays, saved, in the one it belongs to. */
  async switchTo(accountId: Id): Promise<void> {
    const open = this.mail;
    if (!open || open.client.accountId === accountId) return;
    await Promise.all(open.composers.list.map((composer) => composer.save()));
    if (open.composers.list.some((composer) => composer.isUnsaved && !composer.isBlank)) {
      // Signing out in the other account would not ask about it.
      open.notices.show('network', { tone: 'problem' });
      return;
    }
    await this.show(open.client.forAccount(accountId), 'inbox');
    remember(accountId);
  }

  /** Ends the sign-in and removes what this machine kept; the caller has made sure that nothing unsaved is lost. */
  async signOut(): Promise<void> {
    const open = this.mail;
    await signOut(globalThis.fetch.bind(globalThis));
    open?.stop();
    for (const { id } of open?.client.accounts ?? []) new LocalDrafts(globalThis.localStorage, id).clear();
    remember(null);
    this.mail = null;
    this.isExpired = false;
    this.status = 'signedOut';
  }

  private async show(client: Client, place: Place = 'elsewhere'): Promise<void> {
    const mail = new Mail(client, globalThis.localStorage);
    await mail.start(place);
    this.mail?.stop();
    this.mail = mail;
    this.status = 'open';
  }
}

/** The client for the account this tab showed last, as long as the person may still use it. */
function remembered(client: Client): Client {
  const id = globalThis.sessionStorage.getItem(SHOWN);
  return id !== null && client.accounts.some((account) => account.id === id) ? client.forAccount(id) : client;
}

function remember(accountId: Id | null): void {
  try {
    if (accountId === null) globalThis.sessionStorage.removeItem(SHOWN);
    else globalThis.sessionStorage.setItem(SHOWN, accountId);
  } catch {
    // A full storage means the own account after a reload, nothing more.
    return;
  }
}
