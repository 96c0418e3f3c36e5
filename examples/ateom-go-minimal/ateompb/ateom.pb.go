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
// SIGTERM ends it within 10 s, and its workloads with it; no process, mount, namespace or socket
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
//     ate-generation    positive decimal; the assignment's generation. One older than the executing workload's is refused
//                       with FAILED_PRECONDITION.
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

// Code generated by protoc-gen-go. DO NOT EDIT.
// versions:
// 	protoc-gen-go v1.36.12
// 	protoc        v7.35.1
// source: ateom.proto

package ateompb

import (
	protoreflect "google.golang.org/protobuf/reflect/protoreflect"
	protoimpl "google.golang.org/protobuf/runtime/protoimpl"
	reflect "reflect"
	sync "sync"
	unsafe "unsafe"
)

const (
	// Verify that this generated code is sufficiently up-to-date.
	_ = protoimpl.EnforceVersion(20 - protoimpl.MinVersion)
	// Verify that runtime/protoimpl is sufficiently up-to-date.
	_ = protoimpl.EnforceVersion(protoimpl.MaxVersion - 20)
)

type SnapshotScope int32

const (
	// Refused with INVALID_ARGUMENT, as is a scope that the back end does not offer.
	SnapshotScope_SNAPSHOT_SCOPE_UNSPECIFIED SnapshotScope = 0
	// Memory, the changes to the root file system, and durable volumes: all goes on where it was.
	SnapshotScope_SNAPSHOT_SCOPE_FULL SnapshotScope = 1
	// Durable volumes only: a restore boots the workload anew around them.
	SnapshotScope_SNAPSHOT_SCOPE_DATA SnapshotScope = 2
)

// Enum value maps for SnapshotScope.
var (
	SnapshotScope_name = map[int32]string{
		0: "SNAPSHOT_SCOPE_UNSPECIFIED",
		1: "SNAPSHOT_SCOPE_FULL",
		2: "SNAPSHOT_SCOPE_DATA",
	}
	SnapshotScope_value = map[string]int32{
		"SNAPSHOT_SCOPE_UNSPECIFIED": 0,
		"SNAPSHOT_SCOPE_FULL":        1,
		"SNAPSHOT_SCOPE_DATA":        2,
	}
)

func (x SnapshotScope) Enum() *SnapshotScope {
	p := new(SnapshotScope)
	*p = x
	return p
}

func (x SnapshotScope) String() string {
	return protoimpl.X.EnumStringOf(x.Descriptor(), protoreflect.EnumNumber(x))
}

func (SnapshotScope) Descriptor() protoreflect.EnumDescriptor {
	return file_ateom_proto_enumTypes[0].Descriptor()
}

func (SnapshotScope) Type() protoreflect.EnumType {
	return &file_ateom_proto_enumTypes[0]
}

func (x SnapshotScope) Number() protoreflect.EnumNumber {
	return protoreflect.EnumNumber(x)
}

// Deprecated: Use SnapshotScope.Descriptor instead.
func (SnapshotScope) EnumDescriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{0}
}

type RunWorkloadRequest struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// DNS-1123 label.
	ActorTemplateNamespace string `protobuf:"bytes,1,opt,name=actor_template_namespace,json=actorTemplateNamespace,proto3" json:"actor_template_namespace,omitempty"`
	// DNS-1123 subdomain. A node supervisor that knows atespaces sends `<template>.<atespace>`.
	ActorTemplateName string `protobuf:"bytes,2,opt,name=actor_template_name,json=actorTemplateName,proto3" json:"actor_template_name,omitempty"`
	// DNS-1123 label. `<namespace>:<template>:<actor id>` is at most 255 bytes.
	ActorId string        `protobuf:"bytes,3,opt,name=actor_id,json=actorId,proto3" json:"actor_id,omitempty"`
	Spec    *WorkloadSpec `protobuf:"bytes,5,opt,name=spec,proto3" json:"spec,omitempty"`
	// Asset name -> absolute path of the verified, executable file on this node, the same in every
	// call for an actor. The names are those that the back end's SandboxConfig declares. A call
	// without an asset that the back end needs is refused with an error that names it.
	RuntimeAssetPaths map[string]string `protobuf:"bytes,7,rep,name=runtime_asset_paths,json=runtimeAssetPaths,proto3" json:"runtime_asset_paths,omitempty" protobuf_key:"bytes,1,opt,name=key" protobuf_val:"bytes,2,opt,name=value"`
	unknownFields     protoimpl.UnknownFields
	sizeCache         protoimpl.SizeCache
}

