// Command ateom-go-minimal is a sandbox back end that drives gVisor and knows the base contract alone: three
// calls, no metadata, no extensions, and the historical base path.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"

	"example.com/ateom-go-minimal/ateompb"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("ateom-go-minimal: ")
	uid := flag.String("pod-uid", "", "the worker that this process serves")
	flag.Parse()
	if err := serve(*uid); err != nil {
		log.Fatalf("worker %q: %v", *uid, err)
	}
}

// serve returns after SIGTERM or SIGINT, when nothing is left of the worker.
func serve(uid string) (err error) {
	if err := checkLabel("--pod-uid", uid); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	paths := workerPaths(uid)
	if err := os.MkdirAll(paths.directory, 0o700); err != nil {
		return err
	}
	network, err := openNetwork(paths.netnsName)
	if err != nil {
		return err
	}
	worker := &worker{paths: paths, network: network}
	defer func() { err = errors.Join(err, worker.end(), network.close()) }()
	listener, err := listen(paths.socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	ateompb.RegisterAteomServer(server, &service{worker: worker})
	context.AfterFunc(ctx, server.Stop)
	log.Printf("worker %s: serving", uid)
	return server.Serve(listener)
}

func listen(socket string) (net.Listener, error) {
	const socketPathMax = 107
	if len(socket) > socketPathMax {
		return nil, fmt.Errorf("%s is longer than the %d bytes that a socket's path may have", socket, socketPathMax)
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return net.Listen("unix", socket)
}
