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

// Code generated by protoc-gen-go-grpc. DO NOT EDIT.
// versions:
// - protoc-gen-go-grpc v1.6.2
// - protoc             v7.35.1
// source: ateom.proto

package ateompb

import (
	context "context"
	grpc "google.golang.org/grpc"
	codes "google.golang.org/grpc/codes"
	status "google.golang.org/grpc/status"
)

// This is a compile-time assertion to ensure that this generated file
// is compatible with the grpc package it is being compiled against.
// Requires gRPC-Go v1.64.0 or later.
const _ = grpc.SupportPackageIsVersion9

const (
	Ateom_RunWorkload_FullMethodName        = "/ateom.Ateom/RunWorkload"
	Ateom_CheckpointWorkload_FullMethodName = "/ateom.Ateom/CheckpointWorkload"
	Ateom_RestoreWorkload_FullMethodName    = "/ateom.Ateom/RestoreWorkload"
)

// AteomClient is the client API for Ateom service.
//
// For semantics around ctx use and closing/ending streaming RPCs, please refer to https://pkg.go.dev/google.golang.org/grpc/?tab=doc#ClientConn.NewStream.
type AteomClient interface {
	// Boots the workload from its bundles. Returns when every container that has a readyz answered 200;
	// without a readyz, when its processes are started. FAILED_PRECONDITION on an executing worker. A
	// workload that ends before it is ready may fail the call at once.
	RunWorkload(ctx context.Context, in *RunWorkloadRequest, opts ...grpc.CallOption) (*RunWorkloadResponse, error)
	// Writes the workload's state into `checkpoint-state/`, ends it, and leaves the worker available
	// and blank: no process, file, connection or address of the actor is left for the next one. The
	// actor is given no signal. Files of an earlier try may lie in the directory. What was reported
	// stays valid whatever happens to the back end afterwards.
	CheckpointWorkload(ctx context.Context, in *CheckpointWorkloadRequest, opts ...grpc.CallOption) (*CheckpointWorkloadResponse, error)
	// Continues a workload from the files in `restore-state/`, on any worker of the class whose
	// hardware key is equal. Returns when ready, like RunWorkload. A snapshot may be restored any
	// number of times and under another actor id. One with a missing or truncated file fails the
	// call: it never becomes a fresh start. Identity and environment are those of the actor that is
	// restored.
	RestoreWorkload(ctx context.Context, in *RestoreWorkloadRequest, opts ...grpc.CallOption) (*RestoreWorkloadResponse, error)
}

type ateomClient struct {
	cc grpc.ClientConnInterface
}

func NewAteomClient(cc grpc.ClientConnInterface) AteomClient {
	return &ateomClient{cc}
}