func (x *RunWorkloadRequest) Reset() {
	*x = RunWorkloadRequest{}
	mi := &file_ateom_proto_msgTypes[0]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *RunWorkloadRequest) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*RunWorkloadRequest) ProtoMessage() {}

func (x *RunWorkloadRequest) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[0]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use RunWorkloadRequest.ProtoReflect.Descriptor instead.
func (*RunWorkloadRequest) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{0}
}

func (x *RunWorkloadRequest) GetActorTemplateNamespace() string {
	if x != nil {
		return x.ActorTemplateNamespace
	}
	return ""
}

func (x *RunWorkloadRequest) GetActorTemplateName() string {
	if x != nil {
		return x.ActorTemplateName
	}
	return ""
}

func (x *RunWorkloadRequest) GetActorId() string {
	if x != nil {
		return x.ActorId
	}
	return ""
}

func (x *RunWorkloadRequest) GetSpec() *WorkloadSpec {
	if x != nil {
		return x.Spec
	}
	return nil
}

func (x *RunWorkloadRequest) GetRuntimeAssetPaths() map[string]string {
	if x != nil {
		return x.RuntimeAssetPaths
	}
	return nil
}

type RunWorkloadResponse struct {
	state         protoimpl.MessageState `protogen:"open.v1"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *RunWorkloadResponse) Reset() {
	*x = RunWorkloadResponse{}
	mi := &file_ateom_proto_msgTypes[1]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *RunWorkloadResponse) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*RunWorkloadResponse) ProtoMessage() {}

func (x *RunWorkloadResponse) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[1]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use RunWorkloadResponse.ProtoReflect.Descriptor instead.
func (*RunWorkloadResponse) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{1}
}

type CheckpointWorkloadRequest struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// Names, spec and assets are those of the start that this worker executes.
	ActorTemplateNamespace string        `protobuf:"bytes,1,opt,name=actor_template_namespace,json=actorTemplateNamespace,proto3" json:"actor_template_namespace,omitempty"`
	ActorTemplateName      string        `protobuf:"bytes,2,opt,name=actor_template_name,json=actorTemplateName,proto3" json:"actor_template_name,omitempty"`
	ActorId                string        `protobuf:"bytes,3,opt,name=actor_id,json=actorId,proto3" json:"actor_id,omitempty"`
	Spec                   *WorkloadSpec `protobuf:"bytes,5,opt,name=spec,proto3" json:"spec,omitempty"`
	// Where the node supervisor will store the snapshot. May be empty; a back end does not need it.
	SnapshotUriPrefix string            `protobuf:"bytes,6,opt,name=snapshot_uri_prefix,json=snapshotUriPrefix,proto3" json:"snapshot_uri_prefix,omitempty"`
	RuntimeAssetPaths map[string]string `protobuf:"bytes,7,rep,name=runtime_asset_paths,json=runtimeAssetPaths,proto3" json:"runtime_asset_paths,omitempty" protobuf_key:"bytes,1,opt,name=key" protobuf_val:"bytes,2,opt,name=value"`
	// SNAPSHOT_SCOPE_UNSPECIFIED is refused with INVALID_ARGUMENT.
	Scope         SnapshotScope `protobuf:"varint,8,opt,name=scope,proto3,enum=ateom.SnapshotScope" json:"scope,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *CheckpointWorkloadRequest) Reset() {
	*x = CheckpointWorkloadRequest{}
	mi := &file_ateom_proto_msgTypes[2]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *CheckpointWorkloadRequest) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*CheckpointWorkloadRequest) ProtoMessage() {}

func (x *CheckpointWorkloadRequest) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[2]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use CheckpointWorkloadRequest.ProtoReflect.Descriptor instead.
func (*CheckpointWorkloadRequest) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{2}
}

func (x *CheckpointWorkloadRequest) GetActorTemplateNamespace() string {
	if x != nil {
		return x.ActorTemplateNamespace
	}
	return ""
}

func (x *CheckpointWorkloadRequest) GetActorTemplateName() string {
	if x != nil {
		return x.ActorTemplateName
	}
	return ""
}

