using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Wharf.Security.Fuzzing;

/// <summary>The requests of one port that have begun and not ended. Other servers of the process are not counted.</summary>
internal sealed class ActiveCalls : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly ConcurrentDictionary<HttpContext, (string Text, long Start)> _calls = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];
    private readonly int _port;

    /// <summary>Begins to count.</summary>
    /// <param name="port">The port. It is a value, because an exception of an observer ends a request of another server without a response.</param>
    public ActiveCalls(int port)
    {
        _port = port;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>The number of calls.</summary>
    public int Count => _calls.Count;

    /// <summary>Each call, with its age.</summary>
    public IReadOnlyList<string> Descriptions =>
        [.. _calls.Values.Select(static call => string.Create(CultureInfo.InvariantCulture, $"{call.Text}, active for {Stopwatch.GetElapsedTime(call.Start).TotalSeconds:F1} s"))];

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
            _subscriptions.Add(value.Subscribe(this, static name => name.StartsWith(Request, StringComparison.Ordinal)));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not HttpContext http)
            return;
        if (value.Key == Request + ".Stop")
            _calls.TryRemove(http, out _);
        else if (value.Key == Request + ".Start" && http.Connection.LocalPort == _port)
            _calls[http] = (Describe(http), Stopwatch.GetTimestamp());
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    private static string Describe(HttpContext http) =>
        $"{http.Request.Protocol} {http.Request.Path}, {string.Join(", ", http.Request.Headers.Select(static header => $"{header.Key}: {(header.Value.ToString() is { Length: > 60 } value ? value[..60] : header.Value)}"))}";
}
