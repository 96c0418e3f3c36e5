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

const reasonLengthMax = 2000

// errNoProgram is of a call that did nothing, since its program could not be started.
var errNoProgram = errors.New("the program cannot be started")

// runsc is the binary of one workload with its state directory.
type runsc struct {
	path, root, logs string
}

func (r runsc) create(ctx context.Context, id, bundle string, given *streams) error {
	return r.call(ctx, 30*time.Second, given, "create", "-bundle", bundle, id)
}

func (r runsc) start(ctx context.Context, id string, given *streams) error {
	return r.call(ctx, 30*time.Second, given, "start", id)
}

func (r runsc) restore(ctx context.Context, id, image string, given *streams) error {
	return r.call(ctx, 2*time.Minute, given, "restore", "-detach", "-image-path", image, id)
}

func (r runsc) checkpoint(ctx context.Context, id, image string) error {
	return r.call(ctx, 5*time.Minute, nil, "checkpoint", "-image-path", image, id)
}

// delete ends containers, the root container first: all processes go with it. What is not there is no error.
func (r runsc) delete(ctx context.Context, count int) error {
	var err error
	for position := range count {
		// runsc itself waits two minutes for a sandbox that it killed.
		err = errors.Join(err, r.call(ctx, 130*time.Second, nil, "delete", "-force", containerID(position)))
	}
	return err
}

func (r runsc) call(ctx context.Context, limit time.Duration, given *streams, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	// A file, not a pipe: the sandbox inherits what its creator has, and would keep a pipe open.
	logPath := filepath.Join(r.logs, name+"-"+args[len(args)-1]+".log")
	flags := []string{
		"--root=" + r.root, "--log=" + logPath, "--ignore-cgroups", "--network=sandbox", "--platform=systrap",
		// Changes to the root file system live in the sandbox's memory, and so in its image.
		"--overlay2=root:memory", name,
	}
	command := exec.CommandContext(ctx, r.path, append(flags, args...)...)
	command.Dir = "/"
	command.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	if given != nil {
		command.Stdout, command.Stderr = given.stdout.writer, given.stderr.writer
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("runsc %s: %w: %w", name, errNoProgram, err)
	}
	err := command.Wait()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("runsc %s was given up: %w", name, ctx.Err())
	}
	reason, _ := os.ReadFile(logPath)
	return fmt.Errorf("runsc %s: %w: %s", name, err, reason[max(0, len(reason)-reasonLengthMax):])
}