func (x *CheckpointWorkloadRequest) GetActorId() string {
	if x != nil {
		return x.ActorId
	}
	return ""
}

func (x *CheckpointWorkloadRequest) GetSpec() *WorkloadSpec {
	if x != nil {
		return x.Spec
	}
	return nil
}

func (x *CheckpointWorkloadRequest) GetSnapshotUriPrefix() string {
	if x != nil {
		return x.SnapshotUriPrefix
	}
	return ""
}

func (x *CheckpointWorkloadRequest) GetRuntimeAssetPaths() map[string]string {
	if x != nil {
		return x.RuntimeAssetPaths
	}
	return nil
}

func (x *CheckpointWorkloadRequest) GetScope() SnapshotScope {
	if x != nil {
		return x.Scope
	}
	return SnapshotScope_SNAPSHOT_SCOPE_UNSPECIFIED
}

type CheckpointWorkloadResponse struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// Exactly the files that belong to the snapshot: plain names in `checkpoint-state/`, without
	// separators, not `.` or `..`, at most 255 bytes. A restore finds these and no others. An empty
	// list means that the checkpoint failed.
	SnapshotFiles []string `protobuf:"bytes,1,rep,name=snapshot_files,json=snapshotFiles,proto3" json:"snapshot_files,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *CheckpointWorkloadResponse) Reset() {
	*x = CheckpointWorkloadResponse{}
	mi := &file_ateom_proto_msgTypes[3]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *CheckpointWorkloadResponse) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*CheckpointWorkloadResponse) ProtoMessage() {}

func (x *CheckpointWorkloadResponse) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[3]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use CheckpointWorkloadResponse.ProtoReflect.Descriptor instead.
func (*CheckpointWorkloadResponse) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{3}
}

func (x *CheckpointWorkloadResponse) GetSnapshotFiles() []string {
	if x != nil {
		return x.SnapshotFiles
	}
	return nil
}

type RestoreWorkloadRequest struct {
	state                  protoimpl.MessageState `protogen:"open.v1"`
	ActorTemplateNamespace string                 `protobuf:"bytes,1,opt,name=actor_template_namespace,json=actorTemplateNamespace,proto3" json:"actor_template_namespace,omitempty"`
	ActorTemplateName      string                 `protobuf:"bytes,2,opt,name=actor_template_name,json=actorTemplateName,proto3" json:"actor_template_name,omitempty"`
	ActorId                string                 `protobuf:"bytes,3,opt,name=actor_id,json=actorId,proto3" json:"actor_id,omitempty"`
	Spec                   *WorkloadSpec          `protobuf:"bytes,5,opt,name=spec,proto3" json:"spec,omitempty"`
	SnapshotUriPrefix      string                 `protobuf:"bytes,6,opt,name=snapshot_uri_prefix,json=snapshotUriPrefix,proto3" json:"snapshot_uri_prefix,omitempty"`
	RuntimeAssetPaths      map[string]string      `protobuf:"bytes,7,rep,name=runtime_asset_paths,json=runtimeAssetPaths,proto3" json:"runtime_asset_paths,omitempty" protobuf_key:"bytes,1,opt,name=key" protobuf_val:"bytes,2,opt,name=value"`
	// The scope that the snapshot was taken with; another one is refused.
	Scope         SnapshotScope `protobuf:"varint,8,opt,name=scope,proto3,enum=ateom.SnapshotScope" json:"scope,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *RestoreWorkloadRequest) Reset() {
	*x = RestoreWorkloadRequest{}
	mi := &file_ateom_proto_msgTypes[4]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *RestoreWorkloadRequest) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*RestoreWorkloadRequest) ProtoMessage() {}

func (x *RestoreWorkloadRequest) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[4]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use RestoreWorkloadRequest.ProtoReflect.Descriptor instead.
func (*RestoreWorkloadRequest) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{4}
}

func (x *RestoreWorkloadRequest) GetActorTemplateNamespace() string {
	if x != nil {
		return x.ActorTemplateNamespace
	}
	return ""
}

func (x *RestoreWorkloadRequest) GetActorTemplateName() string {
	if x != nil {
		return x.ActorTemplateName
	}
	return ""
}

func (x *RestoreWorkloadRequest) GetActorId() string {
	if x != nil {
		return x.ActorId
	}
	return ""
}

