// Command runsc-build writes gVisor's filter_precompiled.go with the seccomp programs in it, as gVisor's own
// release build does. The Go module ships a stub instead, with which every sandbox compiles its programs anew.
//
//	runsc-build STUB >OUT
//
// Run it as process 1: one rule (rt_tgsigqueueinfo) takes the process id of whoever compiles it, and that of a
// sandbox is always 1.
package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"gvisor.dev/gvisor/pkg/seccomp/precompiledseccomp"
	"gvisor.dev/gvisor/runsc/boot/filter/config"
)

// Behind this line of the stub, inside registerPrograms, the map is filled.
var anchor = []byte("\tprecompiledPrograms = programs\n")

func main() {
	if len(os.Args) != 2 {
		fail("usage: runsc-build STUB >OUT")
	}
	stub, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	if bytes.Count(stub, anchor) != 1 {
		fail(os.Args[1], "is not the stub this recipe knows")
	}
	programs, err := config.PrecompiledPrograms()
	if err != nil {
		fail(err)
	}
	slices.SortFunc(programs, func(a, b precompiledseccomp.Program) int { return strings.Compare(a.Name, b.Name) })
	out := bytes.NewBuffer(bytes.Clone(anchor))
	for _, program := range programs {
		// Stand-ins for values that are known at start only, and differ from run to run. Without them, and sorted, one
		// Go version always builds the same runsc.
		for _, offsets := range program.VarOffsets {
			for _, offset := range offsets {
				program.Bytecode32[offset] = 0
			}
		}
		out.WriteString(program.Registration("\t", "precompiledseccomp", "programs"))
	}
	if _, err := os.Stdout.Write(bytes.Replace(stub, anchor, out.Bytes(), 1)); err != nil {
		fail(err)
	}
}

func fail(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}
