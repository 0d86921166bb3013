using Wharf.Gateway.Authentication;
using Wharf.Plugins;

namespace Wharf.Server;

/// <summary>
/// Options of a server in a program. They override the configuration, which has the settings of a Wharf server: <c>Wharf:Port</c>, <c>Wharf:Auth:Psk</c> and so on in
/// <c>appsettings.json</c>, or <c>Wharf__Port</c> in the environment.
/// </summary>
public sealed class WharfServerOptions
{
    /// <summary>The port; 0 for a free port. The default is <c>Wharf:Port</c>, or 10000.</summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on: an IP address, or <c>*</c> for all. The default is <c>Wharf:Address</c>, or all.</summary>
    public string? Address { get; set; }

    /// <summary>The pre-shared key of clients. The default is <c>Wharf:Auth:Psk</c>; if no login is configured, a random key, see <see cref="WharfServer.GeneratedKey"/>.</summary>
    public string? PreSharedKey { get; set; }

    /// <summary>Whether anonymous logins are allowed. The default is <c>Wharf:Auth:Anonymous</c>, or false.</summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>Decides which caller may do which action on which target. By default every authenticated caller may do everything.</summary>
    public IAuthorizer? Authorizer { get; set; }

    /// <summary>The folder with one folder per plugin; empty to load only the plugins of the program. The default is <c>Wharf:Plugins:Folder</c>, or <c>plugins</c> beside the executable, if it exists.</summary>
    public string? PluginsFolder { get; set; }

    /// <summary>The object types of the program.</summary>
    public IList<ObjectType> Types { get; } = [];

    /// <summary>The plugins of the program, by their registrations.</summary>
    public IList<IPluginRegistration> Plugins { get; } = [];

    /// <summary>The initial objects by name, published before the first client connects. Further objects are published by <see cref="WharfServer.Scope"/>.</summary>
    public IDictionary<string, object> Scope { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Further settings by path, such as <c>Wharf:Sessions:Duration</c>. They override the configuration.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The writer of the start report, which includes a generated key; null for no report.</summary>
    public TextWriter? Report { get; set; } = Console.Out;

    /// <summary>The options as settings.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> AsSettings()
    {
        if (Port is { } port)
            yield return new("Wharf:Port", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Address is not null)
            yield return new("Wharf:Address", Address);
        if (PreSharedKey is not null)
            yield return new("Wharf:Auth:Psk", PreSharedKey);
        if (AllowAnonymous is { } anonymous)
            yield return new("Wharf:Auth:Anonymous", anonymous ? "true" : "false");
        if (PluginsFolder is { Length: > 0 })
            yield return new("Wharf:Plugins:Folder", PluginsFolder);
        foreach (var setting in Settings)
            yield return setting;
    }
}
