// The contract between a node supervisor (atelet) and a sandbox back end (ateom): how actors are
// started, stored and continued by programs that know each other by this file alone. A back end may
// be written in any language. It serves `Ateom` by gRPC on one unix socket per worker; a worker is
// one slot for one sandbox.
//
// STATES. A worker is *available* (blank, nothing runs) or *executing* exactly one actor:
//
//     available --RunWorkload--------> executing
//     available --RestoreWorkload----> executing
//     executing --CheckpointWorkload-> available
//
// A worker is available as soon as its socket answers, whatever a dead predecessor was doing. A
// start that fails leaves nothing of the workload, and the worker available. Calls that meet are
// performed one after the other. An operation whose caller goes away is finished.
//
// WHO OWNS WHAT. The node supervisor owns image pull and unpack, OCI bundles, the identity directory,
// download and verification of assets, snapshot storage and manifests. The back end owns the sandbox
// runtime, the actor's network, readiness and the capture of output. It holds no storage credentials.
//
// THE PROCESS. Started with `--pod-uid=<uid>`: the worker's uid, a DNS label. A program that can
// serve several workers is given the option several times where its pool says so, and serves one
// socket each. In the environment, ATE_BASE_PATH is the base path below, and ATE_PARENT_GUARD=stdin
// tells that stdin stays open for as long as somebody wants the back end: a program that heeds it
// ends with its stdin. For each worker it
//   - makes `<base>/ateoms/<uid>` (mode 0700), replaces a socket that a dead predecessor left
//     there, and makes the actors' network namespace;
//   - listens on the socket; its path has at most 107 bytes, so the base path must be short enough;
//   - answers calls of services that it does not offer with UNIMPLEMENTED, at once.
// SIGTERM ends it within 20 s, and its workloads with it; no process, mount, namespace or socket
// stays.
//
// PATHS are never on the wire: both sides derive them from names that were validated before.
//
//     <base>                                     ATE_BASE_PATH, else /var/lib/ateom-gvisor
//     <base>/static-files/runsc-<sha256>         an asset; 64 lower-case hex characters
//     <base>/ateoms/<uid>/ateom.sock             the worker's socket; the directory is the back end's
//     /run/netns/ateom:<uid>                     the actors' network namespace, made by the back end
//     /run/netns/worker:<uid>                    the worker's own, made by the node supervisor, where one
//                                                process serves several workers; else that of the process
//     <base>/actors/<namespace>:<template>:<id>  the actor; below it:
//         bundles/<container>/config.json          OCI bundle, written by the node supervisor
//         identity/                                mounted at /run/ate; holds `actor-id` without newline
//         sandbox-assets.json                      the node supervisor's record of the actor's assets
//         durable-dir/<volume>                     durable directories
//         checkpoint-state/                        a checkpoint is written here
//         restore-state/                           a restore reads from here, for as long as it wants
//         local-checkpoint/                        the node supervisor's
//         runsc-state/                             the sandbox runtime's, whatever the runtime
//         runsc-debug-logs/<container>             the sandbox runtime's logs
//         pidfiles/<container>.pid                 the sandbox runtime's
//
// The default base path and the names with `runsc` are historical: snapshots embed them, so they
// stay, for back ends of any kind. A reader of `<base>` may be given another directory bound to the
// default path.
//
// NAMES. Namespace, actor id, container, volume and worker uid: DNS-1123 labels (1..63 of
// [a-z0-9-], alphanumeric at both ends). Template: DNS-1123 subdomain (at most 253).
// `<namespace>:<template>:<id>` has at most 255 bytes. All else is refused with INVALID_ARGUMENT
// before a path is built of it.
//
// BUNDLES are OCI 1.0 and complete: arguments, environment, working directory, user, root file
// system, mounts, host name, and the namespace's path. A back end starts each container of the
// request as its bundle says.
//   - `root.path` is shared by all actors of the image: never write there; keep an actor's changes
//     apart.
//   - With a pause image there is a further bundle `pause`, with the arguments ["/pause"]; it holds
//     the sandbox that the others join. Annotations tell the roles:
//     `io.kubernetes.cri.container-type` is `sandbox` or `container`;
//     `io.kubernetes.cri.container-name` and `io.kubernetes.cri.sandbox-id` name container and
//     sandbox. Without one, a workload has one container, and its bundle is the sandbox.
//   - A durable directory is a bind mount in each container that mounts it; find it by its
//     destination, one of `durable_dir_volumes`. The annotations
//     `dev.gvisor.spec.mount.durabledir.{type,share,source}` repeat it for runtimes that want to
//     know what containers share; others ignore them.
//
// NETWORK. An actor sees the same world wherever it runs. In the namespace of its bundles: `eth0`
// with 169.254.17.2/30 and a default route by 169.254.17.1, the other end of the link (called
// `ateom0`). The worker's address is the first IPv4 of `eth0` in the worker's own namespace.
//   - Inbound: TCP port 80 of the worker's address leads to the actor's. Every port does for the
//     node's side of the worker's link, the worker's default gateway.
//   - Outbound: sent from the worker's address; refused to the node itself, to other workers (by
//     the node supervisor) and to link-local addresses, where clouds keep their metadata.
//   - DNS: the actor's /etc/resolv.conf names 169.254.17.1. The back end leads port 53 (UDP and
//     TCP) of it to the worker's default gateway, or in a pod to the pod's name server.
//   - Before a checkpoint inbound is closed; after it the worker's connections are forgotten, so
//     that the next actor meets none of them. A runtime that takes the address off `eth0` finds it
//     put back by its back end.
//
// READINESS. `GET <path>` with `Host: 169.254.17.2:<port>` of every container that has a readyz, in
// parallel, about every millisecond on a kept connection, 250 ms a try. Only 200 counts; redirects
// are not followed. After 30 s in all the start fails with DEADLINE_EXCEEDED and the workload is
// ended.
//
// OUTPUT. Each line of a container becomes one JSON object on one line of the back end's stdout,
// never interleaved. A line that is a JSON object keeps its fields; any other becomes `message`.
// `time` (RFC 3339) is added where absent. `labels` gets `ate.dev/actor_id`,
// `ate.dev/actor_template_name`, `ate.dev/actor_template_namespace`, `ate.dev/container_name` and,
// where the request's metadata tells it, `ate.dev/actor_atespace`; these win over labels of the
// line's own. The back end's own log goes to stderr.
//
// METADATA of requests, all optional, absent from programs that know only these messages:
//     ate-operation-id  1..128 of [A-Za-z0-9._-]. A repeated id is answered with the recorded result, and
//                       nothing is done twice; an id that came with another call or actor is refused. A
//                       checkpoint's result outlives the back end's process.
//     ate-generation    positive decimal; the assignment's generation. One older than the newest that the worker has seen of
//                       the same actor is refused with FAILED_PRECONDITION, and starts nothing.
//     ate-atespace      the actor's atespace, for labels
//     ate-template      the template's plain name, for labels
//
// ERRORS. The message is for a person: it names what was wrong, and no secret.
//     INVALID_ARGUMENT     the request can never be performed: a name, scope, port, missing or unknown asset
//     UNIMPLEMENTED        a call, or an option of it, that this back end does not offer
//     FAILED_PRECONDITION  not in this state: the worker executes already, or does not execute this actor; also a
//                          snapshot that this back end cannot continue. Nothing of a running workload is touched
//     NOT_FOUND            also: a checkpoint of an actor that this worker does not execute
//     DEADLINE_EXCEEDED    not ready, or not done, in time
//     RESOURCE_EXHAUSTED   too much at once; nothing was begun
//     INTERNAL             all else
// After INVALID_ARGUMENT, UNIMPLEMENTED and RESOURCE_EXHAUSTED to a checkpoint the actor executes
// on, untouched. After any other failure of a checkpoint it counts as lost, unless the back end
// says otherwise in `AteomExtensions.GetStatus`.
//
// What a back end may offer beside this: substrate/v1/extensions.proto.
//
// Code from this file: `buf generate` or `protoc`, with proto/ as the root of imports. There is no
// `go_package`: it would name a Go module that this repository does not publish. buf's managed
// mode, or protoc's `M` option, sets the author's own.
//
// No field is specific to one back end.