func (x *RestoreWorkloadRequest) GetSpec() *WorkloadSpec {
	if x != nil {
		return x.Spec
	}
	return nil
}

func (x *RestoreWorkloadRequest) GetSnapshotUriPrefix() string {
	if x != nil {
		return x.SnapshotUriPrefix
	}
	return ""
}

func (x *RestoreWorkloadRequest) GetRuntimeAssetPaths() map[string]string {
	if x != nil {
		return x.RuntimeAssetPaths
	}
	return nil
}

func (x *RestoreWorkloadRequest) GetScope() SnapshotScope {
	if x != nil {
		return x.Scope
	}
	return SnapshotScope_SNAPSHOT_SCOPE_UNSPECIFIED
}

type RestoreWorkloadResponse struct {
	state         protoimpl.MessageState `protogen:"open.v1"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *RestoreWorkloadResponse) Reset() {
	*x = RestoreWorkloadResponse{}
	mi := &file_ateom_proto_msgTypes[5]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *RestoreWorkloadResponse) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*RestoreWorkloadResponse) ProtoMessage() {}

func (x *RestoreWorkloadResponse) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[5]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use RestoreWorkloadResponse.ProtoReflect.Descriptor instead.
func (*RestoreWorkloadResponse) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{5}
}

type WorkloadSpec struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// At least one; names are unique, and `pause` is reserved. A back end that runs one container
	// only refuses more with INVALID_ARGUMENT.
	Containers    []*Container `protobuf:"bytes,1,rep,name=containers,proto3" json:"containers,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *WorkloadSpec) Reset() {
	*x = WorkloadSpec{}
	mi := &file_ateom_proto_msgTypes[6]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *WorkloadSpec) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*WorkloadSpec) ProtoMessage() {}

func (x *WorkloadSpec) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[6]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use WorkloadSpec.ProtoReflect.Descriptor instead.
func (*WorkloadSpec) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{6}
}

func (x *WorkloadSpec) GetContainers() []*Container {
	if x != nil {
		return x.Containers
	}
	return nil
}

type Container struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// DNS-1123 label; names the bundle.
	Name string `protobuf:"bytes,1,opt,name=name,proto3" json:"name,omitempty"`
	// Absent: the container is ready when it is started.
	Readyz *Readyz `protobuf:"bytes,2,opt,name=readyz,proto3" json:"readyz,omitempty"`
	// Mount paths of durable directories in this container: clean and absolute, without `:`.
	DurableDirVolumes []string `protobuf:"bytes,3,rep,name=durable_dir_volumes,json=durableDirVolumes,proto3" json:"durable_dir_volumes,omitempty"`
	unknownFields     protoimpl.UnknownFields
	sizeCache         protoimpl.SizeCache
}

func (x *Container) Reset() {
	*x = Container{}
	mi := &file_ateom_proto_msgTypes[7]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *Container) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*Container) ProtoMessage() {}

func (x *Container) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[7]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use Container.ProtoReflect.Descriptor instead.
func (*Container) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{7}
}

func (x *Container) GetName() string {
	if x != nil {
		return x.Name
	}
	return ""
}

func (x *Container) GetReadyz() *Readyz {
	if x != nil {
		return x.Readyz
	}
	return nil
}

func (x *Container) GetDurableDirVolumes() []string {
	if x != nil {
		return x.DurableDirVolumes
	}
	return nil
}

