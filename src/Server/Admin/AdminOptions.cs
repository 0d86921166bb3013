using System.Net;
using Microsoft.Extensions.Options;

namespace Wharf.Server.Admin;

/// <summary>Options of the admin port. Section <c>Wharf:Admin</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Admin";

    /// <summary>The port; 0 for a free port. If it is not set, no admin port is opened.</summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on: an IP address, or <c>*</c> for all. The port has no authentication.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>
    /// Allowed host names of requests, or <c>*</c> for any. IP addresses, <c>localhost</c> and the name of the machine need no entry. A request with another name is rejected.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];
}

/// <summary>Validates the options and names each invalid setting.</summary>
internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        List<string> wrong = [];
        if (options.Port is < 0 or > IPEndPoint.MaxPort)
            wrong.Add($"{AdminOptions.Section}:Port must be a port from 0 to 65535 (found: {options.Port})");
        if (options.Address != "*" && !IPAddress.TryParse(options.Address, out _))
            wrong.Add($"{AdminOptions.Section}:Address must be an IP address or * (found: {options.Address})");
        for (var index = 0; index < options.AllowedHosts.Count; index++)
        {
            if (options.AllowedHosts[index] != "*" && Uri.CheckHostName(options.AllowedHosts[index]) == UriHostNameType.Unknown)
                wrong.Add($"{AdminOptions.Section}:AllowedHosts:{index} must be a host name such as wharf.example.com, or * (found: {options.AllowedHosts[index]})");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