// @generated by protoc-gen-es v2.17.0 with parameter "target=ts,import_extension=ts,erasable_syntax=true"
// @generated from file ateom/ateom.proto (package ateom, syntax proto3)
/* eslint-disable */

import type { GenEnum, GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Message, UnknownEnum } from "@bufbuild/protobuf";

/**
 * Describes the file ateom/ateom.proto.
 */
export const file_ateom_ateom: GenFile = /*@__PURE__*/
  fileDesc("ChFhdGVvbS9hdGVvbS5wcm90bxIFYXRlb20ilwIKElJ1bldvcmtsb2FkUmVxdWVzdBIgChhhY3Rvcl90ZW1wbGF0ZV9uYW1lc3BhY2UYASABKAkSGwoTYWN0b3JfdGVtcGxhdGVfbmFtZRgCIAEoCRIQCghhY3Rvcl9pZBgDIAEoCRIhCgRzcGVjGAUgASgLMhMuYXRlb20uV29ya2xvYWRTcGVjEk0KE3J1bnRpbWVfYXNzZXRfcGF0aHMYByADKAsyMC5hdGVvbS5SdW5Xb3JrbG9hZFJlcXVlc3QuUnVudGltZUFzc2V0UGF0aHNFbnRyeRo4ChZSdW50aW1lQXNzZXRQYXRoc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAFKBAgEEAUiFQoTUnVuV29ya2xvYWRSZXNwb25zZSLnAgoZQ2hlY2twb2ludFdvcmtsb2FkUmVxdWVzdBIgChhhY3Rvcl90ZW1wbGF0ZV9uYW1lc3BhY2UYASABKAkSGwoTYWN0b3JfdGVtcGxhdGVfbmFtZRgCIAEoCRIQCghhY3Rvcl9pZBgDIAEoCRIhCgRzcGVjGAUgASgLMhMuYXRlb20uV29ya2xvYWRTcGVjEhsKE3NuYXBzaG90X3VyaV9wcmVmaXgYBiABKAkSVAoTcnVudGltZV9hc3NldF9wYXRocxgHIAMoCzI3LmF0ZW9tLkNoZWNrcG9pbnRXb3JrbG9hZFJlcXVlc3QuUnVudGltZUFzc2V0UGF0aHNFbnRyeRIjCgVzY29wZRgIIAEoDjIULmF0ZW9tLlNuYXBzaG90U2NvcGUaOAoWUnVudGltZUFzc2V0UGF0aHNFbnRyeRILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAk6AjgBSgQIBBAFIjQKGkNoZWNrcG9pbnRXb3JrbG9hZFJlc3BvbnNlEhYKDnNuYXBzaG90X2ZpbGVzGAEgAygJIuECChZSZXN0b3JlV29ya2xvYWRSZXF1ZXN0EiAKGGFjdG9yX3RlbXBsYXRlX25hbWVzcGFjZRgBIAEoCRIbChNhY3Rvcl90ZW1wbGF0ZV9uYW1lGAIgASgJEhAKCGFjdG9yX2lkGAMgASgJEiEKBHNwZWMYBSABKAsyEy5hdGVvbS5Xb3JrbG9hZFNwZWMSGwoTc25hcHNob3RfdXJpX3ByZWZpeBgGIAEoCRJRChNydW50aW1lX2Fzc2V0X3BhdGhzGAcgAygLMjQuYXRlb20uUmVzdG9yZVdvcmtsb2FkUmVxdWVzdC5SdW50aW1lQXNzZXRQYXRoc0VudHJ5EiMKBXNjb3BlGAggASgOMhQuYXRlb20uU25hcHNob3RTY29wZRo4ChZSdW50aW1lQXNzZXRQYXRoc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAFKBAgEEAUiGQoXUmVzdG9yZVdvcmtsb2FkUmVzcG9uc2UiNAoMV29ya2xvYWRTcGVjEiQKCmNvbnRhaW5lcnMYASADKAsyEC5hdGVvbS5Db250YWluZXIiVQoJQ29udGFpbmVyEgwKBG5hbWUYASABKAkSHQoGcmVhZHl6GAIgASgLMg0uYXRlb20uUmVhZHl6EhsKE2R1cmFibGVfZGlyX3ZvbHVtZXMYAyADKAkiMAoGUmVhZHl6EiYKCGh0dHBfZ2V0GAEgASgLMhQuYXRlb20uSFRUUEdldEFjdGlvbiIrCg1IVFRQR2V0QWN0aW9uEgwKBHBhdGgYASABKAkSDAoEcG9ydBgCIAEoBSphCg1TbmFwc2hvdFNjb3BlEh4KGlNOQVBTSE9UX1NDT1BFX1VOU1BFQ0lGSUVEEAASFwoTU05BUFNIT1RfU0NPUEVfRlVMTBABEhcKE1NOQVBTSE9UX1NDT1BFX0RBVEEQAjL6AQoFQXRlb20SRAoLUnVuV29ya2xvYWQSGS5hdGVvbS5SdW5Xb3JrbG9hZFJlcXVlc3QaGi5hdGVvbS5SdW5Xb3JrbG9hZFJlc3BvbnNlElkKEkNoZWNrcG9pbnRXb3JrbG9hZBIgLmF0ZW9tLkNoZWNrcG9pbnRXb3JrbG9hZFJlcXVlc3QaIS5hdGVvbS5DaGVja3BvaW50V29ya2xvYWRSZXNwb25zZRJQCg9SZXN0b3JlV29ya2xvYWQSHS5hdGVvbS5SZXN0b3JlV29ya2xvYWRSZXF1ZXN0Gh4uYXRlb20uUmVzdG9yZVdvcmtsb2FkUmVzcG9uc2ViBnByb3RvMw");

