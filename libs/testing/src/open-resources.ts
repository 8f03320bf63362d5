/** What keeps a process from ending: timers, servers, sockets, child processes, by kind. */
export function openResources(): Record<string, number> {
  const counted = ['Timeout', 'TCPServerWrap', 'TCPSocketWrap', 'UDPWrap', 'FSEventWrap', 'ProcessWrap', 'MessagePort']
  const open: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) if (counted.includes(kind)) open[kind] = (open[kind] ?? 0) + 1
  return open
}

/** What is open now and was not before, by kind. */
export function openedSince(before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(openResources()).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const).filter(([, more]) => more > 0))
}
