using System.Collections.Concurrent;
using System.Net;
using Wharf.Processes;

namespace Wharf.Cluster.Tests.Otlp;

/// <summary>A span as it came.</summary>
public sealed record Span(string TraceId, string Id, string? ParentId, string Name, bool IsServer, string Source, string Node);

/// <summary>What a meter said last of one of its instruments, for one combination of tags.</summary>
public sealed record Reading(string Node, string Name, string Tags, string Unit, double Value);

/// <summary>Collects what servers send by OTLP over HTTP.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentDictionary<(string Node, string Name, string Tags), Reading> _readings = new();
    private readonly Task _serving;
    private TaskCompletionSource _arrival = NewSignal();

    public Collector()
    {
        Address = $"http://127.0.0.1:{FreePort.Take()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>How often something came.</summary>
    public int Requests { get; private set; }

    /// <summary>What came and could not be read.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The spans of a trace, once they are what is waited for.</summary>
    public async Task<IReadOnlyList<Span>> WaitForTraceAsync(string traceId, Func<IReadOnlyList<Span>, bool> isWhole, CancellationToken cancellationToken)
    {
        IReadOnlyList<Span> trace = [];
        try
        {
            await WaitAsync(() => isWhole(trace = [.. _spans.Where(span => span.TraceId == traceId)]), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("The trace is not whole:\n" + string.Join("\n", trace));
        }

        return trace;
    }

    /// <summary>Waits until an instrument, over all its tags that contain a text, shows what is waited for.</summary>
    public async Task WaitForReadingAsync(string node, string name, string tags, Func<double, bool> isIt, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(() => Find() is { Count: > 0 } found && isIt(found.Sum(static reading => reading.Value)), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{name} [{tags}] of {node} does not show it; it shows {string.Join(", ", Find())}, and there are:\n" + string.Join("\n", _readings.Values.Where(reading => reading.Node == node)));
        }

        List<Reading> Find() => [.. _readings.Values.Where(reading => reading.Node == node && reading.Name == name && reading.Tags.Contains(tags, StringComparison.Ordinal))];
    }

    public string UnitOf(string name) => _readings.Values.First(reading => reading.Name == name).Unit;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var arrival = Volatile.Read(ref _arrival);
            Assert.Null(Failure);
            if (holds())
                return;
            await arrival.Task.WaitAsync(patience.Token);
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await TakeAsync(call);
                Requests++;
            }
            catch (Exception broken) when (broken is HttpListenerException or IOException)
            {
                // The server that sent it was killed meanwhile.
            }
            catch (Exception defect)
            {
                Failure ??= defect;
            }

            Interlocked.Exchange(ref _arrival, NewSignal()).TrySetResult();
        }
    }

    private async Task TakeAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        body.Position = 0;
        if (call.Request.Url!.AbsolutePath == "/v1/traces")
            Take(TracesRequest.Parser.ParseFrom(body));
        else if (call.Request.Url.AbsolutePath == "/v1/metrics")
            Take(MetricsRequest.Parser.ParseFrom(body));
        call.Response.ContentType = "application/x-protobuf";
        call.Response.Close();
    }

    private void Take(TracesRequest traces)
    {
        foreach (var node in traces.ResourceSpans)
        {
            foreach (var (source, span) in node.ScopeSpans.SelectMany(static scope => scope.Spans.Select(span => (scope.Scope.Name, span))))
            {
                var parent = span.ParentSpanId.IsEmpty ? null : Convert.ToHexStringLower(span.ParentSpanId.Span);
                _spans.Enqueue(new Span(
                    Convert.ToHexStringLower(span.TraceId.Span), Convert.ToHexStringLower(span.SpanId.Span), parent, span.Name, span.Kind == 2, source, NameOf(node.Resource)));
            }
        }
    }

    private void Take(MetricsRequest metrics)
    {
        foreach (var node in metrics.ResourceMetrics)
        {
            var name = NameOf(node.Resource);
            foreach (var metric in node.ScopeMetrics.SelectMany(static scope => scope.Metrics))
            {
                foreach (var point in (metric.Sum ?? metric.Gauge)?.DataPoints ?? [])
                    Set(name, metric, point.Attributes, point.ValueCase == Number.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble);
                foreach (var point in metric.Histogram?.DataPoints ?? [])
                    Set(name, metric, point.Attributes, point.Count);
            }
        }
    }

    private void Set(string node, MetricData metric, IEnumerable<KeyValue> attributes, double value)
    {
        var tags = string.Join(",", attributes.Select(static tag => $"{tag.Key}={tag.Value.StringValue}").Order(StringComparer.Ordinal));
        _readings[(node, metric.Name, tags)] = new Reading(node, metric.Name, tags, metric.Unit, value);
    }

    private static string NameOf(Resource resource) => Find(resource, "wharf.node.role") is "gateway" and var gateway ? gateway : Find(resource, "service.instance.id");

    private static string Find(Resource resource, string key) => resource.Attributes.Single(attribute => attribute.Key == key).Value.StringValue;
}
