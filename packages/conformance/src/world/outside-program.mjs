// The machine outside of the node: tells each caller's address and echoes what comes after.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => undefined);
  socket.write(`from ${socket.remoteAddress}`);
  socket.pipe(socket);
});
server.listen(7000, "0.0.0.0", () => process.send("listening"));
process.on("disconnect", () => process.exit());
