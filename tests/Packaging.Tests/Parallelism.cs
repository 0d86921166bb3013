using Xunit.v3;

// Servers are started: one after the other on a small machine.
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