/**
 * @generated from message ateom.RunWorkloadRequest
 */
export type RunWorkloadRequest = Message<"ateom.RunWorkloadRequest"> & {
  /**
   * DNS-1123 label.
   *
   * @generated from field: string actor_template_namespace = 1;
   */
  actorTemplateNamespace: string;

  /**
   * DNS-1123 subdomain. A node supervisor that knows atespaces sends `<template>.<atespace>`.
   *
   * @generated from field: string actor_template_name = 2;
   */
  actorTemplateName: string;

  /**
   * DNS-1123 label. `<namespace>:<template>:<actor id>` is at most 255 bytes.
   *
   * @generated from field: string actor_id = 3;
   */
  actorId: string;

  /**
   * @generated from field: ateom.WorkloadSpec spec = 5;
   */
  spec?: WorkloadSpec | undefined;

  /**
   * Asset name -> absolute path of the verified, executable file on this node, the same in every
   * call for an actor. The names are those that the back end's SandboxConfig declares. A call
   * without an asset that the back end needs is refused with an error that names it.
   *
   * @generated from field: map<string, string> runtime_asset_paths = 7;
   */
  runtimeAssetPaths: { [key: string]: string };
};

/**
 * Describes the message ateom.RunWorkloadRequest.
 * Use `create(RunWorkloadRequestSchema)` to create a new message.
 */