func (c *ateomClient) RunWorkload(ctx context.Context, in *RunWorkloadRequest, opts ...grpc.CallOption) (*RunWorkloadResponse, error) {
	cOpts := append([]grpc.CallOption{grpc.StaticMethod()}, opts...)
	out := new(RunWorkloadResponse)
	err := c.cc.Invoke(ctx, Ateom_RunWorkload_FullMethodName, in, out, cOpts...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *ateomClient) CheckpointWorkload(ctx context.Context, in *CheckpointWorkloadRequest, opts ...grpc.CallOption) (*CheckpointWorkloadResponse, error) {
	cOpts := append([]grpc.CallOption{grpc.StaticMethod()}, opts...)
	out := new(CheckpointWorkloadResponse)
	err := c.cc.Invoke(ctx, Ateom_CheckpointWorkload_FullMethodName, in, out, cOpts...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *ateomClient) RestoreWorkload(ctx context.Context, in *RestoreWorkloadRequest, opts ...grpc.CallOption) (*RestoreWorkloadResponse, error) {
	cOpts := append([]grpc.CallOption{grpc.StaticMethod()}, opts...)
	out := new(RestoreWorkloadResponse)
	err := c.cc.Invoke(ctx, Ateom_RestoreWorkload_FullMethodName, in, out, cOpts...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AteomServer is the server API for Ateom service.
// All implementations must embed UnimplementedAteomServer
// for forward compatibility.
type AteomServer interface {
	// Boots the workload from its bundles. Returns when every container that has a readyz answered 200;
	// without a readyz, when its processes are started. FAILED_PRECONDITION on an executing worker. A
	// workload that ends before it is ready may fail the call at once.
	RunWorkload(context.Context, *RunWorkloadRequest) (*RunWorkloadResponse, error)
	// Writes the workload's state into `checkpoint-state/`, ends it, and leaves the worker available
	// and blank: no process, file, connection or address of the actor is left for the next one. The
	// actor is given no signal. Files of an earlier try may lie in the directory. What was reported
	// stays valid whatever happens to the back end afterwards.
	CheckpointWorkload(context.Context, *CheckpointWorkloadRequest) (*CheckpointWorkloadResponse, error)
	// Continues a workload from the files in `restore-state/`, on any worker of the class whose
	// hardware key is equal. Returns when ready, like RunWorkload. A snapshot may be restored any
	// number of times and under another actor id. One with a missing or truncated file fails the
	// call: it never becomes a fresh start. Identity and environment are those of the actor that is
	// restored.
	RestoreWorkload(context.Context, *RestoreWorkloadRequest) (*RestoreWorkloadResponse, error)
	mustEmbedUnimplementedAteomServer()
}

// UnimplementedAteomServer must be embedded to have
// forward compatible implementations.
//
// NOTE: this should be embedded by value instead of pointer to avoid a nil
// pointer dereference when methods are called.
type UnimplementedAteomServer struct{}

func (UnimplementedAteomServer) RunWorkload(context.Context, *RunWorkloadRequest) (*RunWorkloadResponse, error) {
	return nil, status.Error(codes.Unimplemented, "method RunWorkload not implemented")
}
func (UnimplementedAteomServer) CheckpointWorkload(context.Context, *CheckpointWorkloadRequest) (*CheckpointWorkloadResponse, error) {
	return nil, status.Error(codes.Unimplemented, "method CheckpointWorkload not implemented")
}
func (UnimplementedAteomServer) RestoreWorkload(context.Context, *RestoreWorkloadRequest) (*RestoreWorkloadResponse, error) {
	return nil, status.Error(codes.Unimplemented, "method RestoreWorkload not implemented")
}
func (UnimplementedAteomServer) mustEmbedUnimplementedAteomServer() {}
func (UnimplementedAteomServer) testEmbeddedByValue()               {}

// UnsafeAteomServer may be embedded to opt out of forward compatibility for this service.
// Use of this interface is not recommended, as added methods to AteomServer will
// result in compilation errors.
type UnsafeAteomServer interface {
	mustEmbedUnimplementedAteomServer()
}

func RegisterAteomServer(s grpc.ServiceRegistrar, srv AteomServer) {
	// If the following call panics, it indicates UnimplementedAteomServer was
	// embedded by pointer and is nil.  This will cause panics if an
	// unimplemented method is ever invoked, so we test this at initialization
	// time to prevent it from happening at runtime later due to I/O.
	if t, ok := srv.(interface{ testEmbeddedByValue() }); ok {
		t.testEmbeddedByValue()
	}
	s.RegisterService(&Ateom_ServiceDesc, srv)
}

func _Ateom_RunWorkload_Handler(srv interface{}, ctx context.Context, dec func(interface{}) error, interceptor grpc.UnaryServerInterceptor) (interface{}, error) {
	in := new(RunWorkloadRequest)
	if err := dec(in); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return srv.(AteomServer).RunWorkload(ctx, in)
	}
	info := &grpc.UnaryServerInfo{
		Server:     srv,
		FullMethod: Ateom_RunWorkload_FullMethodName,
	}
	handler := func(ctx context.Context, req interface{}) (interface{}, error) {
		return srv.(AteomServer).RunWorkload(ctx, req.(*RunWorkloadRequest))
	}
	return interceptor(ctx, in, info, handler)
}

func _Ateom_CheckpointWorkload_Handler(srv interface{}, ctx context.Context, dec func(interface{}) error, interceptor grpc.UnaryServerInterceptor) (interface{}, error) {
	in := new(CheckpointWorkloadRequest)
	if err := dec(in); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return srv.(AteomServer).CheckpointWorkload(ctx, in)
	}
	info := &grpc.UnaryServerInfo{
		Server:     srv,
		FullMethod: Ateom_CheckpointWorkload_FullMethodName,
	}
	handler := func(ctx context.Context, req interface{}) (interface{}, error) {
		return srv.(AteomServer).CheckpointWorkload(ctx, req.(*CheckpointWorkloadRequest))
	}
	return interceptor(ctx, in, info, handler)
}

func _Ateom_RestoreWorkload_Handler(srv interface{}, ctx context.Context, dec func(interface{}) error, interceptor grpc.UnaryServerInterceptor) (interface{}, error) {
	in := new(RestoreWorkloadRequest)
	if err := dec(in); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return srv.(AteomServer).RestoreWorkload(ctx, in)
	}
	info := &grpc.UnaryServerInfo{
		Server:     srv,
		FullMethod: Ateom_RestoreWorkload_FullMethodName,
	}
	handler := func(ctx context.Context, req interface{}) (interface{}, error) {
		return srv.(AteomServer).RestoreWorkload(ctx, req.(*RestoreWorkloadRequest))
	}
	return interceptor(ctx, in, info, handler)
}

// Ateom_ServiceDesc is the grpc.ServiceDesc for Ateom service.
// It's only intended for direct use with grpc.RegisterService,
// and not to be introspected or modified (even as a copy)
var Ateom_ServiceDesc = grpc.ServiceDesc{
	ServiceName: "ateom.Ateom",
	HandlerType: (*AteomServer)(nil),
	Methods: []grpc.MethodDesc{
		{
			MethodName: "RunWorkload",
			Handler:    _Ateom_RunWorkload_Handler,
		},
		{
			MethodName: "CheckpointWorkload",
			Handler:    _Ateom_CheckpointWorkload_Handler,
		},
		{
			MethodName: "RestoreWorkload",
			Handler:    _Ateom_RestoreWorkload_Handler,
		},
	},
	Streams:  []grpc.StreamDesc{},
	Metadata: "ateom.proto",
}
