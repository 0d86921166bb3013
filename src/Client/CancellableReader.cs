using Grpc.Core;

namespace Wharf.Client;

/// <summary>
/// Reads a stream so that giving up looks as it does everywhere in .NET. The transport can do this too, but then it also hides a cancellation that the
/// server decided on, and the server's reason with it.
/// </summary>
internal sealed class CancellableReader<T>(IAsyncStreamReader<T> reader, CancellationToken call) : IAsyncStreamReader<T>
{
    public T Current => reader.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException cancelled) when (cancelled.IsBy(cancellationToken) || cancelled.IsBy(call))
        {
            throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken.IsCancellationRequested ? cancellationToken : call);
        }
    }
}

/// <summary>Tells a cancellation of ours from one of the server.</summary>
internal static class Cancellations
{
    public static bool IsBy(this RpcException error, CancellationToken token) => error.StatusCode == StatusCode.Cancelled && token.IsCancellationRequested;
}