export const RunWorkloadRequestSchema: GenMessage<RunWorkloadRequest> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 0);

/**
 * @generated from message ateom.RunWorkloadResponse
 */
export type RunWorkloadResponse = Message<"ateom.RunWorkloadResponse"> & {
};

/**
 * Describes the message ateom.RunWorkloadResponse.
 * Use `create(RunWorkloadResponseSchema)` to create a new message.
 */
export const RunWorkloadResponseSchema: GenMessage<RunWorkloadResponse> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 1);

/**
 * @generated from message ateom.CheckpointWorkloadRequest
 */
export type CheckpointWorkloadRequest = Message<"ateom.CheckpointWorkloadRequest"> & {
  /**
   * Names, spec and assets are those of the start that this worker executes.
   *
   * @generated from field: string actor_template_namespace = 1;
   */
  actorTemplateNamespace: string;

  /**
   * @generated from field: string actor_template_name = 2;
   */
  actorTemplateName: string;

  /**
   * @generated from field: string actor_id = 3;
   */
  actorId: string;

  /**
   * @generated from field: ateom.WorkloadSpec spec = 5;
   */
  spec?: WorkloadSpec | undefined;

  /**
   * Where the node supervisor will store the snapshot. May be empty; a back end does not need it.
   *
   * @generated from field: string snapshot_uri_prefix = 6;
   */
  snapshotUriPrefix: string;

  /**
   * @generated from field: map<string, string> runtime_asset_paths = 7;
   */
  runtimeAssetPaths: { [key: string]: string };

  /**
   * SNAPSHOT_SCOPE_UNSPECIFIED is refused with INVALID_ARGUMENT.
   *
   * @generated from field: ateom.SnapshotScope scope = 8;
   */
  scope: SnapshotScope;
};

