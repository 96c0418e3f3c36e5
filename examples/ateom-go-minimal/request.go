package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/ateom-go-minimal/ateompb"
)

// request is what the three calls have in common.
type request interface {
	GetActorTemplateNamespace() string
	GetActorTemplateName() string
	GetActorId() string
	GetSpec() *ateompb.WorkloadSpec
	GetRuntimeAssetPaths() map[string]string
}

// workload is a request that was checked.
type workload struct {
	actor      actorKey
	runscPath  string
	containers []container
}

type container struct {
	name   string
	readyz *readyz
	// Where durable directories are mounted.
	durable []string
}

type readyz struct {
	path string
	port int32
}

// Reserved by the contract for the container that holds a pod's sandbox.
const pauseName = "pause"

func parseWorkload(request request) (*workload, error) {
	key := actorKey{request.GetActorTemplateNamespace(), request.GetActorTemplateName(), request.GetActorId()}
	if err := key.check(); err != nil {
		return nil, err
	}
	runscPath := request.GetRuntimeAssetPaths()["runsc"]
	if !filepath.IsAbs(runscPath) {
		return nil, invalid(`runtime_asset_paths["runsc"]`, "should be an absolute path")
	}
	if found, err := os.Stat(runscPath); err != nil || !found.Mode().IsRegular() {
		return nil, invalid(`runtime_asset_paths["runsc"]`, "there is no file at the path")
	}
	parsed := &workload{actor: key, runscPath: runscPath}
	names := map[string]bool{pauseName: true}
	for position, asked := range request.GetSpec().GetContainers() {
		field := fmt.Sprintf("spec.containers[%d]", position)
		if err := checkLabel(field+".name", asked.GetName()); err != nil {
			return nil, err
		}
		if names[asked.GetName()] {
			return nil, invalid(field+".name", "is reserved or another container's")
		}
		names[asked.GetName()] = true
		for _, path := range asked.GetDurableDirVolumes() {
			if !filepath.IsAbs(path) || filepath.Clean(path) != path || path == "/" || strings.ContainsRune(path, 0) {
				return nil, invalid(field+".durable_dir_volumes", "should be clean absolute paths below /")
			}
		}
		ready, err := parseReadyz(field+".readyz.http_get", asked.GetReadyz())
		if err != nil {
			return nil, err
		}
		parsed.containers = append(parsed.containers, container{asked.GetName(), ready, asked.GetDurableDirVolumes()})
	}
	if len(parsed.containers) == 0 {
		return nil, invalid("spec.containers", "is empty")
	}
	return parsed, nil
}

func parseReadyz(field string, asked *ateompb.Readyz) (*readyz, error) {
	if asked == nil {
		return nil, nil
	}
	path, port := asked.GetHttpGet().GetPath(), asked.GetHttpGet().GetPort()
	if path == "" {
		path = "/readyz"
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	isOdd := func(char rune) bool { return char <= ' ' || char >= 0x7f || char == '?' || char == '#' }
	if len(path) > 1024 || strings.ContainsFunc(path, isOdd) {
		return nil, invalid(field+".path", "should be a path of a URL with at most 1024 characters")
	}
	if port < 1 || port > 65535 {
		return nil, invalid(field+".port", "should be between 1 and 65535")
	}
	return &readyz{path, port}, nil
}

func checkScope(scope ateompb.SnapshotScope) error {
	switch scope {
	case ateompb.SnapshotScope_SNAPSHOT_SCOPE_FULL, ateompb.SnapshotScope_SNAPSHOT_SCOPE_DATA:
		return nil
	}
	return invalid("scope", "should be SNAPSHOT_SCOPE_FULL or SNAPSHOT_SCOPE_DATA")
}
