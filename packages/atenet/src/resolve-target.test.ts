import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "./refusal.ts";
import { resolveTarget } from "./resolve-target.ts";

const domain = "actors.resources.substrate.ate.dev";

const accepted: [headers: Record<string, string>, expected: string][] = [
  [{ host: `cart.shop.${domain}` }, "shop/cart:80"],
  [{ host: `cart.shop.${domain}.` }, "shop/cart:80"],
  [{ host: `cart.shop.${domain}:7080` }, "shop/cart:80"],
  [{ host: `cart.shop.${domain}.:7080` }, "shop/cart:80"],
  [{ host: `Cart.SHOP.Actors.Resources.Substrate.ATE.dev` }, "shop/cart:80"],
  [{ host: `8080.cart.shop.${domain}` }, "shop/cart:8080"],
  [{ host: `8080.shop.${domain}` }, "shop/8080:80"],
  [{ host: "localhost", "ate-target-actor": "shop/cart" }, "shop/cart:80"],
  [{ host: "localhost", "ate-target-actor": "shop/cart", "ate-target-port": "3000" }, "shop/cart:3000"],
  [{ host: `cart.shop.${domain}`, "ate-target-port": "3000" }, "shop/cart:3000"],
  [{ host: `other.shop.${domain}`, "ate-target-actor": "shop/cart" }, "shop/cart:80"],
  [{ host: `${"a".repeat(63)}.shop.${domain}` }, `shop/${"a".repeat(63)}:80`],
];

const refused: Record<string, string>[] = [
  {},
  { host: "" },
  { host: "localhost" },
  { host: domain },
  { host: `.${domain}` },
  { host: `shop.${domain}` },
  { host: `.shop.${domain}` },
  { host: `cart..${domain}` },
  { host: `a.b.cart.shop.${domain}` },
  { host: `0.cart.shop.${domain}` },
  { host: `65536.cart.shop.${domain}` },
  { host: `080.cart.shop.${domain}` },
  { host: `http.cart.shop.${domain}` },
  { host: `-cart.shop.${domain}` },
  { host: `ca_rt.shop.${domain}` },
  { host: `${"a".repeat(64)}.shop.${domain}` },
  { host: `cart.shop.${domain}..` },
  { host: `cart.shop.${domain}:80:80` },
  { host: `cart.shop.${domain}.evil.example` },
  { host: `cart.shop.x${domain}` },
  { host: `cart.shop.${domain}`, "ate-target-actor": "" },
  { host: "localhost", "ate-target-actor": "cart" },
  { host: "localhost", "ate-target-actor": "shop/cart/x" },
  { host: "localhost", "ate-target-actor": "shop/cart, shop/other" },
  { host: "localhost", "ate-target-actor": "../cart" },
  { host: "localhost", "ate-target-actor": "shop/cart", "ate-target-port": "0" },
  { host: "localhost", "ate-target-actor": "shop/cart", "ate-target-port": "80x" },
];

for (const [headers, expected] of accepted) {
  test(`${JSON.stringify(headers)} is ${expected}`, () => {
    const target = resolveTarget({ headers });
    assert.equal(`${target.atespace}/${target.actorId}:${target.port}`, expected);
  });
}

for (const headers of refused) {
  test(`${JSON.stringify(headers)} is refused`, () => {
    assert.throws(
      () => resolveTarget({ headers }),
      (error) => error instanceof Refusal && error.status === 404 && error.code === "malformed-target",
    );
  });
}

test("the actor sees the client's Host, or its own name when a header chose it", () => {
  assert.equal(
    resolveTarget({ headers: { host: `Cart.shop.${domain}:7080` } }).host,
    `Cart.shop.${domain}:7080`,
  );
  assert.equal(
    resolveTarget({ headers: { host: "localhost:7080", "ate-target-actor": "shop/cart" } }).host,
    `cart.shop.${domain}`,
  );
});