/**
 * Describes the message ateom.CheckpointWorkloadRequest.
 * Use `create(CheckpointWorkloadRequestSchema)` to create a new message.
 */
export const CheckpointWorkloadRequestSchema: GenMessage<CheckpointWorkloadRequest> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 2);

/**
 * @generated from message ateom.CheckpointWorkloadResponse
 */
export type CheckpointWorkloadResponse = Message<"ateom.CheckpointWorkloadResponse"> & {
  /**
   * Exactly the files that belong to the snapshot: plain names in `checkpoint-state/`, without
   * separators, not `.` or `..`, at most 255 bytes. A restore finds these and no others. An empty
   * list means that the checkpoint failed.
   *
   * @generated from field: repeated string snapshot_files = 1;
   */
  snapshotFiles: string[];
};

/**
 * Describes the message ateom.CheckpointWorkloadResponse.
 * Use `create(CheckpointWorkloadResponseSchema)` to create a new message.
 */
export const CheckpointWorkloadResponseSchema: GenMessage<CheckpointWorkloadResponse> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 3);

/**
 * @generated from message ateom.RestoreWorkloadRequest
 */
export type RestoreWorkloadRequest = Message<"ateom.RestoreWorkloadRequest"> & {
  /**
   * @generated from field: string actor_template_namespace = 1;
   */
  actorTemplateNamespace: string;

  /**
   * @generated from field: string actor_template_name = 2;
   */
  actorTemplateName: string;

  /**
   * @generated from field: string actor_id = 3;
   */
  actorId: string;

  /**
   * @generated from field: ateom.WorkloadSpec spec = 5;
   */
  spec?: WorkloadSpec | undefined;

  /**
   * @generated from field: string snapshot_uri_prefix = 6;
   */
  snapshotUriPrefix: string;

  /**
   * @generated from field: map<string, string> runtime_asset_paths = 7;
   */
  runtimeAssetPaths: { [key: string]: string };

  /**
   * The scope that the snapshot was taken with; another one is refused.
   *
   * @generated from field: ateom.SnapshotScope scope = 8;
   */
  scope: SnapshotScope;
};

/**
 * Describes the message ateom.RestoreWorkloadRequest.
 * Use `create(RestoreWorkloadRequestSchema)` to create a new message.
 */
export const RestoreWorkloadRequestSchema: GenMessage<RestoreWorkloadRequest> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 4);

/**
 * @generated from message ateom.RestoreWorkloadResponse
 */
export type RestoreWorkloadResponse = Message<"ateom.RestoreWorkloadResponse"> & {
};

/**
 * Describes the message ateom.RestoreWorkloadResponse.
 * Use `create(RestoreWorkloadResponseSchema)` to create a new message.
 */
export const RestoreWorkloadResponseSchema: GenMessage<RestoreWorkloadResponse> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 5);

/**
 * @generated from message ateom.WorkloadSpec
 */
export type WorkloadSpec = Message<"ateom.WorkloadSpec"> & {
  /**
   * At least one; names are unique, and `pause` is reserved. A back end that runs one container
   * only refuses more with INVALID_ARGUMENT.
   *
   * @generated from field: repeated ateom.Container containers = 1;
   */
  containers: Container[];
};

/**
 * Describes the message ateom.WorkloadSpec.
 * Use `create(WorkloadSpecSchema)` to create a new message.
 */
export const WorkloadSpecSchema: GenMessage<WorkloadSpec> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 6);

/**
 * @generated from message ateom.Container
 */
export type Container = Message<"ateom.Container"> & {
  /**
   * DNS-1123 label; names the bundle.
   *
   * @generated from field: string name = 1;
   */
  name: string;

  /**
   * Absent: the container is ready when it is started.
   *
   * @generated from field: ateom.Readyz readyz = 2;
   */
  readyz?: Readyz | undefined;

  /**
   * Mount paths of durable directories in this container: clean and absolute, without `:`.
   *
   * @generated from field: repeated string durable_dir_volumes = 3;
   */
  durableDirVolumes: string[];
};

