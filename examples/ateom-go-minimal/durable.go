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

func packVolume(ctx context.Context, actor actorKey, volume string) error {
	file := filepath.Join(actor.checkpoint(), volume+".tar")
	return tar(ctx, file, actor.durable(volume), "--create", "--format=posix", "--one-file-system", ".")
}

// unpackVolume makes the volume hold exactly what was packed.
func unpackVolume(ctx context.Context, actor actorKey, volume string) error {
	directory := actor.durable(volume)
	if err := errors.Join(os.RemoveAll(directory), os.MkdirAll(directory, 0o755)); err != nil {
		return err
	}
	file := filepath.Join(actor.restore(), volume+".tar")
	return tar(ctx, file, directory, "--extract", "--same-owner", "--same-permissions")
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
