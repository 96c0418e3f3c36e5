package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// sandbox is one runsc sandbox, used for one actor and then thrown away.
type sandbox struct {
	workload  *workload
	bundles   []*bundle
	directory string
	runsc     runsc
	outputs   []*streams
	// How many containers runsc may know.
	created int
	// Closed when no process of the sandbox is left that could write.
	ended chan struct{}
	// Its end has begun, and may have to be tried again.
	isDestroyed bool
}

// createSandbox makes the containers; nothing of the workload runs yet. What it answers is to be destroyed even
// where it fails.
func createSandbox(ctx context.Context, paths ateomPaths, workload *workload, bundles []*bundle) (*sandbox, error) {
	s := &sandbox{
		workload:  workload,
		bundles:   bundles,
		directory: filepath.Join(paths.directory, "sandbox"),
		ended:     make(chan struct{}),
	}
	s.runsc = runsc{path: workload.runscPath, root: workload.actor.runscRoot(), logs: s.directory}
	// A dead predecessor may have left something.
	if err := s.removeFiles(); err != nil {
		return s, err
	}
	if err := errors.Join(os.MkdirAll(s.directory, 0o700), os.MkdirAll(s.runsc.root, 0o700)); err != nil {
		return s, err
	}
	for position, bundle := range bundles {
		output, err := openStreams(workload.actor, bundle.name)
		if err != nil {
			return s, err
		}
		s.outputs = append(s.outputs, output)
		directory := filepath.Join(s.directory, containerID(position))
		if err := bundle.write(directory, containerID(0)); err != nil {
			return s, err
		}
		// The root container takes its streams at create, the others when they start.
		err = s.runsc.create(ctx, containerID(position), directory, s.streamsOf(position, true))
		if !errors.Is(err, errNoProgram) {
			s.created++
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// start boots the containers, or continues the image, if there is one.
func (s *sandbox) start(ctx context.Context, image string) error {
	for position := range s.bundles {
		given := s.streamsOf(position, false)
		var err error
		if image == "" {
			err = s.runsc.start(ctx, containerID(position), given)
		} else {
			// The sandbox loads its image when the last of its containers has come.
			err = s.runsc.restore(ctx, containerID(position), image, given)
		}
		if err != nil {
			return err
		}
	}
	// The pipes are the sandbox's alone from now on, and end with it.
	for _, output := range s.outputs {
		output.stdout.closeWriter()
		output.stderr.closeWriter()
	}
	go func() {
		for _, output := range s.outputs {
			<-output.stdout.done
			<-output.stderr.done
		}
		close(s.ended)
	}()
	return nil
}

// checkpoint writes the image and ends the sandbox.
func (s *sandbox) checkpoint(ctx context.Context, image string) error {
	return s.runsc.checkpoint(ctx, containerID(0), image)
}

func (s *sandbox) hasEnded() bool {
	if s.isDestroyed {
		return true
	}
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// destroy leaves no process and no file. Idempotent, and fine where there is no sandbox. Where processes may be left,
// their files stay: runsc finds a sandbox by them.
func (s *sandbox) destroy() error {
	if s == nil {
		return nil
	}
	s.isDestroyed = true
	if err := s.runsc.delete(context.Background(), s.created); err != nil {
		return err
	}
	s.created = 0
	for _, output := range s.outputs {
		output.stdout.close()
		output.stderr.close()
	}
	s.outputs = nil
	return s.removeFiles()
}

func (s *sandbox) removeFiles() error {
	// Newer releases of runsc leave a mount here.
	syscall.Unmount(filepath.Join(s.runsc.root, "null-netns"), syscall.MNT_DETACH)
	return errors.Join(os.RemoveAll(s.directory), os.RemoveAll(s.runsc.root))
}

func (s *sandbox) streamsOf(position int, isCreate bool) *streams {
	if (position == 0) != isCreate {
		return nil
	}
	return s.outputs[position]
}

// containerID is of one length for all: runsc finds containers by the beginnings of their ids, too.
func containerID(position int) string {
	return fmt.Sprintf("c-%03d", position)
}
