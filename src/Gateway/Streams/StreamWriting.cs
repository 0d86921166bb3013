using Grpc.Core;

namespace Wharf.Gateway.Streams;

/// <summary>Writing to a call that may be told to stop.</summary>
internal static class StreamWriting
{
    /// <summary>Writes a message unless the call is to stop already; a write that the client is slow to take is not waited for beyond that.</summary>
    /// <remarks>The writer never gets the token: one that fires resets the whole call, and the caller would never see the status that says why.</remarks>
    /// <exception cref="OperationCanceledException">The call is to stop.</exception>
    public static Task WriteUnlessStoppedAsync<T>(this IAsyncStreamWriter<T> writer, T message, CancellationToken stopped)
    {
        if (stopped.IsCancellationRequested)
            return Task.FromCanceled(stopped);
        var writing = writer.WriteAsync(message, CancellationToken.None);
        return writing.IsCompleted ? writing : writing.WaitAsync(stopped);
    }
}
