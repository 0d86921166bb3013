using System.Net;
using Microsoft.Extensions.Options;

namespace Wharf.Server.Admin;

/// <summary>The port for operators. Section <c>Wharf:Admin</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Admin";

    /// <summary>The port; 0 lets the system choose. Without one there is none.</summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on: an IP address, or <c>*</c> for all. The port has no authentication.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>
    /// Names under which the port is called, or <c>*</c> for any. IP addresses, <c>localhost</c> and the name of the machine need no entry; a request with another name is refused.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];
}

/// <summary>Names the setting that is wrong.</summary>
internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        List<string> wrong = [];
        if (options.Port is < 0 or > IPEndPoint.MaxPort)
            wrong.Add($"{AdminOptions.Section}:Port is not a port (0 to 65535), but {options.Port}");
        if (options.Address != "*" && !IPAddress.TryParse(options.Address, out _))
            wrong.Add($"{AdminOptions.Section}:Address is neither an IP address nor * (found: {options.Address})");
        for (var index = 0; index < options.AllowedHosts.Count; index++)
        {
            if (options.AllowedHosts[index] != "*" && Uri.CheckHostName(options.AllowedHosts[index]) == UriHostNameType.Unknown)
                wrong.Add($"{AdminOptions.Section}:AllowedHosts:{index} is neither a host name nor *, such as wharf.example.com (found: {options.AllowedHosts[index]})");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
