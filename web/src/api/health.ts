import { call } from './rest';

/** How the service is; counted when it was asked. Sizes in octets. */
export interface Overview {
  checkedAt: string;
  isReady: boolean;
  faults: readonly { part: string; reason: string }[];
  disk: { freeBytes: number; totalBytes: number } | null;
  jobs: { waiting: number; running: number; failed: number; oldestSeconds: number };
  directory: { agencies: number; people: number; accounts: number; groups: number; domains: number };
}

export const readHealth = (): Promise<Overview> => call('GET', '/health/overview');
