using Grpc.Core;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Writes the output of an object to the client.</summary>
internal sealed class ResponseWriter(
    StreamConnection connection, StreamOutlet outlet, IAsyncStreamWriter<Wire.StreamResponse> responses, GatewayInstruments instruments, TimeProvider time, CancellationToken stopped)
{
    // If a write stalls for this time, check whether the stream has already ended on the object's side.
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Writes the new parts of an output.</summary>
    /// <exception cref="FaultException">The object ended the stream because the client does not read.</exception>
    public async Task WriteAsync(StreamOutput output)
    {
        var parts = connection.Accept(output);
        if (parts.IsEmpty)
            return;
        instruments.Sent(parts.Span);
        var writing = outlet.WriteAsync(responses, connection.Received - parts.Length, parts, stopped);
        if (!writing.IsCompleted)
            await WatchStallAsync(writing);
        await writing;
    }

    // While a client does not read, no output is pulled; this detects that the stream has ended nevertheless.
    private async Task WatchStallAsync(Task writing)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        if (await Task.WhenAny(writing, Task.Delay(StallTimeout, time, done.Token)) != writing)
        {
            while (!writing.IsCompleted && connection.End is null)
            {
                var ending = connection.AwaitEndAsync(done.Token);
                if (await Task.WhenAny(writing, ending) == writing)
                {
                    ending.Observe();
                    break;
                }

                if ((await ending).End is not { } end)
                    continue;
                if (end is { Reason: StreamEndReason.SlowConsumer, Fault: { } fault })
                    throw new FaultException(fault);
                break;
            }
        }

        await done.CancelAsync();
    }
}
