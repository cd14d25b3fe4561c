import { Client, SessionExpired, signIn, signOut } from '../jmap';
import { Mail, type Place } from './mail.svelte';

export type AccountStatus = 'checking' | 'signedOut' | 'open' | 'unreachable';

/** Who is signed in. An expired sign-in keeps the page and all it holds; only signing out clears them. */
export class Account {
  status = $state<AccountStatus>('checking');
  isExpired = $state(false);
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
      await this.show(await Client.open(this.watchedFetch), place);
    } catch (error) {
      this.status = error instanceof SessionExpired ? 'signedOut' : 'unreachable';
    }
  }

  /** @throws SessionExpired on a wrong password; the other errors of the client. */
  async signIn(login: string, password: string): Promise<void> {
    await signIn(globalThis.fetch.bind(globalThis), login, password);
    const open = this.mail;
    const fresh = await Client.open(this.watchedFetch);
    if (!open) {
      await this.show(fresh);
      return;
    }
    this.isExpired = false;
    if (fresh.accountId === open.client.accountId) {
      open.hurry();
      return;
    }
    // Somebody else signed in on this page: nothing of the person before may stay on the screen.
    await this.show(fresh);
  }

  /** Ends the sign-in and removes what this machine kept; the caller has made sure that nothing unsaved is lost. */
  async signOut(): Promise<void> {
    const open = this.mail;
    await signOut(globalThis.fetch.bind(globalThis));
    open?.stop();
    open?.local.clear();
    this.mail = null;
    this.isExpired = false;
    this.status = 'signedOut';
  }

  private async show(client: Client, place: Place = 'elsewhere'): Promise<void> {
    this.mail?.stop();
    const mail = new Mail(client, globalThis.localStorage);
    await mail.start(place);
    this.mail = mail;
    this.status = 'open';
  }
}
