using Grpc.Core;

namespace Wharf.Client;

/// <summary>
/// Reports a cancellation by the caller as <see cref="OperationCanceledException"/>. The option of the transport would also convert a
/// cancellation by the server, and lose the status text of the server.
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
        catch (RpcException cancelled) when (cancelled.IsCausedBy(cancellationToken) || cancelled.IsCausedBy(call))
        {
            throw new OperationCanceledException(
                cancelled.Status.Detail, cancelled, cancellationToken.IsCancellationRequested ? cancellationToken : call);
        }
    }
}

/// <summary>Distinguishes a cancellation by this client from one by the server.</summary>
internal static class Cancellations
{
    public static bool IsCausedBy(this RpcException error, CancellationToken token) =>
        error.StatusCode == StatusCode.Cancelled && token.IsCancellationRequested;
}
