import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Connections that browsers open ahead of need. Nothing was asked on them yet, so Node does not
 * count them as idle and closing the server would wait for them.
 *
 * @returns closes those there are
 */
export function spareConnections(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}
