using Grpc.Core;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Reads the client's messages of a stream into its inbox.</summary>
internal sealed class RequestReader(
    IAsyncStreamReader<Wire.StreamRequest> requests, StreamInbox inbox, PumpSignal signal, int maxTicketLength, CancellationTokenSource stop)
{
    private readonly StreamRequests _validation = new(maxTicketLength);

    /// <summary>The failure that ended the stream, or null. A malformed message is a failure, too.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the client sent a malformed message; any other failure is a broken connection.</summary>
    public bool HasInvalidRequest => Failure is FaultException or TicketFormatException or RpcException || (Failure is not null && FaultTranslation.IsMalformed(Failure));

    /// <summary>Reads until the client completes the stream, or the stream stops. A failure stops the stream.</summary>
    public async Task RunAsync()
    {
        try
        {
            var reading = requests.MoveNext(stop.Token);
            while (await reading)
            {
                await inbox.WriteAsync(_validation.Check(requests.Current), stop.Token);
                // Start the next read before signalling the pump, so that messages that have already arrived join this batch.
                reading = requests.MoveNext(stop.Token);
                if (!reading.IsCompleted)
                    signal.Set();
            }

            inbox.Complete();
        }
        catch (Exception exception)
        {
            // A malformed message ends the call immediately; messages that wait before it are dropped.
            Failure = exception;
            await stop.CancelAsync();
        }
    }
}
