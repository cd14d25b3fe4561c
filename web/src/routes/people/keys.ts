/** Arrow keys step from the question into the answers and among them; Escape goes back to the question. */
export function stepAmongLinks(event: KeyboardEvent, field: HTMLInputElement): void {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, currentTarget } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  const isInField = document.activeElement === field;
  if (key === 'Escape') {
    if (!isInField) field.focus();
    event.stopPropagation();
    return;
  }
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
  const stops = [field, ...currentTarget.querySelectorAll<HTMLElement>('a.stop')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  stops[Math.min(Math.max(at + (key === 'ArrowDown' ? 1 : -1), 0), stops.length - 1)]?.focus();
}
