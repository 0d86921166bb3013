using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>Sends every call to where the test wants it, whatever address the client has.</summary>
internal sealed class Redirected(Uri target) : DelegatingHandler(Direct.NewHandler())
{
    /// <summary>Where calls go.</summary>
    public Uri Target { get; set; } = target;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(Target, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
