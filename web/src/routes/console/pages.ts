import Activity from '@lucide/svelte/icons/activity';
import FolderTree from '@lucide/svelte/icons/folder-tree';
import Gauge from '@lucide/svelte/icons/gauge';
import Globe from '@lucide/svelte/icons/globe';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Stamp from '@lucide/svelte/icons/stamp';
import UsersRound from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';
import { consoleWords as words } from '../../i18n/console';
import { domainWords } from '../../i18n/domains';
import type { ConsolePage } from '../route';

/** What a page of the console is given. */
export interface PageProps {
  /** What is open in the page's list; null for the list. */
  item: string | null;
}

interface Entry {
  icon: typeof Activity;
  name: () => string;
  /** What can be done there, for the overview. */
  hint: () => string;
  /** Only for who runs the whole service. */
  isForOperators?: boolean;
  /** Not about a single agency. */
  isOfNoUnit?: boolean;
  load: () => Promise<{ default: Component<PageProps> | Component<Record<string, never>> }>;
}

/** The pages in the order of the navigation; each is read when it is first opened. */
export const PAGES: Partial<Record<ConsolePage, Entry>> = {
  overview: { icon: LayoutDashboard, name: () => words.t.overview, hint: () => words.t.overviewHint, load: () => import('./OverviewPage.svelte') },
  units: { icon: FolderTree, name: () => words.t.units, hint: () => words.t.unitsHint, load: () => import('./units/UnitsPage.svelte') },
  groups: { icon: UsersRound, name: () => words.t.groups, hint: () => words.t.groupsHint, load: () => import('./groups/GroupsPage.svelte') },
  domains: { icon: Globe, name: () => domainWords.t.domains, hint: () => domainWords.t.domainsHint, load: () => import('./domains/DomainsPage.svelte') },
  limits: { icon: Gauge, name: () => words.t.limits, hint: () => words.t.limitsHint, load: () => import('./units/LimitsPage.svelte') },
  approvals: { icon: Stamp, name: () => words.t.approvals, hint: () => words.t.approvalsHint, isOfNoUnit: true, load: () => import('./approvals/ApprovalsPage.svelte') },
  health: { icon: Activity, name: () => words.t.health, hint: () => words.t.healthHint, isForOperators: true, isOfNoUnit: true, load: () => import('./HealthPage.svelte') },
};
