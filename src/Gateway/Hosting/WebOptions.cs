namespace Wharf.Gateway.Hosting;

/// <summary>Browsers as clients. Section <c>Wharf:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>
    /// The origins whose pages may call the server, such as <c>https://tables.example.com</c>, or <c>*</c> for all. Pages that come from the address of the server itself may
    /// always, if that is an IP address, <c>localhost</c> or the name of its machine.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];
}
