package main

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bundle is an OCI bundle as the node supervisor wrote it. The spec is passed on with all that it holds.
type bundle struct {
	name   string
	spec   map[string]any
	mounts []mount
}

type mount struct {
	Destination, Source string
}

// volume is a durable directory on the node. Its name is unique in a workload.
type volume struct {
	name, directory string
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
		Mounts  []mount
	}
	if err := errors.Join(json.Unmarshal(text, &read.spec), json.Unmarshal(text, &known)); err != nil {
		return nil, err
	}
	if len(known.Process.Args) == 0 || known.Root.Path == "" {
		return nil, errors.New("process.args or root.path is missing")
	}
	read.mounts = known.Mounts
	return read, nil
}

// durableVolumes answers what is mounted where the request says that durable directories are, sorted by name.
func durableVolumes(workload *workload, bundles []*bundle) ([]volume, error) {
	found := map[string]volume{}
	for _, container := range workload.containers {
		for _, destination := range container.durable {
			source := sourceOf(bundles, container.name, destination)
			name := filepath.Base(source)
			if !label.MatchString(name) {
				return nil, invalid("spec.containers", "the bundle of "+container.name+" mounts nothing durable at "+destination)
			}
			found[name] = volume{name, source}
		}
	}
	names := slices.Sorted(maps.Keys(found))
	volumes := make([]volume, 0, len(names))
	for _, name := range names {
		volumes = append(volumes, found[name])
	}
	return volumes, nil
}

func sourceOf(bundles []*bundle, container, destination string) string {
	for _, bundle := range bundles {
		for _, mount := range bundle.mounts {
			if bundle.name == container && mount.Destination == destination && filepath.IsAbs(mount.Source) {
				return mount.Source
			}
		}
	}
	return ""
}

// write makes a bundle of our own, in which two annotations are others. Containers find their sandbox by its id, and
// runsc would keep what is written to a durable directory with a mount hint in an overlay that ends with the sandbox.
func (b *bundle) write(directory, sandboxID string) error {
	annotations, _ := b.spec["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
	}
	maps.DeleteFunc(annotations, func(key string, _ any) bool { return strings.HasPrefix(key, "dev.gvisor.spec.mount.") })
	annotations["io.kubernetes.cri.sandbox-id"] = sandboxID
	b.spec["annotations"] = annotations
	text, err := json.Marshal(b.spec)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "config.json"), text, 0o600)
}
