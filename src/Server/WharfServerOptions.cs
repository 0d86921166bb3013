using Wharf.Gateway.Authentication;
using Wharf.Plugins;

namespace Wharf.Server;

/// <summary>
/// What a program says of its server. What it does not say comes from its configuration, by the settings of a Wharf server: <c>Wharf:Port</c>, <c>Wharf:Auth:Psk</c> and so on in
/// <c>appsettings.json</c>, or <c>Wharf__Port</c> in the environment.
/// </summary>
public sealed class WharfServerOptions
{
    /// <summary>The port; 0 lets the system choose. By default <c>Wharf:Port</c>, else 10000.</summary>
    public int? Port { get; set; }

    /// <summary>The address to listen on: an IP address, or <c>*</c> for all. By default <c>Wharf:Address</c>, else all.</summary>
    public string? Address { get; set; }

    /// <summary>The key that all clients log in with. By default <c>Wharf:Auth:Psk</c>; if there is no login at all, a random one, see <see cref="WharfServer.GeneratedKey"/>.</summary>
    public string? PreSharedKey { get; set; }

    /// <summary>Whether anybody may log in without a name. By default <c>Wharf:Auth:Anonymous</c>, else not.</summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>Decides which caller may do which action on which target. By default every caller that is logged in may do everything.</summary>
    public IAuthorizer? Authorizer { get; set; }

    /// <summary>The folder with one folder per plugin; empty for none but those of the program itself. By default <c>Wharf:Plugins:Folder</c>, else <c>plugins</c> beside the executable, if it is there.</summary>
    public string? PluginsFolder { get; set; }

    /// <summary>Object types of the program.</summary>
    public IList<ObjectType> Types { get; } = [];

    /// <summary>Plugins of the program: what the plugin's assembly registers when the server loads it from a folder.</summary>
    public IList<IPluginRegistration> Plugins { get; } = [];

    /// <summary>Objects that are there, by name, before the first client can ask; later ones go into <see cref="WharfServer.Scope"/>.</summary>
    public IDictionary<string, object> Scope { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Further settings by their paths, such as <c>Wharf:Sessions:Duration</c>; what is said here comes before the configuration.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the server tells what it offers once it has started, a key that it made up included; null for nowhere.</summary>
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
