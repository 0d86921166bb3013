using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Wharf.Packaging.Tests.Images;

/// <summary>A compose file: its services, their environment and ports, with the variables of the shell put in.</summary>
internal sealed partial class ComposeFile(string path, IReadOnlyDictionary<string, string> shell)
{
    private readonly Dictionary<object, object> _services = (Dictionary<object, object>)new DeserializerBuilder().Build()
        .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(File.OpenText(path))))["services"];

    public IEnumerable<string> Services => _services.Keys.Cast<string>();

    /// <summary>What the service is told, whether it stands there as a list or as pairs.</summary>
    public Dictionary<string, string> Environment(string service) => Of(service)["environment"] switch
    {
        List<object> list => list.Cast<string>().Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], pair => Fill(pair[1])),
        Dictionary<object, object> pairs => pairs.ToDictionary(static pair => (string)pair.Key, pair => Fill((string)pair.Value)),
        _ => throw new FormatException("an environment is a list or a map"),
    };

    /// <summary>The service's ports, on the machine and in the container.</summary>
    public IEnumerable<(int Machine, int Container)> Ports(string service) => ((List<object>)Of(service)["ports"]).Cast<string>().Select(Fill)
        .Select(static text => text.Split(':').Select(static port => int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)).ToArray())
        .Select(static pair => (pair[0], pair[1]));

    /// <summary>Where the machine's folders are in the container.</summary>
    public IEnumerable<string> Volumes(string service) => ((List<object>)Of(service)["volumes"]).Cast<string>();

    /// <summary>How long it has to stop.</summary>
    public TimeSpan StopGracePeriod(string service) =>
        TimeSpan.FromSeconds(int.Parse(((string)Of(service)["stop_grace_period"]).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture));

    private Dictionary<object, object> Of(string service) => (Dictionary<object, object>)_services[service];

    // ${NAME}, ${NAME:-default} and ${NAME:?why it is needed}.
    private string Fill(string text) => Variable().Replace(text, match =>
        shell.TryGetValue(match.Groups[1].Value, out var value) ? value
        : match.Groups[2].Value == "-" ? match.Groups[3].Value
        : throw new KeyNotFoundException(match.Groups[3].Value));

    [GeneratedRegex(@"\$\{(\w+)(?::([-?])([^}]*))?\}")]
    private static partial Regex Variable();
}
