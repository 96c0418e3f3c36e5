package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"path/filepath"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/ateom-go-minimal/ateompb"
)

// worker is available while it has no sandbox, and executing while it has one. One call at a time.
//
// A sandbox that could not be ended stays the worker's, so that no other actor starts beside what is left of it.
type worker struct {
	paths   ateomPaths
	network *network

	turn    sync.Mutex
	sandbox *sandbox
}

// The one file that every snapshot has, so that a snapshot of no volumes has a file, too.
const indexFile = "snapshot.json"

type index struct {
	Scope string `json:"scope"`
}

func (w *worker) run(ctx context.Context, workload *workload) error {
	return w.start(ctx, workload, func(bundles []*bundle) (string, error) { return "", nil })
}

func (w *worker) restore(ctx context.Context, workload *workload, scope ateompb.SnapshotScope) error {
	return w.start(ctx, workload, func(bundles []*bundle) (string, error) {
		directory := workload.actor.restore()
		var stored index
		text, err := os.ReadFile(filepath.Join(directory, indexFile))
		if err == nil {
			err = json.Unmarshal(text, &stored)
		}
		if err != nil {
			return "", notNow("the restore directory holds no snapshot of this back end: %v", err)
		}
		if stored.Scope != scope.String() {
			return "", invalid("scope", "the snapshot's is "+stored.Scope)
		}
		volumes, err := durableVolumes(workload, bundles)
		if err != nil {
			return "", err
		}
		for _, volume := range volumes {
			if err := volume.unpack(ctx, directory); err != nil {
				return "", notNow("the snapshot cannot be read: %v", err)
			}
		}
		if scope == ateompb.SnapshotScope_SNAPSHOT_SCOPE_DATA {
			return "", nil
		}
		return directory, nil
	})
}

// start boots the workload, or continues the image in the directory that prepare answers.
func (w *worker) start(ctx context.Context, workload *workload, prepare func([]*bundle) (string, error)) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	if w.sandbox != nil && w.sandbox.isDestroyed {
		if err := w.blank(); err != nil {
			return failed(err)
		}
	}
	if w.sandbox != nil {
		return notNow("this worker executes %s", w.sandbox.workload.actor)
	}
	bundles, err := readBundles(workload)
	if err != nil {
		return err
	}
	image, err := prepare(bundles)
	if err != nil {
		return err
	}
	w.sandbox, err = createSandbox(ctx, w.paths, workload, bundles)
	if err == nil {
		err = w.sandbox.start(ctx, image)
	}
	if err == nil {
		err = awaitReady(ctx, workload.containers, w.sandbox.ended)
	}
	if err != nil {
		return failed(errors.Join(err, w.blank()))
	}
	return nil
}

func (w *worker) checkpoint(ctx context.Context, workload *workload, scope ateompb.SnapshotScope) ([]string, error) {
	w.turn.Lock()
	defer w.turn.Unlock()
	if w.sandbox == nil || w.sandbox.workload.actor != workload.actor {
		return nil, notNow("this worker does not execute %s", workload.actor)
	}
	files, err := w.save(ctx, scope)
	if err != nil && !w.sandbox.hasEnded() {
		// It goes on, and may be saved another time.
		return nil, failed(err)
	}
	if blankErr := w.blank(); blankErr != nil {
		log.Printf("worker is not blank: %v", blankErr)
		err = errors.Join(err, blankErr)
	}
	return files, failed(err)
}

func (w *worker) save(ctx context.Context, scope ateompb.SnapshotScope) ([]string, error) {
	sandbox, directory := w.sandbox, w.sandbox.workload.actor.checkpoint()
	volumes, err := durableVolumes(sandbox.workload, sandbox.bundles)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.RemoveAll(directory), os.MkdirAll(directory, 0o700)); err != nil {
		return nil, err
	}
	if scope == ateompb.SnapshotScope_SNAPSHOT_SCOPE_FULL {
		if err := sandbox.checkpoint(ctx, directory); err != nil {
			return nil, err
		}
	}
	// What it writes after this is not kept, so that it must not write any more.
	if err := sandbox.destroy(); err != nil {
		return nil, err
	}
	for _, volume := range volumes {
		if err := volume.pack(ctx, directory); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(index{scope.String()})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(directory, indexFile), text, 0o600); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(directory)
	files := make([]string, 0, len(entries))
	for _, entry := range entries {
		files = append(files, entry.Name())
	}
	return files, err
}

// blank ends what runs and gives the next actor a network that nobody has used.
func (w *worker) blank() error {
	err := errors.Join(w.sandbox.destroy(), w.network.renew())
	if err == nil {
		w.sandbox = nil
	}
	return err
}

// end is for the end of the process.
func (w *worker) end() error {
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.sandbox.destroy()
}

// failed keeps the code of an error that has one.
func failed(err error) error {
	if err == nil {
		return nil
	}
	code := codes.Internal
	var coded interface{ GRPCStatus() *status.Status }
	if errors.As(err, &coded) {
		code = coded.GRPCStatus().Code()
	}
	return status.Error(code, err.Error())
}
