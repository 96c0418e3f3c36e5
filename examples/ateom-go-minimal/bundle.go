package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bundle is an OCI bundle as the node supervisor wrote it. The spec is passed on with all that it holds.
type bundle struct {
	name    string
	spec    map[string]any
	sources []string
}

// readBundles answers the bundle of the sandbox first: the pause container's, or that of the only container.
func readBundles(workload *workload) ([]*bundle, error) {
	names := []string{}
	if _, err := os.Stat(workload.actor.bundle(pauseName)); err == nil {
		names = append(names, pauseName)
	} else if len(workload.containers) > 1 {
		return nil, invalid("spec.containers", "several containers need a pause bundle")
	}
	for _, container := range workload.containers {
		names = append(names, container.name)
	}
	bundles := make([]*bundle, 0, len(names))
	for _, name := range names {
		bundle, err := readBundle(workload.actor.bundle(name), name)
		if err != nil {
			return nil, invalid("spec.containers", "the bundle of "+name+" cannot be used: "+err.Error())
		}
		bundles = append(bundles, bundle)
	}
	return bundles, nil
}

func readBundle(directory, name string) (*bundle, error) {
	text, err := os.ReadFile(filepath.Join(directory, "config.json"))
	if err != nil {
		return nil, err
	}
	read := &bundle{name: name}
	var known struct {
		Process struct{ Args []string }
		Root    struct{ Path string }
		Mounts  []struct{ Source string }
	}
	if err := errors.Join(json.Unmarshal(text, &read.spec), json.Unmarshal(text, &known)); err != nil {
		return nil, err
	}
	if len(known.Process.Args) == 0 || known.Root.Path == "" {
		return nil, errors.New("process.args or root.path is missing")
	}
	for _, mount := range known.Mounts {
		read.sources = append(read.sources, mount.Source)
	}
	return read, nil
}

// durableVolumes answers the names of the durable directories that are mounted, sorted.
func durableVolumes(bundles []*bundle, actor actorKey) []string {
	volumes := []string{}
	for _, bundle := range bundles {
		for _, source := range bundle.sources {
			volume, isDurable := strings.CutPrefix(source, actor.path("durable-dir")+"/")
			if isDurable && label.MatchString(volume) {
				volumes = append(volumes, volume)
			}
		}
	}
	slices.Sort(volumes)
	return slices.Compact(volumes)
}

// write makes a bundle of our own, without the hints on mounts: runsc would keep what is written to a durable
// directory in an overlay that ends with the sandbox.
func (b *bundle) write(directory string) error {
	if annotations, ok := b.spec["annotations"].(map[string]any); ok {
		for key := range annotations {
			if strings.HasPrefix(key, "dev.gvisor.spec.mount.") {
				delete(annotations, key)
			}
		}
	}
	text, err := json.Marshal(b.spec)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "config.json"), text, 0o600)
}
