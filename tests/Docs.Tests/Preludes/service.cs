using Wharf.Plugins;
using Wharf.Rpc;

// snippet

[Rpc("ExampleService")]
public partial interface IExampleService
{
    Task<string> HelloStringAsync(string data, CancellationToken cancellationToken = default);
    Task<ITable> HelloTableAsync(ITable table, string data, CancellationToken cancellationToken = default);
}
