using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Wharf.Grains;
using Wharf.Grains.Management;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Work that is done at once, and much of it: the session's callers have their turn in between.</summary>
public sealed class BatchTurns
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_batch_is_started_in_more_than_one_turn()
    {
        await using var node = new Node();
        var tables = new InstantTables();
        var session = Session(node, tables);
        var started = new List<int>();

        await new Turns().RunAsync(() => started.Add(tables.Runs), () => session.SubmitBatch(Batch(200))).WaitAsync(Limits.Test, Cancelled);

        Assert.Equal([64, 128, 192, 200], started.Distinct());
        Assert.Equal(200, session.LiveCount);
    }

    [Fact]
    public async Task What_comes_meanwhile_is_done_after_it()
    {
        await using var node = new Node();
        var tables = new InstantTables();
        var session = Session(node, tables);

        await new Turns().RunAsync(
            static () => { },
            () =>
            {
                session.SubmitBatch(Batch(100));
                var late = session.SubmitAsync(new TableWork(1_000, [], new PortableOperation(new EmptyTable(1))), Cancelled);
                Assert.False(late.IsCompleted);
            }).WaitAsync(Limits.Test, Cancelled);

        Assert.Equal(101, tables.Runs);
        Assert.Equal("table/101", session.Find(1_000)?.ObjectId);
    }

    [Fact]
    public async Task Work_alone_is_done_in_the_turn_that_brings_it()
    {
        await using var node = new Node();
        var tables = new InstantTables();

        var outcome = Session(node, tables).SubmitAsync(new TableWork(1, [], new PortableOperation(new EmptyTable(1))), Cancelled);

        Assert.True(outcome.IsCompletedSuccessfully);
        Assert.True((await outcome).IsDone);
    }

    private static SessionExports Session(Node node, InstantTables tables)
    {
        var options = new SessionOptions();
        var calls = new RetryingCalls(new NoGrains(), node.Objects.Holds, node.Time, NullLogger.Instance);
        var names = new SessionNames(Options.Create(options), Options.Create(new ManagementOptions()));
        var login = new SessionLogin(new CallerIdentity("ann", "s", "Basic"), "address", TimeSpan.FromMinutes(1));
        var principal = new PrincipalCalls(options.MaxWaitingCallsPerPrincipal).Join("ann");
        return new SessionExports("s", options, calls, tables, principal, node.Time, names.VariablesOf(login, calls, node.Time), names.SharedTicketsOf(login));
    }

    private static BatchWork Batch(int operations) =>
        new([.. Enumerable.Range(1, operations).Select(static id => new TableWork(id, [], new PortableOperation(new EmptyTable(1))))]);

    private sealed class InstantTables : ITableDispatcher
    {
        public int Runs { get; private set; }

        public Task<TableOperationOutcome> RunAsync(TableOperationRequest run, CancellationToken stopped)
        {
            Runs++;
            var table = new ObjectReference($"table/{Runs}", ObjectKind.Table, ObjectReference.TableType, 1);
            return Task.FromResult(new TableOperationOutcome(true, table, new TableSummary(new byte[] { 1 }, 1, true), null));
        }
    }
}