type Readyz struct {
	state         protoimpl.MessageState `protogen:"open.v1"`
	HttpGet       *HTTPGetAction         `protobuf:"bytes,1,opt,name=http_get,json=httpGet,proto3" json:"http_get,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *Readyz) Reset() {
	*x = Readyz{}
	mi := &file_ateom_proto_msgTypes[8]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *Readyz) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*Readyz) ProtoMessage() {}

func (x *Readyz) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[8]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use Readyz.ProtoReflect.Descriptor instead.
func (*Readyz) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{8}
}

func (x *Readyz) GetHttpGet() *HTTPGetAction {
	if x != nil {
		return x.HttpGet
	}
	return nil
}

type HTTPGetAction struct {
	state protoimpl.MessageState `protogen:"open.v1"`
	// "" means "/readyz"; a path without a leading "/" gets one.
	Path string `protobuf:"bytes,1,opt,name=path,proto3" json:"path,omitempty"`
	// 1..65535; else INVALID_ARGUMENT.
	Port          int32 `protobuf:"varint,2,opt,name=port,proto3" json:"port,omitempty"`
	unknownFields protoimpl.UnknownFields
	sizeCache     protoimpl.SizeCache
}

func (x *HTTPGetAction) Reset() {
	*x = HTTPGetAction{}
	mi := &file_ateom_proto_msgTypes[9]
	ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
	ms.StoreMessageInfo(mi)
}

func (x *HTTPGetAction) String() string {
	return protoimpl.X.MessageStringOf(x)
}

func (*HTTPGetAction) ProtoMessage() {}

func (x *HTTPGetAction) ProtoReflect() protoreflect.Message {
	mi := &file_ateom_proto_msgTypes[9]
	if x != nil {
		ms := protoimpl.X.MessageStateOf(protoimpl.Pointer(x))
		if ms.LoadMessageInfo() == nil {
			ms.StoreMessageInfo(mi)
		}
		return ms
	}
	return mi.MessageOf(x)
}

// Deprecated: Use HTTPGetAction.ProtoReflect.Descriptor instead.
func (*HTTPGetAction) Descriptor() ([]byte, []int) {
	return file_ateom_proto_rawDescGZIP(), []int{9}
}

func (x *HTTPGetAction) GetPath() string {
	if x != nil {
		return x.Path
	}
	return ""
}

func (x *HTTPGetAction) GetPort() int32 {
	if x != nil {
		return x.Port
	}
	return 0
}

var File_ateom_proto protoreflect.FileDescriptor

const file_ateom_proto_rawDesc = "" +
	"\n" +
	"\vateom.proto\x12\x05ateom\"\xf0\x02\n" +
	"\x12RunWorkloadRequest\x128\n" +
	"\x18actor_template_namespace\x18\x01 \x01(\tR\x16actorTemplateNamespace\x12.\n" +
	"\x13actor_template_name\x18\x02 \x01(\tR\x11actorTemplateName\x12\x19\n" +
	"\bactor_id\x18\x03 \x01(\tR\aactorId\x12'\n" +
	"\x04spec\x18\x05 \x01(\v2\x13.ateom.WorkloadSpecR\x04spec\x12`\n" +
	"\x13runtime_asset_paths\x18\a \x03(\v20.ateom.RunWorkloadRequest.RuntimeAssetPathsEntryR\x11runtimeAssetPaths\x1aD\n" +
	"\x16RuntimeAssetPathsEntry\x12\x10\n" +
	"\x03key\x18\x01 \x01(\tR\x03key\x12\x14\n" +
	"\x05value\x18\x02 \x01(\tR\x05value:\x028\x01J\x04\b\x04\x10\x05\"\x15\n" +
	"\x13RunWorkloadResponse\"\xda\x03\n" +
	"\x19CheckpointWorkloadRequest\x128\n" +
	"\x18actor_template_namespace\x18\x01 \x01(\tR\x16actorTemplateNamespace\x12.\n" +
	"\x13actor_template_name\x18\x02 \x01(\tR\x11actorTemplateName\x12\x19\n" +
	"\bactor_id\x18\x03 \x01(\tR\aactorId\x12'\n" +
	"\x04spec\x18\x05 \x01(\v2\x13.ateom.WorkloadSpecR\x04spec\x12.\n" +
	"\x13snapshot_uri_prefix\x18\x06 \x01(\tR\x11snapshotUriPrefix\x12g\n" +
	"\x13runtime_asset_paths\x18\a \x03(\v27.ateom.CheckpointWorkloadRequest.RuntimeAssetPathsEntryR\x11runtimeAssetPaths\x12*\n" +
	"\x05scope\x18\b \x01(\x0e2\x14.ateom.SnapshotScopeR\x05scope\x1aD\n" +
	"\x16RuntimeAssetPathsEntry\x12\x10\n" +
	"\x03key\x18\x01 \x01(\tR\x03key\x12\x14\n" +
	"\x05value\x18\x02 \x01(\tR\x05value:\x028\x01J\x04\b\x04\x10\x05\"C\n" +
	"\x1aCheckpointWorkloadResponse\x12%\n" +
	"\x0esnapshot_files\x18\x01 \x03(\tR\rsnapshotFiles\"\xd4\x03\n" +
	"\x16RestoreWorkloadRequest\x128\n" +
	"\x18actor_template_namespace\x18\x01 \x01(\tR\x16actorTemplateNamespace\x12.\n" +
	"\x13actor_template_name\x18\x02 \x01(\tR\x11actorTemplateName\x12\x19\n" +
	"\bactor_id\x18\x03 \x01(\tR\aactorId\x12'\n" +
	"\x04spec\x18\x05 \x01(\v2\x13.ateom.WorkloadSpecR\x04spec\x12.\n" +
	"\x13snapshot_uri_prefix\x18\x06 \x01(\tR\x11snapshotUriPrefix\x12d\n" +
	"\x13runtime_asset_paths\x18\a \x03(\v24.ateom.RestoreWorkloadRequest.RuntimeAssetPathsEntryR\x11runtimeAssetPaths\x12*\n" +
	"\x05scope\x18\b \x01(\x0e2\x14.ateom.SnapshotScopeR\x05scope\x1aD\n" +
	"\x16RuntimeAssetPathsEntry\x12\x10\n" +
	"\x03key\x18\x01 \x01(\tR\x03key\x12\x14\n" +
	"\x05value\x18\x02 \x01(\tR\x05value:\x028\x01J\x04\b\x04\x10\x05\"\x19\n" +
	"\x17RestoreWorkloadResponse\"@\n" +
	"\fWorkloadSpec\x120\n" +
	"\n" +
	"containers\x18\x01 \x03(\v2\x10.ateom.ContainerR\n" +
	"containers\"v\n" +
	"\tContainer\x12\x12\n" +
	"\x04name\x18\x01 \x01(\tR\x04name\x12%\n" +
	"\x06readyz\x18\x02 \x01(\v2\r.ateom.ReadyzR\x06readyz\x12.\n" +
	"\x13durable_dir_volumes\x18\x03 \x03(\tR\x11durableDirVolumes\"9\n" +
	"\x06Readyz\x12/\n" +
	"\bhttp_get\x18\x01 \x01(\v2\x14.ateom.HTTPGetActionR\ahttpGet\"7\n" +
	"\rHTTPGetAction\x12\x12\n" +
	"\x04path\x18\x01 \x01(\tR\x04path\x12\x12\n" +
	"\x04port\x18\x02 \x01(\x05R\x04port*a\n" +
	"\rSnapshotScope\x12\x1e\n" +
	"\x1aSNAPSHOT_SCOPE_UNSPECIFIED\x10\x00\x12\x17\n" +
	"\x13SNAPSHOT_SCOPE_FULL\x10\x01\x12\x17\n" +
	"\x13SNAPSHOT_SCOPE_DATA\x10\x022\xfa\x01\n" +
	"\x05Ateom\x12D\n" +
	"\vRunWorkload\x12\x19.ateom.RunWorkloadRequest\x1a\x1a.ateom.RunWorkloadResponse\x12Y\n" +
	"\x12CheckpointWorkload\x12 .ateom.CheckpointWorkloadRequest\x1a!.ateom.CheckpointWorkloadResponse\x12P\n" +
	"\x0fRestoreWorkload\x12\x1d.ateom.RestoreWorkloadRequest\x1a\x1e.ateom.RestoreWorkloadResponseb\x06proto3"

var (
	file_ateom_proto_rawDescOnce sync.Once
	file_ateom_proto_rawDescData []byte
)

func file_ateom_proto_rawDescGZIP() []byte {
	file_ateom_proto_rawDescOnce.Do(func() {
		file_ateom_proto_rawDescData = protoimpl.X.CompressGZIP(unsafe.Slice(unsafe.StringData(file_ateom_proto_rawDesc), len(file_ateom_proto_rawDesc)))
	})
	return file_ateom_proto_rawDescData
}

var file_ateom_proto_enumTypes = make([]protoimpl.EnumInfo, 1)
var file_ateom_proto_msgTypes = make([]protoimpl.MessageInfo, 13)
var file_ateom_proto_goTypes = []any{
	(SnapshotScope)(0),                 // 0: ateom.SnapshotScope
	(*RunWorkloadRequest)(nil),         // 1: ateom.RunWorkloadRequest
	(*RunWorkloadResponse)(nil),        // 2: ateom.RunWorkloadResponse
	(*CheckpointWorkloadRequest)(nil),  // 3: ateom.CheckpointWorkloadRequest
	(*CheckpointWorkloadResponse)(nil), // 4: ateom.CheckpointWorkloadResponse
	(*RestoreWorkloadRequest)(nil),     // 5: ateom.RestoreWorkloadRequest
	(*RestoreWorkloadResponse)(nil),    // 6: ateom.RestoreWorkloadResponse
	(*WorkloadSpec)(nil),               // 7: ateom.WorkloadSpec
	(*Container)(nil),                  // 8: ateom.Container
	(*Readyz)(nil),                     // 9: ateom.Readyz
	(*HTTPGetAction)(nil),              // 10: ateom.HTTPGetAction
	nil,                                // 11: ateom.RunWorkloadRequest.RuntimeAssetPathsEntry
	nil,                                // 12: ateom.CheckpointWorkloadRequest.RuntimeAssetPathsEntry
	nil,                                // 13: ateom.RestoreWorkloadRequest.RuntimeAssetPathsEntry
}
var file_ateom_proto_depIdxs = []int32{
	7,  // 0: ateom.RunWorkloadRequest.spec:type_name -> ateom.WorkloadSpec
	11, // 1: ateom.RunWorkloadRequest.runtime_asset_paths:type_name -> ateom.RunWorkloadRequest.RuntimeAssetPathsEntry
	7,  // 2: ateom.CheckpointWorkloadRequest.spec:type_name -> ateom.WorkloadSpec
	12, // 3: ateom.CheckpointWorkloadRequest.runtime_asset_paths:type_name -> ateom.CheckpointWorkloadRequest.RuntimeAssetPathsEntry
	0,  // 4: ateom.CheckpointWorkloadRequest.scope:type_name -> ateom.SnapshotScope
	7,  // 5: ateom.RestoreWorkloadRequest.spec:type_name -> ateom.WorkloadSpec
	13, // 6: ateom.RestoreWorkloadRequest.runtime_asset_paths:type_name -> ateom.RestoreWorkloadRequest.RuntimeAssetPathsEntry
	0,  // 7: ateom.RestoreWorkloadRequest.scope:type_name -> ateom.SnapshotScope
	8,  // 8: ateom.WorkloadSpec.containers:type_name -> ateom.Container
	9,  // 9: ateom.Container.readyz:type_name -> ateom.Readyz
	10, // 10: ateom.Readyz.http_get:type_name -> ateom.HTTPGetAction
	1,  // 11: ateom.Ateom.RunWorkload:input_type -> ateom.RunWorkloadRequest
	3,  // 12: ateom.Ateom.CheckpointWorkload:input_type -> ateom.CheckpointWorkloadRequest
	5,  // 13: ateom.Ateom.RestoreWorkload:input_type -> ateom.RestoreWorkloadRequest
	2,  // 14: ateom.Ateom.RunWorkload:output_type -> ateom.RunWorkloadResponse
	4,  // 15: ateom.Ateom.CheckpointWorkload:output_type -> ateom.CheckpointWorkloadResponse
	6,  // 16: ateom.Ateom.RestoreWorkload:output_type -> ateom.RestoreWorkloadResponse
	14, // [14:17] is the sub-list for method output_type
	11, // [11:14] is the sub-list for method input_type
	11, // [11:11] is the sub-list for extension type_name
	11, // [11:11] is the sub-list for extension extendee
	0,  // [0:11] is the sub-list for field type_name
}

func init() { file_ateom_proto_init() }
func file_ateom_proto_init() {
	if File_ateom_proto != nil {
		return
	}
	type x struct{}
	out := protoimpl.TypeBuilder{
		File: protoimpl.DescBuilder{
			GoPackagePath: reflect.TypeOf(x{}).PkgPath(),
			RawDescriptor: unsafe.Slice(unsafe.StringData(file_ateom_proto_rawDesc), len(file_ateom_proto_rawDesc)),
			NumEnums:      1,
			NumMessages:   13,
			NumExtensions: 0,
			NumServices:   1,
		},
		GoTypes:           file_ateom_proto_goTypes,
		DependencyIndexes: file_ateom_proto_depIdxs,
		EnumInfos:         file_ateom_proto_enumTypes,
		MessageInfos:      file_ateom_proto_msgTypes,
	}.Build()
	File_ateom_proto = out.File
	file_ateom_proto_goTypes = nil
	file_ateom_proto_depIdxs = nil
}
