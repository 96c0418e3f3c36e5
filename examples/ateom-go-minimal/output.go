package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const lineLengthMax = 64 << 10

// Lines of several containers never interleave.
var stdout sync.Mutex

// output makes labelled lines on our stdout of what a container writes into a pipe.
type output struct {
	reader, writer *os.File
	// Closed when all who could write have ended.
	done chan struct{}
}

// streams are a container's stdout and stderr: a pipe each, since what is written to one at the same time could
// interleave.
type streams struct {
	stdout, stderr *output
}

func openStreams(actor actorKey, container string) (*streams, error) {
	stdout, err := openOutput(actor, container)
	if err != nil {
		return nil, err
	}
	stderr, err := openOutput(actor, container)
	if err != nil {
		stdout.close()
		return nil, err
	}
	return &streams{stdout, stderr}, nil
}

func openOutput(actor actorKey, container string) (*output, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	labels := map[string]any{
		"ate.dev/actor_id":                 actor.actorID,
		"ate.dev/actor_template_name":      actor.template,
		"ate.dev/actor_template_namespace": actor.namespace,
		"ate.dev/container_name":           container,
	}
	o := &output{reader, writer, make(chan struct{})}
	go func() {
		defer close(o.done)
		copyLines(reader, labels)
	}()
	return o, nil
}

func (o *output) closeWriter() { o.writer.Close() }

// close returns when what was written has been handed on. The containers have ended.
func (o *output) close() {
	o.writer.Close()
	select {
	case <-o.done:
	case <-time.After(2 * time.Second):
	}
	o.reader.Close()
}

func copyLines(reader io.Reader, labels map[string]any) {
	buffered := bufio.NewReaderSize(reader, lineLengthMax)
	for {
		line, err := buffered.ReadSlice('\n')
		if len(line) > 0 {
			text, _ := json.Marshal(labelLine(strings.TrimRight(string(line), "\r\n"), labels))
			stdout.Lock()
			os.Stdout.Write(append(text, '\n'))
			stdout.Unlock()
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

func labelLine(line string, labels map[string]any) map[string]any {
	var record map[string]any
	decoder := json.NewDecoder(strings.NewReader(line))
	// Numbers stay as they were written.
	decoder.UseNumber()
	err := decoder.Decode(&record)
	// One object and nothing after it.
	if _, rest := decoder.Token(); err != nil || record == nil || rest != io.EOF {
		record = map[string]any{"message": line}
	}
	own, _ := record["labels"].(map[string]any)
	if own == nil {
		own = map[string]any{}
	}
	for key, value := range labels {
		own[key] = value
	}
	record["labels"] = own
	if record["time"] == nil {
		record["time"] = time.Now().UTC().Format(time.RFC3339Nano)
	}
	return record
}
