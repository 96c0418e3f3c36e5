import { reflection, type reflectionAlpha } from "@agent-substrate/contract";
import {
  create,
  createRegistry,
  type DescFile,
  type DescService,
  type MessageInitShape,
  type Registry,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ServiceImpl } from "@connectrpc/connect";

type Answer = MessageInitShape<typeof reflection.ServerReflectionResponseSchema>["messageResponse"];

/** Standard server reflection. Both of its versions have the same messages under two package names. */
export function reflectionService(services: readonly DescService[]): {
  v1: ServiceImpl<typeof reflection.ServerReflection>;
  v1alpha: ServiceImpl<typeof reflectionAlpha.ServerReflection>;
} {
  const files = collectFiles(services.map((service) => service.file));
  const registry = createRegistry(...files.values());
  async function* answerAll(requests: AsyncIterable<reflection.ServerReflectionRequest>) {
    for await (const request of requests) {
      yield create(reflection.ServerReflectionResponseSchema, {
        validHost: request.host,
        originalRequest: request,
        messageResponse: answer(request, services, files, registry),
      });
    }
  }
  const serverReflectionInfo = answerAll as never;
  return { v1: { serverReflectionInfo }, v1alpha: { serverReflectionInfo } };
}

function answer(
  { messageRequest }: reflection.ServerReflectionRequest,
  services: readonly DescService[],
  files: ReadonlyMap<string, DescFile>,
  registry: Registry,
): Answer {
  switch (messageRequest.case) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: { service: services.map(({ typeName }) => ({ name: typeName })) },
      };
    case "fileByFilename":
      return fileAnswer(files.get(messageRequest.value), messageRequest.value);
    case "fileContainingSymbol":
      return fileAnswer(fileOfSymbol(registry, messageRequest.value), messageRequest.value);
    case "allExtensionNumbersOfType":
      return { case: "allExtensionNumbersResponse", value: { baseTypeName: messageRequest.value } };
    case "fileContainingExtension":
      return notFound(`${messageRequest.value.containingType} has no extensions here`);
    default:
      return {
        case: "errorResponse",
        value: { errorCode: Code.InvalidArgument, errorMessage: "the request asks for nothing" },
      };
  }
}

/** A method, field or enum value belongs to the file of what it is declared in. */
function fileOfSymbol(registry: Registry, symbol: string): DescFile | undefined {
  for (let name = symbol; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const found = registry.get(name);
    if (found) return found.file;
  }
  return undefined;
}

function fileAnswer(file: DescFile | undefined, asked: string): Answer {
  if (!file) return notFound(`nothing known of ${JSON.stringify(asked)}`);
  const serialized = [...collectFiles([file]).values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: serialized } };
}

function notFound(errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode: Code.NotFound, errorMessage } };
}

/** The files and all that they import, by the names that imports use. */
function collectFiles(roots: readonly DescFile[]): Map<string, DescFile> {
  const files = new Map<string, DescFile>();
  const add = (file: DescFile) => {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, file);
    file.dependencies.forEach(add);
  };
  roots.forEach(add);
  return files;
}
