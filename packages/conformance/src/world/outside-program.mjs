// The machine outside of the node: tells each caller's address and echoes what comes after, and asks for
// what it is told to ask for.
import net from "node:net";

const server = net.createServer((socket) => {
  socket.on("error", () => undefined);
  socket.write(`from ${socket.remoteAddress}`);
  socket.pipe(socket);
});
server.listen(7000, "0.0.0.0", () => process.send("listening"));
process.on("message", async ({ id, url }) => {
  const answer = await fetch(url, { headers: { connection: "close" } }).then(
    (response) => response.text(),
    (error) => `no answer: ${error.cause?.code ?? error.message}`,
  );
  process.send({ id, answer });
});
process.on("disconnect", () => process.exit());
