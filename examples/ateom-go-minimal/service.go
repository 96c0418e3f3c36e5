package main

import (
	"context"

	"example.com/ateom-go-minimal/ateompb"
)

type service struct {
	ateompb.UnimplementedAteomServer
	worker *worker
}

func (s *service) RunWorkload(ctx context.Context, request *ateompb.RunWorkloadRequest) (*ateompb.RunWorkloadResponse, error) {
	workload, err := parseWorkload(request)
	if err != nil {
		return nil, err
	}
	if err := s.worker.run(ctx, workload); err != nil {
		return nil, err
	}
	return &ateompb.RunWorkloadResponse{}, nil
}

func (s *service) CheckpointWorkload(ctx context.Context, request *ateompb.CheckpointWorkloadRequest) (*ateompb.CheckpointWorkloadResponse, error) {
	if err := checkScope(request.GetScope()); err != nil {
		return nil, err
	}
	workload, err := parseWorkload(request)
	if err != nil {
		return nil, err
	}
	// A caller that hangs up does not stop it: half a checkpoint is worth nothing.
	files, err := s.worker.checkpoint(context.WithoutCancel(ctx), workload, request.GetScope())
	if err != nil {
		return nil, err
	}
	return &ateompb.CheckpointWorkloadResponse{SnapshotFiles: files}, nil
}

func (s *service) RestoreWorkload(ctx context.Context, request *ateompb.RestoreWorkloadRequest) (*ateompb.RestoreWorkloadResponse, error) {
	if err := checkScope(request.GetScope()); err != nil {
		return nil, err
	}
	workload, err := parseWorkload(request)
	if err != nil {
		return nil, err
	}
	if err := s.worker.restore(ctx, workload, request.GetScope()); err != nil {
		return nil, err
	}
	return &ateompb.RestoreWorkloadResponse{}, nil
}
