package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	readyWithin  = 30 * time.Second
	tryTimeout   = 250 * time.Millisecond
	betweenTries = time.Millisecond
)

// awaitReady returns when every container with a readyz answered 200, or when ended says that none will.
func awaitReady(ctx context.Context, containers []container, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	outcomes, count := make(chan error, len(containers)), 0
	for _, container := range containers {
		if container.readyz != nil {
			count++
			go func() { outcomes <- awaitAnswer(ctx, container) }()
		}
	}
	for range count {
		select {
		case err := <-outcomes:
			if err != nil {
				return err
			}
		case <-ended:
			return notNow("the workload ended before it was ready")
		}
	}
	return nil
}

func awaitAnswer(ctx context.Context, container container) error {
	host := net.JoinHostPort(actorAddress, strconv.Itoa(int(container.readyz.port)))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport:     transport,
		Timeout:       tryTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for {
		if isReady(ctx, client, "http://"+host+container.readyz.path) {
			return nil
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return status.FromContextError(ctx.Err()).Err()
			}
			return status.Error(codes.DeadlineExceeded, fmt.Sprintf("container %s did not answer %s on port %d with 200 within %s",
				container.name, container.readyz.path, container.readyz.port, readyWithin))
		case <-time.After(betweenTries):
		}
	}
}

func isReady(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	// So much is read that the connection can be used again, and no more.
	io.CopyN(io.Discard, answer.Body, 4096)
	return answer.StatusCode == http.StatusOK
}
