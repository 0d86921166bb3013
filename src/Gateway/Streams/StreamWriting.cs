using Grpc.Core;

namespace Wharf.Gateway.Streams;

/// <summary>Writes to a call that may be stopped.</summary>
internal static class StreamWriting
{
    /// <summary>Writes a message unless the call is stopped. When it is stopped, the method does not wait for a pending write.</summary>
    /// <remarks>The writer does not receive the token: its cancellation would reset the call, and the client would not receive the status.</remarks>
    /// <exception cref="OperationCanceledException">The call is stopped.</exception>
    public static Task WriteUnlessStoppedAsync<T>(this IAsyncStreamWriter<T> writer, T message, CancellationToken stopped)
    {
        if (stopped.IsCancellationRequested)
            return Task.FromCanceled(stopped);
        var writing = writer.WriteAsync(message, CancellationToken.None);
        return writing.IsCompleted ? writing : writing.WaitAsync(stopped);
    }
}
