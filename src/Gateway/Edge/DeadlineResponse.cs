using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wharf.Gateway.Edge;

/// <summary>
/// The response of a call with a deadline. gRPC completes it when the deadline passes, and at that moment the handler or gRPC itself may be writing an answer, which Kestrel then refuses. The client has
/// its status, so such a write ends like any other of a call that is over.
/// </summary>
/// <param name="inner">The response.</param>
/// <param name="http">The call.</param>
internal sealed class DeadlineResponse(IHttpResponseBodyFeature inner, HttpContext http) : PipeWriter, IHttpResponseBodyFeature
{
    private volatile bool _isCompleted;

    public Stream Stream => inner.Stream;

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => inner.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.Writer.UnflushedBytes;

    /// <summary>The write that the end of the call interrupted, if there was one.</summary>
    public BrokenCallException? Interrupted { get; private set; }

    private bool HasEnded => _isCompleted || http.RequestAborted.IsCancellationRequested;

    /// <summary>Replaces the response of a call that has a deadline.</summary>
    /// <returns>The response; null if the call has no deadline.</returns>
    public static DeadlineResponse? Open(HttpContext http)
    {
        if (http.Request.Headers.GrpcTimeout.Count == 0 || http.Features.Get<IHttpResponseBodyFeature>() is not { } inner)
            return null;
        var response = new DeadlineResponse(inner, http);
        http.Features.Set<IHttpResponseBodyFeature>(response);
        http.Features.Set(response);
        return response;
    }

    /// <summary>Returns whether the deadline of a call has passed, so that its client has the status.</summary>
    public static bool IsOver(HttpContext http) => http.Features.Get<DeadlineResponse>() is { _isCompleted: true };

    public void DisableBuffering() => inner.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return inner.StartAsync(cancellationToken);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    /// <summary>Completes the response: only the end of its deadline does so before the handler has returned.</summary>
    Task IHttpResponseBodyFeature.CompleteAsync()
    {
        _isCompleted = true;
        return inner.CompleteAsync();
    }

    public override void Advance(int bytes)
    {
        try
        {
            inner.Writer.Advance(bytes);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        try
        {
            return inner.Writer.GetMemory(sizeHint);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        try
        {
            return inner.Writer.GetSpan(sizeHint);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return inner.Writer.FlushAsync(cancellationToken);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        try
        {
            return inner.Writer.WriteAsync(source, cancellationToken);
        }
        catch (InvalidOperationException late) when (HasEnded)
        {
            throw Interrupt(late);
        }
    }

    public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Writer.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.Writer.CompleteAsync(exception);

    private BrokenCallException Interrupt(InvalidOperationException late) => Interrupted = new BrokenCallException(late);
}
