using System.Diagnostics;

namespace Wharf.Cluster.Tests;

/// <summary>A client that is traced, and has decided that its calls are: they carry its trace, as W3C has it.</summary>
internal sealed class TracedCalls() : DelegatingHandler(new SocketsHttpHandler { ActivityHeadersPropagator = null })
{
    /// <summary>The trace.</summary>
    public string TraceId { get; } = ActivityTraceId.CreateRandom().ToHexString();

    /// <summary>The client's own span.</summary>
    public string SpanId { get; } = ActivitySpanId.CreateRandom().ToHexString();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("traceparent", $"00-{TraceId}-{SpanId}-01");
        return base.SendAsync(request, cancellationToken);
    }
}
