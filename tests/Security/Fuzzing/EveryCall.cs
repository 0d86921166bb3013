using System.Globalization;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;

namespace Wharf.Security.Fuzzing;

/// <summary>
/// Mutated requests of every RPC get a status, cost nobody else anything, and leave nothing behind. <c>WHARF_FUZZ_INPUTS</c> is the number of inputs, <c>WHARF_FUZZ_SEED</c> and
/// <c>WHARF_FUZZ_FIRST</c> choose them, and <c>WHARF_FUZZ_REPLAY</c> has the text of one that a failure printed.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class EveryCall
{
    private const int UsualInputs = 20_000, UsualSeed = 16, WarmUp = 4_000;
    private const double MostGrowth = 1.1;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_request_ends_with_a_status_of_the_caller_and_leaves_nothing_behind()
    {
        int seed = Setting("WHARF_FUZZ_SEED", UsualSeed), first = Setting("WHARF_FUZZ_FIRST", 0), count = Setting("WHARF_FUZZ_INPUTS", UsualInputs);
        // A crash ends this process: its last line has the seed.
        await Console.Error.WriteLineAsync($"Fuzzing inputs {first} to {first + count - 1} of seed {seed}.");
        await using var server = await FuzzServer.StartAsync(Cancelled);
        var run = new FuzzRun(server, await PlanAsync(server, seed));
        if (Environment.GetEnvironmentVariable("WHARF_FUZZ_REPLAY") is { Length: > 0 } replay)
        {
            Assert.Null(await run.TryAsync(FuzzInput.Parse(replay), Cancelled));
            return;
        }

        await run.RunAsync(first + count, WarmUp, Cancelled);
        Assert.Empty(await run.WaitForEndOfCallsAsync(Cancelled));
        long before = Memory();
        using var stop = new CancellationTokenSource();
        var healthy = new HealthyClient();
        var health = healthy.RunAsync(server.Address, stop.Token);
        await run.RunAsync(first, count, Cancelled);
        await stop.CancelAsync();
        await health;
        var left = await run.WaitForEndOfCallsAsync(Cancelled);

        Report(run, healthy);
        foreach (string call in left)
            TestContext.Current.TestOutputHelper?.WriteLine($"left: {call}");
        foreach (string error in server.Errors.Kinds)
            TestContext.Current.TestOutputHelper?.WriteLine(error);
        foreach (var fault in run.Faults)
            TestContext.Current.TestOutputHelper?.WriteLine(await ExplainAsync(run, seed, fault));
        Assert.Empty(run.Faults.Select(static fault => $"{fault.Input.Path} {fault.Problem}"));
        Assert.Empty(server.Errors.Kinds);
        Assert.Empty(left);
        Assert.InRange(await SettledMemoryAsync(before), 0, (long)(before * MostGrowth));
    }

    [Fact]
    public async Task Every_service_that_the_server_reports_is_fuzzed()
    {
        await using var server = await FuzzServer.StartAsync(Cancelled);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: Cancelled);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancelled);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));

        var fuzzed = ServedCalls.All.Select(static method => method.Service.FullName).ToHashSet();
        Assert.Superset(call.ResponseStream.Current.ListServicesResponse.Service.Select(static service => service.Name).ToHashSet(), fuzzed);
    }

    [Fact]
    public async Task A_call_that_stays_open_is_left_on_its_own_server_only()
    {
        await using var server = await FuzzServer.StartAsync(Cancelled);
        await using var other = await FuzzServer.StartAsync(Cancelled);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using (var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Cancelled))
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cancelled));
            Assert.Contains("/grpc.health.v1.Health/Watch", Assert.Single(server.Active.Descriptions), StringComparison.Ordinal);
            Assert.Empty(other.Active.Descriptions);
        }

        Assert.Empty(await new FuzzRun(server, new FuzzPlan(UsualSeed, [], [])).WaitForEndOfCallsAsync(Cancelled));
    }

    [Fact]
    public void An_input_follows_from_its_seed_and_its_index()
    {
        var plan = new FuzzPlan(UsualSeed, ServedCalls.All, []);
        int same = 0;
        for (int index = 0; index < 500; index++)
        {
            string text = FuzzInput.Make(plan, index).ToText();
            Assert.Equal(text, FuzzInput.Make(plan, index).ToText());
            Assert.Equal(text, FuzzInput.Parse(text).ToText());
            same += text == FuzzInput.Make(plan with { Seed = UsualSeed + 1 }, index).ToText() ? 1 : 0;
        }

        // Requests without a field are often the same.
        Assert.InRange(same, 0, 100);
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : usual;

    private static async Task<FuzzPlan> PlanAsync(FuzzServer server, int seed)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var client = new FuzzClient(server.Address);
        var session = await FuzzSession.OpenAsync(channel, Cancelled);
        var plan = await FuzzPlan.CreateAsync(seed, client, session, Cancelled);
        await session.CloseAsync(Cancelled);
        return plan;
    }

    private static async Task<string> ExplainAsync(FuzzRun run, int seed, FuzzFault fault)
    {
        var smallest = await FuzzMinimizer.MinimizeAsync(fault.Input, async input => FuzzFault.KindOf(await run.TryAsync(input, Cancelled)) == fault.Kind);
        string again = smallest is null
            ? $"not alone; WHARF_FUZZ_SEED={seed} WHARF_FUZZ_FIRST={fault.Index / FuzzPlan.ChunkSize * FuzzPlan.ChunkSize} WHARF_FUZZ_INPUTS={FuzzPlan.ChunkSize}"
            : $"WHARF_FUZZ_REPLAY='{smallest.ToText().Replace("'", "'\\''", StringComparison.Ordinal)}'";
        return $"Input {fault.Index} of seed {seed}, {fault.Input.Path}: {fault.Problem}\n  again: {again}";
    }

    private static void Report(FuzzRun run, HealthyClient healthy)
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(
            $"healthy client: {healthy.Times.Count} rounds, p50 {healthy.Percentile(0.5).TotalMilliseconds:F1} ms, p99 {healthy.Percentile(0.99).TotalMilliseconds:F1} ms, max {healthy.Percentile(1).TotalMilliseconds:F0} ms; "
            + $"{run.Waited} calls ended with their session");
        foreach (var method in run.Statuses.GroupBy(static entry => entry.Key.Path).OrderBy(static group => group.Key, StringComparer.Ordinal))
            output?.WriteLine($"{method.Key}: {string.Join(", ", method.OrderBy(static entry => entry.Key.Status).Select(static entry => $"{(entry.Key.Status < 0 ? "none" : (StatusCode)entry.Key.Status)} {entry.Value}"))}");
    }

    // Sessions and their grains end a little later than the calls, and their addresses expire within two minutes.
    private static async Task<long> SettledMemoryAsync(long before)
    {
        long memory = Memory();
        for (int n = 0; n < 150 && memory > before * MostGrowth; n++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);
            memory = Memory();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"memory: {before >> 10} KiB before, {memory >> 10} KiB after");
        return memory;
    }

    private static long Memory()
    {
        for (int n = 0; n < 2; n++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
