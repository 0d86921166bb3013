namespace Wharf.Gateway.Hosting;

/// <summary>The options for browsers. Section <c>Wharf:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>
    /// The origins whose pages may call the server, such as <c>https://tables.example.com</c>, or <c>*</c> for all. Pages from the server's own address are always allowed if its host
    /// is an IP address, <c>localhost</c> or the name of its machine.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