/**
 * Describes the message ateom.Container.
 * Use `create(ContainerSchema)` to create a new message.
 */
export const ContainerSchema: GenMessage<Container> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 7);

/**
 * @generated from message ateom.Readyz
 */
export type Readyz = Message<"ateom.Readyz"> & {
  /**
   * @generated from field: ateom.HTTPGetAction http_get = 1;
   */
  httpGet?: HTTPGetAction | undefined;
};

/**
 * Describes the message ateom.Readyz.
 * Use `create(ReadyzSchema)` to create a new message.
 */
export const ReadyzSchema: GenMessage<Readyz> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 8);

/**
 * @generated from message ateom.HTTPGetAction
 */
export type HTTPGetAction = Message<"ateom.HTTPGetAction"> & {
  /**
   * "" means "/readyz"; a path without a leading "/" gets one.
   *
   * @generated from field: string path = 1;
   */
  path: string;

  /**
   * 1..65535; else INVALID_ARGUMENT.
   *
   * @generated from field: int32 port = 2;
   */
  port: number;
};

/**
 * Describes the message ateom.HTTPGetAction.
 * Use `create(HTTPGetActionSchema)` to create a new message.
 */
export const HTTPGetActionSchema: GenMessage<HTTPGetAction> = /*@__PURE__*/
  messageDesc(file_ateom_ateom, 9);

/**
 * @generated from enum ateom.SnapshotScope
 */
export const SnapshotScope = {
  /**
   * Refused with INVALID_ARGUMENT, as is a scope that the back end does not offer.
   *
   * @generated from enum value: SNAPSHOT_SCOPE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,

  /**
   * Memory, the changes to the root file system, and durable volumes: all goes on where it was.
   *
   * @generated from enum value: SNAPSHOT_SCOPE_FULL = 1;
   */
  FULL: 1,

  /**
   * Durable volumes only: a restore boots the workload anew around them.
   *
   * @generated from enum value: SNAPSHOT_SCOPE_DATA = 2;
   */
  DATA: 2,
} as const;

/**
 * @generated from enum ateom.SnapshotScope
 */
export type SnapshotScope = (typeof SnapshotScope)[keyof typeof SnapshotScope] | UnknownEnum;

/**
 * Describes the enum ateom.SnapshotScope.
 */
export const SnapshotScopeSchema: GenEnum<SnapshotScope> = /*@__PURE__*/
  enumDesc(file_ateom_ateom, 0);

/**
 * @generated from service ateom.Ateom
 */
export const Ateom: GenService<{
  /**
   * Boots the workload from its bundles. Returns when every container that has a readyz answered 200;
   * without a readyz, when its processes are started. FAILED_PRECONDITION on an executing worker. A
   * workload that ends before it is ready may fail the call at once.
   *
   * @generated from rpc ateom.Ateom.RunWorkload
   */
  runWorkload: {
    methodKind: "unary";
    input: typeof RunWorkloadRequestSchema;
    output: typeof RunWorkloadResponseSchema;
  },
  /**
   * Writes the workload's state into `checkpoint-state/`, ends it, and leaves the worker available
   * and blank: no process, file, connection or address of the actor is left for the next one. The
   * actor is given no signal. Files of an earlier try may lie in the directory. What was reported
   * stays valid whatever happens to the back end afterwards.
   *
   * @generated from rpc ateom.Ateom.CheckpointWorkload
   */
  checkpointWorkload: {
    methodKind: "unary";
    input: typeof CheckpointWorkloadRequestSchema;
    output: typeof CheckpointWorkloadResponseSchema;
  },
  /**
   * Continues a workload from the files in `restore-state/`, on any worker of the class whose
   * hardware key is equal. Returns when ready, like RunWorkload. A snapshot may be restored any
   * number of times and under another actor id. One with a missing or truncated file fails the
   * call: it never becomes a fresh start. Identity and environment are those of the actor that is
   * restored.
   *
   * @generated from rpc ateom.Ateom.RestoreWorkload
   */
  restoreWorkload: {
    methodKind: "unary";
    input: typeof RestoreWorkloadRequestSchema;
    output: typeof RestoreWorkloadResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_ateom_ateom, 0);

