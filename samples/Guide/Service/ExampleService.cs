using Guide;
using Wharf.Plugins;

[assembly: Plugin(typeof(ExampleServiceRegistration), PluginApi.Version)]

namespace Guide;

/// <summary>The guide's service: two methods.</summary>
public sealed class ExampleService : IExampleService
{
    /// <inheritdoc/>
    public Task<string> HelloStringAsync(string data, CancellationToken cancellationToken) => Task.FromResult($"Hello client.  You said: {data}");

    /// <inheritdoc/>
    public async Task<ITable> HelloTableAsync(ITable table, string data, CancellationToken cancellationToken) =>
        await table.UpdateAsync(["Client = data", "Server = `Hello client!`"], new { data }, cancellationToken);
}

/// <summary>Brings the type, and lets a configuration name an object of it.</summary>
public sealed class ExampleServiceRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new RpcObjectType<IExampleService>(_ => new ExampleService()));
}
