import { parseRoute, pathOf, withThread, type Route } from './route';

/** Where the person is, in step with the browser's address and its way back. */
class Router {
  route = $state.raw<Route>(parseRoute(location.pathname));

  constructor() {
    addEventListener('popstate', () => (this.route = parseRoute(location.pathname)));
  }

  go(route: Route): void {
    const path = pathOf(route);
    if (path !== location.pathname) history.pushState(null, '', path);
    this.route = route;
  }

  /** Like `go`, without a step to go back to: for moving from message to message. */
  replace(route: Route): void {
    history.replaceState(null, '', pathOf(route));
    this.route = route;
  }

  /** Whether a click on a link is the client's to follow; with a modifier it asks the browser for a tab or a window. */
  takes(event: MouseEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
    event.preventDefault();
    return true;
  }

  /** What a link within the client does when it is clicked. */
  follow(event: MouseEvent, route: Route): void {
    if (this.takes(event)) this.go(route);
  }

  openThread(threadId: string | null): void {
    const route = withThread(this.route, threadId);
    if (this.route.threadId !== null && threadId !== null) this.replace(route);
    else this.go(route);
  }
}

export const router = new Router();
