import { getContext, setContext } from 'svelte';
import type { Account, Mail } from '../model';

const MAIL = Symbol('mail');
const ACCOUNT = Symbol('account');

export function provideMail(mail: Mail): void {
  setContext(MAIL, mail);
}

/** The open account's mail, for any component below the shell. */
export function useMail(): Mail {
  return getContext<Mail>(MAIL);
}

export function provideAccount(account: Account): void {
  setContext(ACCOUNT, account);
}

export function useAccount(): Account {
  return getContext<Account>(ACCOUNT);
}
