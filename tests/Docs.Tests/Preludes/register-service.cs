using Wharf.Plugins;
using Wharf.Rpc;

IPluginRegistry registry = null!;
// snippet

[Rpc("ExampleService")]
public partial interface IExampleService
{
    Task<string> HelloStringAsync(string data, CancellationToken cancellationToken = default);
}

public sealed class ExampleService : IExampleService
{
    public Task<string> HelloStringAsync(string data, CancellationToken cancellationToken) => Task.FromResult(data);
}
