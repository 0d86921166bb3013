using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Net.Client;

namespace Wharf.Security.Fuzzing;

/// <summary>A fault of an input.</summary>
internal sealed record FuzzFault(long Index, FuzzInput Input, string Problem)
{
    /// <summary>The problem without ids and numbers, which differ each time.</summary>
    public string Kind => KindOf(Problem)!;

    public static string? KindOf(string? problem) => problem?.Split("w/ID")[0];
}

/// <summary>Sends inputs in chunks, each in a session of its own. Calls that wait end with their session.</summary>
internal sealed class FuzzRun(FuzzServer server, FuzzPlan plan)
{
    // More than cores: calls that wait take most of the time.
    private const int Workers = 8, MostFaults = 50;

    // A call that takes longer goes on beside the inputs that follow.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Path, string Kind), FuzzFault> _faults = new();
    private readonly ConcurrentDictionary<(string Path, int Status), long> _statuses = new();
    private long _next;
    private long _waited;

    /// <summary>The faults: the first of each kind and RPC.</summary>
    public IReadOnlyCollection<FuzzFault> Faults => [.. _faults.Values.OrderBy(static fault => fault.Input.Path, StringComparer.Ordinal)];

    /// <summary>The number of calls that ended with their session only.</summary>
    public long Waited => Interlocked.Read(ref _waited);

    /// <summary>How often each RPC ended with each status; -1 is none.</summary>
    public IReadOnlyDictionary<(string Path, int Status), long> Statuses => _statuses;

    /// <summary>Sends the inputs of a range.</summary>
    public async Task RunAsync(long first, long count, CancellationToken cancellationToken)
    {
        _next = first;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(first + count, cancellationToken), cancellationToken)));
    }

    /// <summary>Sends one input alone, in a session of its own, and returns its fault.</summary>
    public async Task<string?> TryAsync(FuzzInput input, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var client = new FuzzClient(server.Address);
        var session = await FuzzSession.OpenAsync(channel, cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = client.SendAsync(input, session.Token, end.Token);
        await Task.WhenAny(call, Task.Delay(Patience * 10, cancellationToken));
        await session.CloseAsync(cancellationToken);
        if (EndsByClient(input))
            end.CancelAfter(Patience);
        return await Task.WhenAny(call, Task.Delay(Hang, cancellationToken)) == call ? FuzzOracle.Judge(input, await call) : StillRuns;
    }

    /// <summary>Waits until the server has ended all calls; returns those that are left when that takes too long.</summary>
    public async Task<IReadOnlyList<string>> WaitForEndOfCallsAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (server.Active.Count > 0 && Stopwatch.GetElapsedTime(start) < Hang)
            await Task.Delay(Patience, cancellationToken);
        return server.Active.Descriptions;
    }

    private const string StillRuns = "the call runs on 5 s after the end of its session";

    private async Task WorkAsync(long end, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        while (_faults.Count < MostFaults)
        {
            long first = Interlocked.Add(ref _next, FuzzPlan.ChunkSize) - FuzzPlan.ChunkSize;
            if (first >= end)
                break;
            await SendChunkAsync(channel, first, Math.Min(end, first + FuzzPlan.ChunkSize), cancellationToken);
        }
    }

    private async Task SendChunkAsync(GrpcChannel channel, long first, long end, CancellationToken cancellationToken)
    {
        using var client = new FuzzClient(server.Address);
        var session = await FuzzSession.OpenAsync(channel, cancellationToken);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new List<(long Index, FuzzInput Input, Task Call)>();
        for (long index = first; index < end; index++)
        {
            var input = FuzzInput.Make(plan, index);
            var call = CallAsync(client, index, input, session.Token, abandon.Token);
            if (await Task.WhenAny(call, Task.Delay(Patience, cancellationToken)) != call)
                waiting.Add((index, input, call));
            // An input may close its session. The calls that wait for it end in any case.
            if (input.Path.EndsWith("/CloseSession", StringComparison.Ordinal))
            {
                await session.CloseAsync(cancellationToken);
                await session.RenewAsync(cancellationToken);
            }
        }

        await session.CloseAsync(cancellationToken);
        waiting.RemoveAll(static one => one.Call.IsCompleted);
        Interlocked.Add(ref _waited, waiting.Count);
        await Task.WhenAny(Task.WhenAll(waiting.Where(static one => !EndsByClient(one.Input)).Select(static one => one.Call)), Task.Delay(Hang, cancellationToken));
        foreach (var (index, input, call) in waiting)
        {
            if (!call.IsCompleted && !EndsByClient(input))
                Add(new FuzzFault(index, input, StillRuns));
        }

        await abandon.CancelAsync();
        await Task.WhenAll(waiting.Select(static one => one.Call));
    }

    private async Task CallAsync(FuzzClient client, long index, FuzzInput input, string authorization, CancellationToken abandoned)
    {
        var outcome = await client.SendAsync(input, authorization, abandoned);
        _statuses.AddOrUpdate((input.Path, outcome.Status ?? -1), 1, static (_, count) => count + 1);
        if (!abandoned.IsCancellationRequested && FuzzOracle.Judge(input, outcome) is { } problem)
            Add(new FuzzFault(index, input, problem));
    }

    private void Add(FuzzFault fault) => _faults.TryAdd((fault.Input.Path, fault.Kind), fault);

    // The body is left open, the call logs in by itself, or the RPC has no session and no end.
    private static bool EndsByClient(FuzzInput input) =>
        input.Ending == FuzzEnding.LeftOpen || input.Headers.Any(static header => header.Name == "authorization") || input.Path == "/grpc.health.v1.Health/Watch";
}
