using Google.Protobuf.Reflection;

namespace Wharf.Security.Fuzzing;

/// <summary>The RPC of each input: those that are served take turns, and the others come in between.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Served">The RPCs that are served.</param>
/// <param name="Unserved">The RPCs that answer UNIMPLEMENTED.</param>
internal sealed record FuzzPlan(int Seed, IReadOnlyList<MethodDescriptor> Served, IReadOnlyList<MethodDescriptor> Unserved)
{
    /// <summary>How many inputs one session sends.</summary>
    public const int ChunkSize = 200;

    private const int Unimplemented = 12;

    /// <summary>Asks the server which RPCs it serves.</summary>
    public static async Task<FuzzPlan> CreateAsync(int seed, FuzzClient client, FuzzSession session, CancellationToken cancellationToken)
    {
        var served = new List<MethodDescriptor>();
        var unserved = new List<MethodDescriptor>();
        foreach (var method in ServedCalls.All)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var empty = new FuzzInput(ServedCalls.PathOf(method), FuzzWire.Http2, FuzzEnding.Complete, [], false, [new byte[5]]);
            var call = client.SendAsync(empty, session.Token, deadline.Token);
            // A call that waits is served.
            bool isUnserved = await Task.WhenAny(call, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken)) == call && (await call).Status == Unimplemented;
            (isUnserved ? unserved : served).Add(method);
            await deadline.CancelAsync();
            if (method.Name == "CloseSession")
                await session.RenewAsync(cancellationToken);
        }

        return new FuzzPlan(seed, served, unserved);
    }

    public MethodDescriptor Choose(long index) => index % 10 == 9 && Unserved.Count > 0
        ? Unserved[(int)(index / 10 % Unserved.Count)]
        : Served[(int)((index - (index / 10)) % Served.Count)];
}
