package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A durable directory is one tar file in a snapshot. GNU tar keeps owners, modes, times, links, holes and extended
// attributes.

func (v volume) pack(ctx context.Context, snapshot string) error {
	file := filepath.Join(snapshot, v.name+".tar")
	return tar(ctx, file, v.directory, "--create", "--format=posix", "--one-file-system", ".")
}

// unpack makes the volume hold exactly what was packed.
func (v volume) unpack(ctx context.Context, snapshot string) error {
	if err := errors.Join(os.RemoveAll(v.directory), os.MkdirAll(v.directory, 0o755)); err != nil {
		return err
	}
	file := filepath.Join(snapshot, v.name+".tar")
	return tar(ctx, file, v.directory, "--extract", "--same-owner", "--same-permissions")
}

func tar(ctx context.Context, file, directory string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	// Without --force-local, tar takes what stands before a colon for another machine.
	common := []string{"--force-local", "--file=" + file, "--directory=" + directory,
		"--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--sparse"}
	said, err := exec.CommandContext(ctx, "tar", append(args[:1:1], append(common, args[1:]...)...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("tar of %s: %w: %.1000s", filepath.Base(file), err, said)
	}
	return nil
}
