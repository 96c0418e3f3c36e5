import { ateapi, InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { goldenAtespace } from "../actors/actor-record.ts";
import { isRefusal, type Store } from "../storage/store.ts";

type AtespaceCalls = Pick<
  ServiceImpl<typeof ateapi.Control>,
  "createAtespace" | "getAtespace" | "listAtespaces" | "deleteAtespace"
>;

/** The calls of `ateapi.Control` about atespaces. */
export function atespaceCalls(store: Store): AtespaceCalls {
  return {
    async createAtespace(request) {
      const name = readName(request.name);
      try {
        await store.createAtespace(name);
      } catch (error) {
        if (isRefusal(error, "exists")) throw new ConnectError(error.message, Code.AlreadyExists);
        throw error;
      }
      return { atespace: message(name) };
    },
    async getAtespace(request) {
      const name = validateDns1123Label("name", request.name);
      if (!(await store.hasAtespace(name))) throw noSuchAtespace(name);
      return { atespace: message(name) };
    },
    async listAtespaces() {
      return {
        atespaces: (await store.listAtespaces()).filter((name) => name !== goldenAtespace).map(message),
      };
    },
    async deleteAtespace(request) {
      const name = readName(request.name);
      try {
        await store.deleteAtespace(name);
      } catch (error) {
        if (isRefusal(error, "not-found")) throw noSuchAtespace(name);
        if (isRefusal(error, "not-empty")) throw new ConnectError(error.message, Code.FailedPrecondition);
        throw error;
      }
      return {};
    },
  };
}

function readName(name: string): string {
  if (name === goldenAtespace)
    throw new InvalidInput("name", `${goldenAtespace} is reserved for golden actors`);
  return validateDns1123Label("name", name);
}

function noSuchAtespace(name: string): ConnectError {
  return new ConnectError(`there is no atespace ${name}`, Code.NotFound);
}

function message(name: string): ateapi.Atespace {
  return create(ateapi.AtespaceSchema, { name });
}
