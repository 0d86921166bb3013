namespace Wharf.Processes;

/// <summary>Sends every call to another node than the one before.</summary>
/// <param name="addresses">The nodes.</param>
public sealed class Alternating(params Uri[] addresses) : DelegatingHandler(Direct.NewHandler())
{
    private int _calls;

    /// <summary>How many calls each node got.</summary>
    public int[] Calls { get; } = new int[addresses.Length];

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var node = (int)((uint)Interlocked.Increment(ref _calls) % (uint)addresses.Length);
        Interlocked.Increment(ref Calls[node]);
        request.RequestUri = new Uri(addresses[node], request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
