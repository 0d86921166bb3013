using Wharf.Plugins;
using Wharf.Rpc;

namespace Guide;

/// <summary>What the guide's service offers: both ends are made of this.</summary>
[Rpc("ExampleService", Aliases = ["example_plugin_server.ExampleService"])]
public partial interface IExampleService
{
    /// <summary>Greets, and repeats what was said.</summary>
    Task<string> HelloStringAsync(string data, CancellationToken cancellationToken = default);

    /// <summary>Adds what was said on both sides to a table.</summary>
    Task<ITable> HelloTableAsync(ITable table, string data, CancellationToken cancellationToken = default);
}
