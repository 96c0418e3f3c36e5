package main

import (
	"path/filepath"
	"regexp"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const basePath = "/var/lib/ateom-gvisor"

type ateomPaths struct {
	directory, socket, netnsName string
}

func workerPaths(uid string) ateomPaths {
	directory := filepath.Join(basePath, "ateoms", uid)
	return ateomPaths{directory, filepath.Join(directory, "ateom.sock"), "ateom:" + uid}
}

// actorKey names an actor in a request.
type actorKey struct {
	namespace, template, actorID string
}

func (key actorKey) String() string {
	return key.namespace + ":" + key.template + ":" + key.actorID
}

func (key actorKey) path(names ...string) string {
	return filepath.Join(append([]string{basePath, "actors", key.String()}, names...)...)
}

func (key actorKey) bundle(container string) string { return key.path("bundles", container) }
func (key actorKey) runscRoot() string              { return key.path("runsc-state") }
func (key actorKey) checkpoint() string             { return key.path("checkpoint-state") }
func (key actorKey) restore() string                { return key.path("restore-state") }

// check is what makes the paths of a key safe to use.
func (key actorKey) check() error {
	if err := checkLabel("actor_template_namespace", key.namespace); err != nil {
		return err
	}
	if len(key.template) > 253 {
		return invalid("actor_template_name", "is longer than 253 characters")
	}
	for part := range strings.SplitSeq(key.template, ".") {
		if err := checkLabel("actor_template_name", part); err != nil {
			return err
		}
	}
	if len(key.String()) > 255 {
		return invalid("actor_id", "namespace, template and actor id have more than 255 bytes together")
	}
	return checkLabel("actor_id", key.actorID)
}

var label = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

func checkLabel(field, value string) error {
	if len(value) > 63 || !label.MatchString(value) {
		return invalid(field, "should be a DNS-1123 label")
	}
	return nil
}

func invalid(field, problem string) error {
	return status.Errorf(codes.InvalidArgument, "%s: %s", field, problem)
}

func notNow(format string, args ...any) error {
	return status.Errorf(codes.FailedPrecondition, format, args...)
}
